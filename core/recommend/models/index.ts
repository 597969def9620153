import type { ModelType } from '../model.ts';
import { als } from './als.ts';
import { content } from './content.ts';
import { ease } from './ease.ts';
import { hybrid } from './hybrid.ts';
import { itemKnn } from './item-knn.ts';
import { lstm } from './lstm.ts';
import { markov } from './markov.ts';
import { popular } from './popular.ts';
import { transformer } from './transformer.ts';
import { trending } from './trending.ts';
import { userKnn } from './user-knn.ts';

/** Every kind of model that can be trained, evaluated and served by its name. */
export const modelTypes: readonly ModelType[] = [
  popular,
  trending,
  markov,
  itemKnn,
  userKnn,
  ease,
  als,
  content,
  lstm,
  transformer,
  hybrid,
];

export function findModelType(name: string): ModelType | undefined {
  return modelTypes.find((type) => type.name === name);
}
