import { z } from 'zod';
import { positiveMatrix, type PositiveMatrix } from '../../numerics/inverse/backend.ts';
import { silent, type Progress } from '../../numerics/progress.ts';
import { buildCsr, type Csr } from '../../numerics/sparse.ts';
import { decayedSum, loadDecayedSum } from '../course-matrix.ts';
import { courseCounts } from '../dataset.ts';
import { decayedWeights } from '../decay.ts';
import { createTrial, cutOf, cuts } from '../held-out.ts';
import type { Dataset, History, ModelType } from '../model.ts';

const config = z.strictObject({
  /** Ridge penalty λ: so many learners more, who took this course alone, for each course; 'auto' tries a few. */
  penalty: z.union([z.number().positive(), z.literal('auto')]).default('auto'),
  /** What two courses count less as taken together for each step that lies between them; 'auto' tries a few. */
  lagDecay: z.union([z.number().positive().max(1), z.literal('auto')]).default('auto'),
  /** Largest weights kept for each course. */
  neighbours: z.int().positive().default(300),
  /** Factor by which each step back in the history counts less; 'auto' tries a few. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /** Which courses will be asked for. */
  cut: z.enum(cuts).default('auto'),
  seed: z.int().default(1),
});
type Config = z.output<typeof config>;

/** What `auto` decides. */
export interface EaseChoice {
  penalty: number;
  lagDecay: number;
  step: number;
}

/** The most-taken courses that take part, and that take part in a trial of settings. */
const MOST_COURSES = 6000;
const TRIED_COURSES = 2000;
/** A learner's courses before their last so many are not counted. */
const LONGEST = 500;
const FAINT = 0.001;

const USUAL: EaseChoice = { penalty: 100, lagDecay: 0.9, step: 0.6 };
const PENALTIES = [10, 30, 100, 300, 1000];
const LAG_DECAYS = [1, 0.9, 0.8];
const STEPS = [1, 0.9, 0.8, 0.6, 0.4];

/**
 * EASE^R (Steck 2019): the linear model of every course from all others, min ‖X − XB‖² + λ‖B‖² with a
 * diagonal of 0, in closed form: B = I − P · diag(1 / diag P), P = (G + λI)⁻¹, G = XᵀX. Of two courses that
 * go together it counts what is not said by the others already. Where order means something, courses of
 * one learner that lie far apart count less as taken together: G = XᵀKX, K = lagDecay^|i − j| over the
 * positions of each learner, which keeps G positive.
 *
 * Memory: 16 n² bytes while it is fitted, n being the 6,000 most-taken courses at most (576 MB); courses
 * beyond these score 0. Time grows with n³. The model keeps 8 bytes for each of 300 neighbours a course.
 */
export const ease = {
  name: 'ease',
  config,
  search: { penalty: { min: 5, max: 2000, log: true }, lagDecay: { min: 0.5, max: 1 } },
  serves: { coldLearner: false, coldCourse: false, freshHistory: true },
  async fit(dataset, settings, progress: Progress = silent) {
    const choice = await chooseEase(dataset, settings, progress);
    const fitted = await openFit(dataset, MOST_COURSES);
    try {
      progress('inverse', 0.6);
      await fitted.invert(choice.lagDecay, choice.penalty);
      progress('weights', 0.9);
      return decayedSum('ease', fitted.weights(settings.neighbours), choice.step);
    } finally {
      await fitted.close();
    }
  },
  load: (artefact) => loadDecayedSum('ease', artefact),
} satisfies ModelType<typeof config>;

/**
 * The settings with the best NDCG@10 on courses held out for it: the penalty, then how far order counts in
 * the data, each with the best decay of the history. Over the 2,000 most-taken courses.
 */
