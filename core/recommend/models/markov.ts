import { z } from 'zod';
import type { Csr } from '../../numerics/sparse.ts';
import { decayedSum, loadDecayedSum } from '../course-matrix.ts';
import type { Dataset, ModelType } from '../model.ts';
import { countPairs } from '../pairs.ts';

const config = z.strictObject({
  /** Steps ahead that still count as "next". */
  window: z.int().positive().default(8),
  /** What each step further ahead counts less. */
  lagDecay: z.number().min(0).max(1).default(0.7),
  /** What each step further back in the history counts less. */
  step: z.number().min(0).max(1).default(0.5),
  /** Takings added to every course's count: rows with little evidence count less. */
  shrink: z.number().min(0).default(10),
});
type Config = z.output<typeof config>;

/**
 * What learners took soon after the courses of this history: windowed first-order transitions,
 * P(b | a) = Σ lagDecay^(lag − 1) / (Σ_b … + shrink), summed over the decayed history. The sequence
 * part of `hybrid`.
 */
export const markov = {
  name: 'markov',
  config,
  serves: { coldLearner: false, coldCourse: false, freshHistory: true },
  fit: (dataset, settings) => decayedSum('markov', transitions(dataset, settings), settings.step),
  load: (artefact) => loadDecayedSum('markov', artefact),
} satisfies ModelType<typeof config>;

function transitions(dataset: Dataset, { window, lagDecay, shrink }: Config): Csr {
  const counts = countPairs(dataset, window, (lag) => (lag > 0 ? lagDecay ** (lag - 1) : 0));
  const values = counts.values;
  for (let row = 0; row < counts.rows; row++) {
    let sum = shrink;
    for (let at = counts.starts[row]!; at < counts.starts[row + 1]!; at++) sum += values[at]!;
    for (let at = counts.starts[row]!; at < counts.starts[row + 1]!; at++) values[at]! /= sum;
  }
  return counts;
}
