import { z } from 'zod';
import { addRow, buildCsr, transpose, valueAt, type Csr } from '../../numerics/sparse.ts';
import { restoreMatrix, storeMatrix } from '../course-matrix.ts';
import { courseCounts } from '../dataset.ts';
import { decayedWeights, strongest } from '../decay.ts';
import { createTrial, cutOf, cuts } from '../held-out.ts';
import type { Artefact, Dataset, History, Model, ModelType } from '../model.ts';
import { countPairs } from '../pairs.ts';
import { countContexts, followersOf, loadContexts, storeContexts, type Contexts } from '../contexts.ts';

const config = z.strictObject({
  /** Steps ahead that still count as "next". */
  window: z.int().positive().default(8),
  /** What each step further ahead counts less. */
  lagDecay: z.number().min(0).max(1).default(0.7),
  /** What each step further back in the history counts less; 'auto' tries a few. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /** Takings added to every course's count: rows with little evidence count less. */
  shrink: z.number().min(0).default(10),
  /** What a step the other way round counts: little data says more when read both ways. 'auto' tries a few. */
  backward: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /**
   * Takings that the single courses of the history count against those that came right after the same
   * last two; 'never' does not look at two at once, 'auto' tries a few.
   */
  backOff: z.union([z.number().positive(), z.literal('never'), z.literal('auto')]).default('auto'),
  /** Which courses are held out while 'auto' tries. */
  cut: z.enum(cuts).default('auto'),
  seed: z.int().default(1),
});
type Config = z.output<typeof config>;

/** What `auto` decides. */
export interface MarkovChoice {
  step: number;
  backward: number;
  backOff: number | 'never';
}

/** Popularity's part in every answer, so that each course has a chance. */
const POPULARITY = 0.05;
const USUAL: MarkovChoice = { step: 0.5, backward: 0.25, backOff: 'never' };
const STEPS = [0.3, 0.5, 0.7, 0.9, 1];
const BACKWARDS = [0, 0.25, 0.5, 1];
const BACK_OFFS = ['never', 10, 30, 100, 300, 1000] as const;

/**
 * What comes after what, as probabilities over the catalogue. Courses taken up to `window` steps after
 * course a, each step further counting `lagDecay` of the one before, are P(b | a) = n_ab / (N_a + shrink);
 * the history's rows are summed, its older courses counting less, and smoothed by popularity. Where the
 * learner's last two courses were somebody's too, a chain of the second order goes first:
 * P(b | last two) = (n + k · P(b | history)) / (N + k), backing off as in Chen & Goodman 1999, eq. 12
 * (Bayesian smoothing of one order by the next lower).
 *
 * Memory: 8 bytes for each pair of courses within `window` of another, and 8 for each distinct run of
 * three; 45 MB for a million takings of 3,300 courses.
 */
export const markov = {
  name: 'markov',
  config,
  serves: { coldLearner: true, coldCourse: false, freshHistory: true },
  fit(dataset, settings) {
    const { step, backward, backOff } = chooseMarkov(dataset, settings);
    return model({
      step,
      backOff,
      popularity: popularityOf(dataset),
      transitions: transitionsOf(stepsAhead(dataset, settings), backward, settings.shrink),
      contexts: backOff === 'never' ? undefined : countContexts(dataset),
    });
  },
  load(artefact) {
    const { step, backOff } = artefact.json as MarkovChoice;
    return model({
      step,
      backOff,
      popularity: artefact.arrays['popularity'] as Float32Array,
      transitions: restoreMatrix(artefact),
      contexts: loadContexts(artefact.arrays, artefact.arrays['popularity']!.length),
    });
  },
} satisfies ModelType<typeof config>;

interface Fitted {
  step: number;
  backOff: number | 'never';
  popularity: Float32Array;
  transitions: Csr;
  contexts: Contexts | undefined;
}

function model(fitted: Fitted): Model {
  const { step, backOff, popularity, transitions, contexts } = fitted;
  return {
    name: 'markov',
    score: (history) => probabilities(fitted, history),
    because: (history, item) =>
      strongest(
        decayedWeights(history, step).map((past) => ({
          item: past.item,
          part: past.weight * valueAt(transitions, past.item, item),
        })),
      ),
    save: (): Artefact => ({
      json: { step, backOff },
      arrays: { ...storeMatrix(transitions), ...(contexts && storeContexts(contexts)), popularity },
    }),
  };
}

