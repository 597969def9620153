import { z } from 'zod';
import { factorise } from '../../numerics/als/backend.ts';
import { silent, type Progress } from '../../numerics/progress.ts';
import { createRandom } from '../../numerics/random.ts';
import type { Csr } from '../../numerics/sparse.ts';
import { stopwatch } from '../backend.ts';
import { decayedWeights, strongest } from '../decay.ts';
import { foldIn, type FoldIn } from '../fold-in.ts';
import { createTrial, cutOf, cuts, type Trial } from '../held-out.ts';
import type { Artefact, Dataset, History, Model, ModelType } from '../model.ts';

const config = z.strictObject({
  /** Length of a course's vector. */
  factors: z.int().positive().multipleOf(8).default(128),
  /** λ: the ridge penalty of every vector; 'auto' tries a few together with `confidence`. */
  penalty: z.union([z.number().positive(), z.literal('auto')]).default('auto'),
  /** α: how much more sure a taking is than an absence. */
  confidence: z.union([z.number().positive(), z.literal('auto')]).default('auto'),
  /** Factor by which each step back in the history counts less; 'auto' tries a few. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  iterations: z.int().positive().default(10),
  /** The iterations end when so much time is used up; a third of it may go into the choice of settings. */
  budgetSeconds: z.number().positive().default(300),
  /** Which courses will be asked for. */
  cut: z.enum(cuts).default('auto'),
  /** Draws the first vectors, and who is held out. */
  seed: z.int().default(1),
});
type Config = z.output<typeof config>;

/** What `auto` decides. */
export interface AlsChoice {
  penalty: number;
  confidence: number;
  step: number;
}

const USUAL: AlsChoice = { penalty: 30, confidence: 10, step: 0.5 };
const PAIRS = [
  { penalty: 10, confidence: 10 },
  { penalty: 30, confidence: 10 },
  { penalty: 30, confidence: 40 },
  { penalty: 100, confidence: 40 },
];
const STEPS = [1, 0.9, 0.7, 0.5, 0.3];
/** Learners and iterations of a trial: enough to tell settings apart. */
const TRIED_LEARNERS = 20_000;
const TRIED_ITERATIONS = 5;

/**
 * Implicit ALS (Hu, Koren & Volinsky 2008): vectors of learners and courses whose product tells who takes
 * what, a taking being 1 with confidence 1 + α, an absence 0 with confidence 1; solved by conjugate gradient
 * (Takács, Pilászy & Tikk 2011). Only the courses' vectors are kept: a learner's is folded in from the
 * history when asked, its older courses with less confidence, so it needs no training and tells of nobody.
 *
 * Memory: while it is fitted 4 bytes for each factor of a learner or a course and 16 for each taking (70 MB
 * for 97,722 learners, 3,321 courses and a million takings); the model 4 bytes for each factor of a course.
 */
export const als = {
  name: 'als',
  config,
  search: {
    factors: [32, 64, 128],
    penalty: { min: 1, max: 300, log: true },
    confidence: { min: 1, max: 100, log: true },
  },
  serves: { coldLearner: false, coldCourse: false, freshHistory: true },
  async fit(dataset, settings, progress: Progress = silent) {
    const begun = stopwatch();
    const choice = await chooseAls(dataset, settings, progress);
    const left = (): number => settings.budgetSeconds - (stopwatch() - begun);
    const vectors = await vectorsOf(dataset, { ...settings, ...choice }, left, (share) =>
      progress('iterations', 0.3 + 0.7 * share),
    );
    return model(vectors, settings.factors, choice);
  },
  load({ json, arrays }) {
    const { factors, ...choice } = json as AlsChoice & { factors: number };
    return model(arrays['vectors'] as Float32Array, factors, choice);
  },
} satisfies ModelType<typeof config>;

function model(vectors: Float32Array, factors: number, choice: AlsChoice): Model {
  const folded = foldIn(vectors, factors, choice);
  return {
    name: 'als',
    score: (history) => scoresOf(folded, history, choice.step),
    because(history, item) {
      const past = decayedWeights(history, choice.step);
      const parts = folded.parts(past, item);
      return strongest(past.map((one, at) => ({ item: one.item, part: parts[at]! })));
    },
    save: (): Artefact => ({ json: { factors, ...choice }, arrays: { vectors } }),
  };
}

