import type { ModelType } from '../model.ts';
import { popular } from './popular.ts';

/** Every kind of model that can be trained, evaluated and served by its name. */
export const modelTypes: readonly ModelType[] = [popular];

export function findModelType(name: string): ModelType | undefined {
  return modelTypes.find((type) => type.name === name);
}
