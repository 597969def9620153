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
  /** What two courses count less as taken together for each step that lies between them; 'auto' tries a few. */
  lagDecay: z.union([z.number().positive().max(1), z.literal('auto')]).default('auto'),
  /** Factor by which each step back in the history counts less; 'auto' tries a few. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /** Which courses are held out while 'auto' tries. */
  cut: z.enum(cuts).default('auto'),
  /** Chooses who is held out. */
  seed: z.int().default(1),
});
type Config = z.output<typeof config>;

/** What `auto` decides. */
export interface ItemKnnChoice {
  shrink: number;
  lagDecay: number;
  step: number;
}

const STEPS = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3];
const SHRINKS = [0, 3, 10, 30];
const LAG_DECAYS = [1, 0.9, 0.8];
const USUAL: ItemKnnChoice = { shrink: 3, lagDecay: 0.9, step: 0.7 };
/** Likeness that counts against the neighbours of a rating. */
const RATING_DAMPING = 0.2;
/** Positions apart beyond which two courses of one learner are not counted together. */
const WINDOW = 250;
/** Less than this counts nothing. */
const FAINT = 0.001;

/**
 * Courses taken by the same learners: cosine of course vectors, n_ab / √(n_a n_b), shrunk by
 * n_ab / (n_ab + λ) so that one shared learner does not make two courses alike (Sarwar et al. 2001; the
 * shrinkage of Bell & Koren 2007). Where order means something, courses of a learner that lie far apart
 * count less in n_ab. A history's weights fall by `step` from its newest course back.
 *
 * Memory: 8 bytes for each pair of courses that anybody took while it is fitted (at most 8 n²), then for each
 * of 300 neighbours a course.
 */
export const itemKnn = {
  name: 'item-knn',
  config,
  search: { shrink: { min: 0, max: 50 }, lagDecay: { min: 0.4, max: 1 } },
  serves: { coldLearner: false, coldCourse: false, freshHistory: true },
  fit(dataset, settings) {
    const { shrink, lagDecay, step } = chooseItemKnn(dataset, settings);
    const together = pairsOf(dataset, lagDecay);
    return model(similarities(dataset, settings.neighbours, shrink, together), step, shrink, fitBaseline(dataset));
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

function similarities(dataset: Dataset, neighbours: number, shrink: number, together: Csr): Csr {
  const counts = courseCounts(dataset);
  return keepBest(
    together,
    neighbours,
    (a, b, both) => ((both / Math.sqrt(counts[a]! * counts[b]!)) * both) / (both + shrink),
  );
}

function pairsOf(dataset: Dataset, lagDecay: number): Csr {
  return countPairs(dataset, WINDOW, (lag) => (lagDecay ** Math.abs(lag) < FAINT ? 0 : lagDecay ** Math.abs(lag)));
}

/** Settings with the best NDCG@10 on courses of some learners, held out for it, one after the other. */
export function chooseItemKnn(dataset: Dataset, settings: Config): ItemKnnChoice {
  const { shrink, lagDecay, step, seed } = settings;
  const held = cutOf(settings.cut, dataset, seed);
  const usual = held === 'random' ? { ...USUAL, lagDecay: 1, step: 1 } : USUAL;
  const choice: ItemKnnChoice = {
    shrink: shrink === 'auto' ? usual.shrink : shrink,
    lagDecay: lagDecay === 'auto' ? usual.lagDecay : lagDecay,
    step: step === 'auto' ? usual.step : step,
  };
  const trial = [shrink, lagDecay, step].includes('auto') ? createTrial(dataset, held, seed) : undefined;
  if (!trial) return choice;

  const matrixOf = (triedShrink: number, together: Csr): Csr =>
    similarities(trial.rest, settings.neighbours, triedShrink, together);
  const gainOf = (matrix: Csr, triedStep: number): number => trial.gain((history) => score(matrix, history, triedStep));
  let best: { matrix: Csr; together: Csr; gain: number } | undefined;
  for (const tried of lagDecay === 'auto' ? LAG_DECAYS : [lagDecay]) {
    const together = pairsOf(trial.rest, tried);
    const matrix = matrixOf(choice.shrink, together);
    const gain = gainOf(matrix, choice.step);
    if (best && gain <= best.gain) continue;
    best = { matrix, together, gain };
    choice.lagDecay = tried;
  }
  for (const tried of shrink === 'auto' ? SHRINKS : []) {
    const matrix = matrixOf(tried, best!.together);
    const gain = gainOf(matrix, choice.step);
    if (gain <= best!.gain) continue;
    best = { ...best!, matrix, gain };
    choice.shrink = tried;
  }
  for (const tried of step === 'auto' ? STEPS : []) {
    const gain = gainOf(best!.matrix, tried);
    if (gain <= best!.gain) continue;
    best = { ...best!, gain };
    choice.step = tried;
  }
  return choice;
}