function scoresOf(folded: FoldIn, history: History, step: number): Float32Array {
  return folded.scores(decayedWeights(history, step));
}

/** The settings with the best NDCG@10 on courses held out for it: penalty and confidence, then the step. */
export async function chooseAls(dataset: Dataset, settings: Config, progress: Progress = silent): Promise<AlsChoice> {
  const { penalty, confidence, step, seed } = settings;
  const held = cutOf(settings.cut, dataset, seed);
  const choice: AlsChoice = {
    penalty: penalty === 'auto' ? USUAL.penalty : penalty,
    confidence: confidence === 'auto' ? USUAL.confidence : confidence,
    step: step !== 'auto' ? step : held === 'random' ? 1 : USUAL.step,
  };
  const trial = [penalty, confidence, step].includes('auto') ? createTrial(dataset, held, seed) : undefined;
  if (!trial) return choice;

  const begun = stopwatch();
  const left = (): number => settings.budgetSeconds / 3 - (stopwatch() - begun);
  const tried = PAIRS.map((pair) => ({
    penalty: penalty === 'auto' ? pair.penalty : penalty,
    confidence: confidence === 'auto' ? pair.confidence : confidence,
  }));
  const distinct = tried.filter(
    (pair, at) => tried.findIndex((p) => p.penalty === pair.penalty && p.confidence === pair.confidence) === at,
  );
  let best: { folded: FoldIn; gain: number } | undefined;
  for (const [at, pair] of distinct.entries()) {
    if (best && left() <= 0) break;
    const wanted = { ...settings, ...pair, iterations: TRIED_ITERATIONS };
    const vectors = await vectorsOf(sampleOf(trial), wanted, left, (share) =>
      progress('settings', (0.3 * (at + share)) / distinct.length),
    );
    const folded = foldIn(vectors, settings.factors, pair);
    const gain = trial.gain((history) => scoresOf(folded, history, choice.step));
    if (best && gain <= best.gain) continue;
    best = { folded, gain };
    Object.assign(choice, pair);
  }
  if (step !== 'auto' || !best) return choice;
  const { folded } = best;
  const gains = STEPS.map((triedStep) => trial.gain((history) => scoresOf(folded, history, triedStep)));
  return { ...choice, step: STEPS[gains.indexOf(Math.max(...gains))]! };
}

/** Evenly drawn learners of a trial: a learner's courses are their confidence and nothing else. */
function sampleOf({ rest }: Trial): Dataset {
  const stride = Math.max(1, rest.learners.length / TRIED_LEARNERS);
  const starts = [0];
  const at: number[] = [];
  for (let nth = 0; nth < rest.learners.length; nth += stride) {
    const learner = Math.floor(nth);
    for (let index = rest.starts[learner]!; index < rest.starts[learner + 1]!; index++) at.push(index);
    starts.push(at.length);
  }
  return {
    ...rest,
    learners: rest.learners.slice(0, starts.length - 1),
    starts: Int32Array.from(starts),
    items: Int32Array.from(at, (index) => rest.items[index]!),
    weights: Float32Array.from(at, (index) => rest.weights[index]!),
  };
}

function vectorsOf(
  { learners, courses, starts, items, weights }: Dataset,
  settings: Pick<Config, 'factors' | 'iterations' | 'seed'> & Pick<AlsChoice, 'penalty' | 'confidence'>,
  left: () => number,
  progress: (share: number) => void,
): Promise<Float32Array> {
  const { factors, penalty, confidence, iterations, seed } = settings;
  const values = weights.map((weight) => confidence * Math.sqrt(weight));
  const takings: Csr = { rows: learners.length, columns: courses.length, starts, indices: items, values };
  const begun = left();
  return factorise(takings, {
    factors,
    penalty,
    iterations,
    random: createRandom(seed),
    onIteration(iteration) {
      progress((iteration + 1) / iterations);
      const each = (begun - left()) / (iteration + 1);
      return left() > each;
    },
  });
}
