import { createRandom } from '../../numerics/random.ts';
import { hasTimes } from '../dataset.ts';
import type { Dataset } from '../model.ts';
import type { ContentModel } from '../models/content.ts';
import { hasOrder } from '../order.ts';

/** What of a dataset means anything. */
export interface Sense {
  times: boolean;
  order: boolean;
  texts: boolean;
  /** Whether its training questions ask for courses that were new then; else nothing is to be learned of them. */
  news: boolean;
}

/** Learners looked at; more changes the answer no longer. */
const SAMPLE = 20_000;
/** Too few steps to tell: taken to mean something. */
const FEWEST_STEPS = 200;
/** Standard errors by which neighbours in a history must be more alike than by chance. */
const ALIKE = 3;

export function senseOf(dataset: Dataset, content: ContentModel, seed: number): Omit<Sense, 'news'> {
  return { times: hasTimes(dataset), order: hasOrder(dataset, seed), texts: hasTexts(dataset, content, seed) };
}

/** Likeness of courses taken one after the other, against pairs from anywhere in the same learners' data. */
function hasTexts(dataset: Dataset, content: ContentModel, seed: number): boolean {
  const random = createRandom(seed);
  const { items } = dataset;
  let n = 0;
  let sum = 0;
  let squares = 0;
  let real = 0;
  for (let learner = 0; learner < Math.min(SAMPLE, dataset.learners.length) && n < 5000; learner++) {
    for (let at = dataset.starts[learner]! + 1; at < dataset.starts[learner + 1]!; at++) {
      real += content.similarity(items[at - 1]!, items[at]!);
      const other = items[random.int(items.length)]!;
      const chance = other === items[at] ? 0 : content.similarity(items[at]!, other);
      sum += chance;
      squares += chance * chance;
      n++;
    }
  }
  if (n < FEWEST_STEPS) return dataset.courses.some((_, course) => content.similarity(course, course) > 0);
  if (real === 0) return false;
  const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
  return (real - sum) / n > ALIKE * error;
}
