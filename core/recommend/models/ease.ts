import { z } from 'zod';
import { buildCsr, type Csr } from '../../numerics/sparse.ts';
import { invertPositive } from '../../numerics/cholesky.ts';
import { decayedSum, loadDecayedSum } from '../course-matrix.ts';
import { createTrial, cutOf, cuts } from '../held-out.ts';
import type { Dataset, ModelType } from '../model.ts';

const config = z.strictObject({
  /** Ridge penalty λ: so many learners more, who took this course alone, for each course; 'auto' tries a few. */
  penalty: z.union([z.number().positive(), z.literal('auto')]).default('auto'),
  /** Largest weights kept for each course. */
  neighbours: z.int().positive().default(300),
  /** Factor by which each step back in the history counts less; 'auto': not at all where order means nothing. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /** Which courses will be asked for. */
  cut: z.enum(cuts).default('auto'),
  seed: z.int().default(1),
});

/** More courses than this are too many to invert, as time grows with their cube: all score 0 then. */
const MOST_COURSES = 2000;
/** A learner's courses before their last so many are not counted. */
const LONGEST = 500;
const STEP = 0.6;
/** A fit of each is a matrix inverted: few, and far apart. */
const PENALTIES = [10, 100, 1000];
const USUAL_PENALTY = 100;

type Config = z.output<typeof config>;

/**
 * EASE^R (Steck 2019): the linear model of every course from all others, min ‖X − XB‖² + λ‖B‖² with a
 * diagonal of 0, in closed form: B = I − P · diag(1 / diag P), P = (XᵀX + λI)⁻¹. Of two courses that
 * go together it counts what is not said by the others already.
 */
export const ease = {
  name: 'ease',
  config,
  mostCourses: MOST_COURSES,
  serves: { coldLearner: false, coldCourse: false, freshHistory: true },
  fit(dataset, settings) {
    const { step, penalty } = chooseEase(dataset, settings);
    return decayedSum('ease', weightsOf(dataset, penalty, settings.neighbours), step);
  },
  load: (artefact) => loadDecayedSum('ease', artefact),
} satisfies ModelType<typeof config>;

/** The penalty with the best NDCG@10 on courses held out for it; order counts where such courses are asked for. */
export function chooseEase(dataset: Dataset, settings: Config): { penalty: number; step: number } {
  const { cut, seed, neighbours } = settings;
  const held = cutOf(cut, dataset, seed);
  const step = settings.step === 'auto' ? (held === 'random' ? 1 : STEP) : settings.step;
  if (settings.penalty !== 'auto') return { penalty: settings.penalty, step };
  const trial = dataset.courses.length > MOST_COURSES ? undefined : createTrial(dataset, held, seed);
  if (!trial) return { penalty: USUAL_PENALTY, step };
  let best = { penalty: USUAL_PENALTY, gain: -1 };
  for (const penalty of PENALTIES) {
    const tried = decayedSum('ease', weightsOf(trial.rest, penalty, neighbours), step);
    const gain = trial.gain((history) => tried.score(history, NaN));
    if (gain > best.gain) best = { penalty, gain };
  }
  return { penalty: best.penalty, step };
}

function weightsOf(dataset: Dataset, penalty: number, neighbours: number): Csr {
  const n = dataset.courses.length;
  if (n > MOST_COURSES) return buildCsr(n, n, () => undefined);
  const inverse = invertPositive(gramOf(dataset, penalty), n);
  const row = new Float32Array(n);
  return buildCsr(n, n, (from, put) => {
    for (let to = 0; to < n; to++) row[to] = to === from ? 0 : -inverse[from * n + to]! / inverse[to * n + to]!;
    const sizes = row.map(Math.abs).sort();
    const least = Math.max(1e-6, sizes[Math.max(0, n - neighbours)]!);
    for (let to = 0; to < n; to++) if (Math.abs(row[to]!) >= least) put(to, row[to]!);
  });
}

/** XᵀX + λI, row by row. */
function gramOf(dataset: Dataset, penalty: number): Float64Array {
  const n = dataset.courses.length;
  const gram = new Float64Array(n * n);
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const to = dataset.starts[learner + 1]!;
    const row = dataset.items.subarray(Math.max(dataset.starts[learner]!, to - LONGEST), to);
    for (const a of row) for (const b of row) gram[a * n + b]!++;
  }
  for (let i = 0; i < n; i++) gram[i * n + i]! += penalty;
  return gram;
}
