import { createRandom } from '../../numerics/random.ts';
import { hasTimes } from '../dataset.ts';
import type { Dataset } from '../model.ts';
import type { ContentModel } from '../models/content.ts';

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
/** Below this, real sequences repeat their steps hardly more often than shuffled ones. */
const ORDERED = 1.15;
/** Too few steps to tell: taken to mean something. */
const FEWEST_STEPS = 200;
/** Standard errors by which neighbours in a history must be more alike than by chance. */
const ALIKE = 3;

export function senseOf(dataset: Dataset, content: ContentModel, seed: number): Omit<Sense, 'news'> {
  return { times: hasTimes(dataset), order: hasOrder(dataset, seed), texts: hasTexts(dataset, content, seed) };
}

/** Concentration of steps a → b, Σ n_ab² / Σ n_ab, real against shuffled within each learner. */
export function hasOrder(dataset: Dataset, seed: number): boolean {
  const random = createRandom(seed);
  const real = new Map<number, number>();
  const shuffled = new Map<number, number>();
  const courses = dataset.courses.length;
  let steps = 0;
  for (let learner = 0; learner < Math.min(SAMPLE, dataset.learners.length); learner++) {
    const row = dataset.items.subarray(dataset.starts[learner], dataset.starts[learner + 1]);
    steps += Math.max(0, row.length - 1);
    countSteps(real, row, courses);
    countSteps(shuffled, random.shuffle(row.slice()), courses);
  }
  return steps < FEWEST_STEPS || concentration(real) / concentration(shuffled) >= ORDERED;
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
  if (real === 0) return false;
  if (n < FEWEST_STEPS) return true;
  const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
  return (real - sum) / n > ALIKE * error;
}

function countSteps(counts: Map<number, number>, row: Int32Array, courses: number): void {
  for (let at = 1; at < row.length; at++) {
    const step = row[at - 1]! * courses + row[at]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
}

function concentration(counts: Map<number, number>): number {
  let sum = 0;
  let squares = 0;
  for (const count of counts.values()) {
    sum += count;
    squares += count * count;
  }
  return squares / sum;
}