function probabilities({ step, backOff, popularity, transitions, contexts }: Fitted, history: History): Float32Array {
  const scores = new Float32Array(popularity.length);
  for (const { item, weight } of decayedWeights(history, step)) addRow(transitions, item, weight, scores);
  let total = 0;
  for (const score of scores) total += score;
  const known = total > 0 ? (1 - POPULARITY) / total : 0;
  const rest = total > 0 ? POPULARITY : 1;
  for (let course = 0; course < scores.length; course++) {
    scores[course] = known * scores[course]! + rest * popularity[course]!;
  }
  if (!contexts || backOff === 'never') return scores;

  const found = followersOf(contexts, history.items.at(-2), history.items.at(-1));
  if (!found) return scores;
  for (let course = 0; course < scores.length; course++) scores[course]! *= backOff / (found.total + backOff);
  found.items.forEach((course, at) => (scores[course]! += found.counts[at]! / (found.total + backOff)));
  return scores;
}

/** Settings with the best NDCG@10 on courses held out for it, one after the other. */
export function chooseMarkov(dataset: Dataset, settings: Config): MarkovChoice {
  const { seed } = settings;
  const open = [settings.step, settings.backward, settings.backOff].includes('auto');
  const trial = open ? createTrial(dataset, cutOf(settings.cut, dataset, seed), seed) : undefined;
  const choice: MarkovChoice = {
    step: settings.step === 'auto' ? USUAL.step : settings.step,
    backward: settings.backward === 'auto' ? USUAL.backward : settings.backward,
    backOff: settings.backOff === 'auto' ? USUAL.backOff : settings.backOff,
  };
  if (!trial) return choice;

  const ahead = stepsAhead(trial.rest, settings);
  const popularity = popularityOf(trial.rest);
  const contexts = settings.backOff === 'auto' ? countContexts(trial.rest) : undefined;
  const best = <T extends number | 'never'>(tried: readonly T[], choiceOf: (value: T) => MarkovChoice): T => {
    let found = { value: tried[0]!, gain: -1 };
    let known: { backward: number; transitions: Csr } | undefined;
    for (const value of tried) {
      const { step, backward, backOff } = choiceOf(value);
      if (known?.backward !== backward) {
        known = { backward, transitions: transitionsOf(ahead, backward, settings.shrink) };
      }
      const fitted = { step, backOff, popularity, transitions: known.transitions, contexts };
      const gain = trial.gain((history) => probabilities(fitted, history));
      if (gain > found.gain) found = { value, gain };
    }
    return found.value;
  };
  if (settings.backward === 'auto') choice.backward = best(BACKWARDS, (backward) => ({ ...choice, backward }));
  if (settings.step === 'auto') choice.step = best(STEPS, (step) => ({ ...choice, step }));
  if (settings.backOff === 'auto') choice.backOff = best(BACK_OFFS, (backOff) => ({ ...choice, backOff }));
  return choice;
}

function stepsAhead(dataset: Dataset, { window, lagDecay }: Config): Csr {
  return countPairs(dataset, window, (lag) => (lag > 0 ? lagDecay ** (lag - 1) : 0));
}

/** Counts ahead, and `backward` of those behind, as rows of probabilities. */
function transitionsOf(ahead: Csr, backward: number, shrink: number): Csr {
  const behind = transpose(ahead);
  const sums = new Float64Array(ahead.columns);
  return buildCsr(ahead.rows, ahead.columns, (row, put) => {
    const columns = new Set<number>();
    let total = shrink;
    for (const [matrix, factor] of [
      [ahead, 1],
      [behind, backward],
    ] as const) {
      if (factor === 0) continue;
      for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) {
        const value = factor * matrix.values[at]!;
        columns.add(matrix.indices[at]!);
        sums[matrix.indices[at]!]! += value;
        total += value;
      }
    }
    for (const column of [...columns].sort((a, b) => a - b)) {
      put(column, sums[column]! / total);
      sums[column] = 0;
    }
  });
}

/** Share of each course in all takings, half a taking added to each. */
function popularityOf(dataset: Dataset): Float32Array {
  const counts = courseCounts(dataset);
  const total = dataset.items.length + counts.length / 2;
  return Float32Array.from(counts, (count) => (count + 0.5) / total);
}
