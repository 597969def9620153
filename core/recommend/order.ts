import { createRandom } from '../numerics/random.ts';
import type { Dataset } from './model.ts';

/** Learners looked at; more changes the answer no longer. */
const SAMPLE = 20_000;
/** Below this, real sequences repeat their steps hardly more often than shuffled ones. */
const ORDERED = 1.15;
/** Too few steps to tell: taken to mean something. */
const FEWEST_STEPS = 200;

/**
 * Whether the order in which learners took courses means anything: concentration of steps a → b,
 * Σ n_ab² / Σ n_ab, real against shuffled within each learner.
 */
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
