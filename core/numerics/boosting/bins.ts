/** The bin of what is missing (NaN). */
export const MISSING = 0;
/** Bins of values, numbered from 1. */
export const MOST_BINS = 255;
/** Rows that the quantiles are taken from; more moves no edge that matters. */
const SAMPLED = 100_000;

/** A table of numbers as small codes, column by column. */
export interface Binned {
  rows: number;
  features: number;
  /** [feature][row]: MISSING, or 1 … edges[feature].length. */
  codes: Uint8Array;
  /** The largest value of each bin of each feature; the last is Infinity. */
  edges: Float32Array[];
}

/**
 * Cuts every feature at its quantiles, each edge being a value that occurs: what is learned does not
 * change when a feature is stretched by a rising function.
 *
 * @param values [row][feature]
 */
export function binned(values: Float32Array, features: number): Binned {
  return binnedAt(
    values,
    Array.from({ length: features }, (_, feature) => edgesOf(values, feature, features)),
  );
}

/** Other rows of the same features, in the bins of `edges`. */
export function binnedAt(values: Float32Array, edges: Float32Array[]): Binned {
  const features = edges.length;
  const rows = values.length / features;
  const codes = new Uint8Array(values.length);
  edges.forEach((own, feature) => {
    const column = codes.subarray(feature * rows, (feature + 1) * rows);
    for (let row = 0, at = feature; row < rows; row++, at += features) column[row] = codeOf(own, values[at]!);
  });
  return { rows, features, codes, edges };
}

function edgesOf(values: Float32Array, feature: number, features: number): Float32Array {
  const rows = values.length / features;
  const stride = Math.max(1, rows / SAMPLED);
  const sample = new Float32Array(Math.min(rows, SAMPLED));
  let size = 0;
  for (let row = 0; row < rows && size < sample.length; row += stride) {
    const value = values[Math.floor(row) * features + feature]!;
    if (!Number.isNaN(value)) sample[size++] = value;
  }
  const sorted = sample.subarray(0, size).sort();
  let distinct = 0;
  for (let at = 0; at < size; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) distinct++;

  const edges: number[] = [];
  let inBin = 0;
  let left = size;
  for (let at = 0; at < size; at++) {
    inBin++;
    if (at + 1 < size && sorted[at + 1] === sorted[at]) continue;
    // What is left is shared among the bins that are left, so a very frequent value costs one bin only.
    if (distinct <= MOST_BINS || inBin >= left / (MOST_BINS - edges.length)) {
      edges.push(sorted[at]!);
      left -= inBin;
      inBin = 0;
    }
  }
  if (edges.length > 0) edges[edges.length - 1] = Infinity;
  return Float32Array.from(edges);
}

function codeOf(edges: Float32Array, value: number): number {
  if (Number.isNaN(value)) return MISSING;
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}
