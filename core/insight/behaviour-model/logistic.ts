import { minimise } from '../../numerics/lbfgs.ts';
import { sigmoid } from './quality.ts';

/** A row may lie so many standard deviations from the mean; what is beyond counts as there. */
const FARTHEST = 4;

const LEAST_PENALTY = 1e-4;

/** Logistic regression over standardised features. Of length `columns`: which features, their weights, mean and scale. */
export interface Logistic {
  /** Features it reads, by their place in a row. */
  columns: Int32Array;
  weights: Float64Array;
  means: Float64Array;
  /** 0 for a feature that never varied. */
  scales: Float64Array;
  bias: number;
}

export interface Rows {
  /** [row][feature]; NaN where missing, which counts as the mean. */
  values: Float32Array;
  features: number;
  labels: Uint8Array;
}

/**
 * Minimises the mean log-loss + l2/2 · |weights|² by L-BFGS.
 *
 * @param free features that are hardly penalised.
 */
export function fitLogistic(
  { values, features, labels }: Rows,
  columns: readonly number[],
  l2: number,
  free: ReadonlySet<number> = new Set(),
): Logistic {
  const rows = labels.length;
  const width = columns.length;
  const { means, scales } = spread(values, features, columns, rows);
  const model = { columns: Int32Array.from(columns), means, scales };
  const table = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) standardise(model, values, row * features, table, row * width);
  const penalties = columns.map((column) => (free.has(column) ? LEAST_PENALTY : l2));
  const solution = minimise(
    (x, gradient) => {
      gradient.fill(0);
      let loss = 0;
      for (let row = 0; row < rows; row++) {
        const from = row * width;
        let score = x[width]!;
        for (let at = 0; at < width; at++) score += x[at]! * table[from + at]!;
        const label = labels[row]!;
        loss += (score > 0 ? score : 0) + Math.log1p(Math.exp(-Math.abs(score))) - label * score;
        const error = (sigmoid(score) - label) / rows;
        for (let at = 0; at < width; at++) gradient[at]! += error * table[from + at]!;
        gradient[width]! += error;
      }
      loss /= rows;
      for (let at = 0; at < width; at++) {
        loss += (penalties[at]! / 2) * x[at]! ** 2;
        gradient[at]! += penalties[at]! * x[at]!;
      }
      return loss;
    },
    new Float64Array(width + 1),
    { maxIterations: 200, tolerance: 1e-6 },
  );
  return { ...model, weights: solution.slice(0, width), bias: solution[width]! };
}

/** The logit of the row that begins at `from`. */
export function scoreLogistic(model: Logistic, values: Float32Array, from: number): number {
  const { weights, bias } = model;
  const row = standardise(model, values, from, new Float32Array(weights.length), 0);
  let score = bias;
  for (let at = 0; at < weights.length; at++) score += weights[at]! * row[at]!;
  return score;
}

/** What each feature of the row adds to the logit against a learner who is average in it; 0 for those it does not read. */
export function logisticContributions(model: Logistic, row: Float32Array): Float64Array {
  const added = new Float64Array(row.length);
  const own = standardise(model, row, 0, new Float32Array(model.weights.length), 0);
  model.columns.forEach((column, at) => (added[column] = model.weights[at]! * own[at]!));
  return added;
}

function standardise(
  { columns, means, scales }: Pick<Logistic, 'columns' | 'means' | 'scales'>,
  values: Float32Array,
  from: number,
  into: Float32Array,
  to: number,
): Float32Array {
  for (let at = 0; at < columns.length; at++) {
    const value = values[from + columns[at]!]!;
    const far = scales[at] === 0 || Number.isNaN(value) ? 0 : (value - means[at]!) / scales[at]!;
    into[to + at] = Math.min(FARTHEST, Math.max(-FARTHEST, far));
  }
  return into;
}

function spread(values: Float32Array, features: number, columns: readonly number[], rows: number) {
  const means = new Float64Array(columns.length);
  const scales = new Float64Array(columns.length);
  columns.forEach((column, at) => {
    let count = 0;
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const value = values[row * features + column]!;
      if (Number.isNaN(value)) continue;
      count++;
      sum += value;
    }
    if (count === 0) return;
    means[at] = sum / count;
    let squares = 0;
    for (let row = 0; row < rows; row++) {
      const value = values[row * features + column]!;
      if (!Number.isNaN(value)) squares += (value - means[at]) ** 2;
    }
    const scale = Math.sqrt(squares / count);
    scales[at] = scale > 1e-9 ? scale : 0;
  });
  return { means, scales };
}
