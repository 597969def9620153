/** Models that are a weight from every course to every other, summed over a history. */

import { addRow, valueAt, type Csr } from '../numerics/sparse.ts';
import { decayedWeights, strongest } from './decay.ts';
import type { Artefact, Model } from './model.ts';

/** A score is the sum of the history's rows, each counting less by `step` the further back it is. */
export function decayedSum(name: string, matrix: Csr, step: number): Model {
  return {
    name,
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
    save: () => ({ json: { step }, arrays: storeMatrix(matrix) }),
  };
}

export function loadDecayedSum(name: string, artefact: Artefact): Model {
  return decayedSum(name, restoreMatrix(artefact), (artefact.json as { step: number }).step);
}

export function storeMatrix({ starts, indices, values }: Csr): Artefact['arrays'] {
  return { starts, indices, values };
}

/** @param artefact holds the arrays of `storeMatrix`; the matrix has as many columns as rows. */
export function restoreMatrix({ arrays }: Artefact): Csr {
  const starts = arrays['starts'] as Int32Array;
  const courses = starts.length - 1;
  const [indices, values] = [arrays['indices'] as Int32Array, arrays['values'] as Float32Array];
  return { rows: courses, columns: courses, starts, indices, values };
}
