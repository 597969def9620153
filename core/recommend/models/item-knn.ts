import { z } from 'zod';
import { addRow, valueAt, type Csr } from '../../numerics/sparse.ts';
import { restoreMatrix, storeMatrix } from '../course-matrix.ts';
import { courseCounts } from '../dataset.ts';
import { decayedWeights, strongest } from '../decay.ts';
import { createTrial, cutOf, cuts } from '../held-out.ts';
import type { Artefact, Dataset, History, Model, ModelType } from '../model.ts';
import { countPairs, keepBest } from '../pairs.ts';
import {
  dampedMean,
  fitBaseline,
  leniency,
  loadBaseline,
  predictRating,
  saveBaseline,
  type RatingBaseline,
} from '../rating.ts';

const config = z.strictObject({
  /** Most similar courses kept for each course. */
  neighbours: z.int().positive().default(300),
  /** λ of the shrinkage n / (n + λ), n being the learners who took both; 'auto' tries a few. */
  shrink: z.union([z.number().min(0), z.literal('auto')]).default('auto'),
  /** Factor by which each step back in the history counts less; 'auto' tries a few. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /** Which courses are held out while 'auto' tries. */
  cut: z.enum(cuts).default('auto'),
  /** Chooses who is held out. */
  seed: z.int().default(1),
});
type Config = z.output<typeof config>;

const STEPS = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];
const SHRINKS = [0, 3, 10, 30];
/** Likeness that counts against the neighbours of a rating. */
const RATING_DAMPING = 0.2;
/** Positions apart beyond which two courses of one learner are not counted together. */
const WINDOW = 250;

/**
 * Courses taken by the same learners: cosine of course vectors, n_ab / √(n_a n_b), shrunk by
 * n_ab / (n_ab + λ) so that one shared learner does not make two courses alike. A history's weights
 * fall by `step` from its newest course back.
 */
export const itemKnn = {
  name: 'item-knn',
  config,
  search: { shrink: { min: 0, max: 50 } },
  serves: { coldLearner: false, coldCourse: false, freshHistory: true },
  fit(dataset, settings) {
    const { shrink, step } = chooseItemKnn(dataset, settings);
    return model(similarities(dataset, settings.neighbours, shrink), step, shrink, fitBaseline(dataset));
  },
  load(artefact) {
    const { step, shrink } = artefact.json as { step: number; shrink: number };
    return model(restoreMatrix(artefact), step, shrink, loadBaseline(artefact));
  },
} satisfies ModelType<typeof config>;

function model(matrix: Csr, step: number, shrink: number, baseline: RatingBaseline | undefined): Model {
  return {
    name: 'item-knn',
    score: (history) => score(matrix, history, step),
    because: (history, item) =>
      strongest(
        decayedWeights(history, step).map((past) => ({
          item: past.item,
          part: past.weight * valueAt(matrix, past.item, item),
        })),
      ),
    rate: (history, item) =>
      baseline && predictRating(baseline, history, item, neighbourRating(matrix, baseline, history, item)),
    save: (): Artefact => ({
      json: { step, shrink },
      arrays: {
        ...storeMatrix(matrix),
        ...saveBaseline(baseline),
      },
    }),
  };
}

/** How the learner rated courses like this one, against what was to be expected of them. */
function neighbourRating(matrix: Csr, baseline: RatingBaseline, history: History, item: number): number {
  const usual = baseline.mean + leniency(baseline, history);
  const rated = Array.from(history.items, (past, at) => ({
    weight: valueAt(matrix, past, item),
    deviation: history.ratings[at]! - usual - baseline.bias[past]!,
  }));
  return dampedMean(
    rated.filter(({ deviation }) => !Number.isNaN(deviation)),
    RATING_DAMPING,
  );
}

function score(matrix: Csr, history: History, step: number): Float32Array {
  const scores = new Float32Array(matrix.columns);
  for (const { item, weight } of decayedWeights(history, step)) addRow(matrix, item, weight, scores);
  return scores;
}

function similarities(dataset: Dataset, neighbours: number, shrink: number, together = pairsOf(dataset)): Csr {
  const counts = courseCounts(dataset);
  return keepBest(
    together,
    neighbours,
    (a, b, both) => ((both / Math.sqrt(counts[a]! * counts[b]!)) * both) / (both + shrink),
  );
}

function pairsOf(dataset: Dataset): Csr {
  return countPairs(dataset, WINDOW, () => 1);
}

/** The step and shrinkage with the best NDCG@10 on courses of some learners, held out for it. */
export function chooseItemKnn(dataset: Dataset, settings: Config): { shrink: number; step: number } {
  const { shrink, step, seed } = settings;
  if (shrink !== 'auto' && step !== 'auto') return { shrink, step };
  const trial = createTrial(dataset, cutOf(settings.cut, dataset, seed), seed);
  if (!trial) return { shrink: shrink === 'auto' ? 3 : shrink, step: step === 'auto' ? 0.7 : step };

  const together = pairsOf(trial.rest);
  let best = { shrink: 0, step: 1, gain: -1 };
  for (const triedShrink of shrink === 'auto' ? SHRINKS : [shrink]) {
    const matrix = similarities(trial.rest, settings.neighbours, triedShrink, together);
    for (const triedStep of step === 'auto' ? STEPS : [step]) {
      const gain = trial.gain((history) => score(matrix, history, triedStep));
      if (gain > best.gain) best = { shrink: triedShrink, step: triedStep, gain };
    }
  }
  return { shrink: best.shrink, step: best.step };
}