export async function chooseEase(dataset: Dataset, settings: Config, progress: Progress = silent): Promise<EaseChoice> {
  const { penalty, lagDecay, step, seed } = settings;
  const held = cutOf(settings.cut, dataset, seed);
  const usual = held === 'random' ? { ...USUAL, lagDecay: 1, step: 1 } : USUAL;
  const choice: EaseChoice = {
    penalty: penalty === 'auto' ? usual.penalty : penalty,
    lagDecay: lagDecay === 'auto' ? usual.lagDecay : lagDecay,
    step: step === 'auto' ? usual.step : step,
  };
  const trial = [penalty, lagDecay, step].includes('auto') ? createTrial(dataset, held, seed) : undefined;
  if (!trial) return choice;

  const fitted = await openFit(trial.rest, TRIED_COURSES);
  let best = { ...choice, gain: -1 };
  const attempt = async (triedLag: number, triedPenalty: number): Promise<void> => {
    await fitted.invert(triedLag, triedPenalty);
    for (const triedStep of step === 'auto' ? STEPS : [step]) {
      const gain = trial.gain((history) => fitted.score(history, triedStep));
      if (gain > best.gain) best = { penalty: triedPenalty, lagDecay: triedLag, step: triedStep, gain };
    }
  };
  try {
    for (const [at, tried] of (penalty === 'auto' ? PENALTIES : [penalty]).entries()) {
      progress('penalty', 0.08 * at);
      await attempt(choice.lagDecay, tried);
    }
    const chosen = best.penalty;
    for (const tried of lagDecay === 'auto' ? LAG_DECAYS : []) {
      progress('order', 0.5);
      if (tried !== choice.lagDecay) await attempt(tried, chosen);
    }
  } finally {
    await fitted.close();
  }
  return { penalty: best.penalty, lagDecay: best.lagDecay, step: best.step };
}

interface Fit {
  invert(lagDecay: number, penalty: number): Promise<void>;
  /** From all weights: exact, and as long as the catalogue for each course of the history. */
  score(history: History, step: number): Float32Array;
  /** The largest weights of every course, columns ascending. */
  weights(neighbours: number): Csr;
  close(): Promise<void>;
}

async function openFit(dataset: Dataset, most: number): Promise<Fit> {
  const total = dataset.courses.length;
  const part = mostTaken(dataset, most);
  const n = part.length;
  const indexOf = new Int32Array(total).fill(-1);
  part.forEach((course, index) => (indexOf[course] = index));
  const matrix = await positiveMatrix(n);
  const { values, stride } = matrix;
  const sums = new Float64Array(n);

  return {
    async invert(lagDecay, penalty) {
      countTogether(matrix, dataset, indexOf, lagDecay);
      for (let i = 0; i < n; i++) values[i * stride + i]! += penalty;
      await matrix.invert();
    },
    score(history, step) {
      sums.fill(0);
      for (const { item, weight } of decayedWeights(history, step)) {
        const from = indexOf[item]!;
        if (from < 0) continue;
        const row = from * stride;
        for (let to = 0; to < n; to++) sums[to]! -= weight * values[row + to]!;
      }
      const scores = new Float32Array(total);
      for (let to = 0; to < n; to++) scores[part[to]!] = sums[to]! / values[to * stride + to]!;
      return scores;
    },
    weights(neighbours) {
      const row = new Float32Array(n);
      return buildCsr(total, total, (course, put) => {
        const from = indexOf[course]!;
        if (from < 0) return;
        for (let to = 0; to < n; to++) {
          row[to] = to === from ? 0 : -values[from * stride + to]! / values[to * stride + to]!;
        }
        const sizes = row.map(Math.abs).sort();
        const least = Math.max(1e-6, sizes[Math.max(0, n - neighbours)]!);
        for (let to = 0; to < n; to++) if (Math.abs(row[to]!) >= least) put(part[to]!, row[to]!);
      });
    },
    close: () => matrix.close(),
  };
}

/** Courses that somebody took, at most so many, ascending by index. */
function mostTaken(dataset: Dataset, most: number): Int32Array {
  const counts = courseCounts(dataset);
  const taken = Int32Array.from(counts.keys()).filter((course) => counts[course]! > 0);
  taken.sort((a, b) => counts[b]! - counts[a]! || a - b);
  return taken.slice(0, most).sort();
}

/** The lower half of G. */
function countTogether({ values, stride }: PositiveMatrix, dataset: Dataset, indexOf: Int32Array, decay: number): void {
  values.fill(0);
  const byLag = Float64Array.from({ length: LONGEST }, (_, lag) => decay ** lag);
  const faint = byLag.findIndex((weight) => weight < FAINT);
  const reach = faint < 0 ? LONGEST : faint;
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const to = dataset.starts[learner + 1]!;
    const from = Math.max(dataset.starts[learner]!, to - LONGEST);
    for (let at = from; at < to; at++) {
      const a = indexOf[dataset.items[at]!]!;
      if (a < 0) continue;
      for (let before = Math.max(from, at - reach + 1); before <= at; before++) {
        const b = indexOf[dataset.items[before]!]!;
        if (b < 0) continue;
        values[a > b ? a * stride + b : b * stride + a]! += byLag[at - before]!;
      }
    }
  }
}
