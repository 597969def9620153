import { invertPositive } from '../../numerics/cholesky.ts';

/** What rewards are predicted from: one row an impression, `width` features each. */
export interface Described {
  width: number;
  /** Of the course that was shown, row by row. */
  shown: Float64Array;
  /** Mean over what the candidate would have shown in the same place; all 0 where it shows nothing. */
  expected: Float64Array;
}

/** Parts of the data that are predicted by a model of the others. */
const FOLDS = 5;
/** Ridge penalty of a standardised feature, in rows. */
const PENALTY = 10;

/** The part a cluster belongs to: none is split. */
export function foldOf(cluster: number): number {
  return cluster % FOLDS;
}

/**
 * Predictions of rewards by ridge regression, cross-fitted: each row's from a model that saw no row
 * of its cluster's fold, without which the doubly robust estimate would be biased towards what was
 * logged (Chernozhukov et al. 2018). Linear, so that the mean prediction over what a policy may
 * show is the prediction of the mean features.
 */
export function predictRewards(
  { width, shown, expected }: Described,
  reward: Float64Array,
  cluster: Int32Array,
): { predicted: Float64Array; expected: Float64Array } {
  const n = reward.length;
  const result = { predicted: new Float64Array(n), expected: new Float64Array(n) };
  for (let fold = 0; fold < FOLDS; fold++) {
    const weights = ridge(width, shown, reward, (row) => foldOf(cluster[row]!) !== fold);
    for (let row = 0; row < n; row++) {
      if (foldOf(cluster[row]!) !== fold) continue;
      result.predicted[row] = dot(weights, shown, row * width);
      result.expected[row] = dot(weights, expected, row * width);
    }
  }
  return result;
}

/** Penalised in units of each feature's own spread; a feature that never varies is the intercept, and free. */
function ridge(width: number, x: Float64Array, y: Float64Array, takes: (row: number) => boolean): Float64Array {
  const gram = new Float64Array(width * width);
  const moment = new Float64Array(width);
  const sum = new Float64Array(width);
  let n = 0;
  for (let row = 0; row < y.length; row++) {
    if (!takes(row)) continue;
    n++;
    const at = row * width;
    for (let i = 0; i < width; i++) {
      const value = x[at + i]!;
      sum[i]! += value;
      moment[i]! += value * y[row]!;
      for (let j = 0; j < width; j++) gram[i * width + j]! += value * x[at + j]!;
    }
  }
  if (n === 0) return new Float64Array(width);
  for (let i = 0; i < width; i++) {
    const spread = gram[i * width + i]! / n - (sum[i]! / n) ** 2;
    // What is as good as 0 would make the matrix singular; a trace more harms nothing.
    gram[i * width + i]! += PENALTY * Math.max(0, spread) + 1e-9 * (n + gram[i * width + i]!);
  }
  const inverse = invertPositive(gram, width);
  return Float64Array.from({ length: width }, (_, i) => dot(moment, inverse, i * width));
}

function dot(weights: Float64Array, values: Float64Array, from: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * values[from + i]!;
  return sum;
}
