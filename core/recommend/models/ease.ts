import { z } from 'zod';
import { addRow, buildCsr, valueAt, type Csr } from '../../numerics/sparse.ts';
import { invertPositive } from '../../numerics/cholesky.ts';
import { decayedWeights, strongest } from '../decay.ts';
import { cutOf, cuts, type Cut } from '../held-out.ts';
import type { Artefact, Dataset, Model, ModelType } from '../model.ts';

const config = z.strictObject({
  /** Ridge penalty λ: so many learners more, who took this course alone, for each course. */
  penalty: z.number().positive().default(80),
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
    const { step, cut, seed, penalty, neighbours } = settings;
    return model(weightsOf(dataset, penalty, neighbours), step === 'auto' ? easeStep(cutOf(cut, dataset, seed)) : step);
  },
  load(artefact) {
    const { starts, indices, values } = artefact.arrays;
    const rows = starts!.length - 1;
    return model(
      {
        rows,
        columns: rows,
        starts: starts as Int32Array,
        indices: indices as Int32Array,
        values: values as Float32Array,
      },
      (artefact.json as { step: number }).step,
    );
  },
} satisfies ModelType<typeof config>;

/** How far order counts where such courses are asked for. */
export function easeStep(cut: Cut): number {
  return cut === 'random' ? 1 : STEP;
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

function model(matrix: Csr, step: number): Model {
  return {
    name: 'ease',
    score(history) {
      const scores = new Float32Array(matrix.columns);
      for (const { item, weight } of decayedWeights(history, step)) addRow(matrix, item, weight, scores);
      return scores;
    },
    because: (history, item) =>
      strongest(
        decayedWeights(history, step).map((past) => ({
          item: past.item,
          part: past.weight * valueAt(matrix, past.item, item),
        })),
      ),
    save: (): Artefact => ({
      json: { step },
      arrays: { starts: matrix.starts, indices: matrix.indices, values: matrix.values },
    }),
  };
}
