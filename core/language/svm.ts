import type { Random } from '../numerics/random.ts';
import type { SparseVector } from './features.ts';

export interface LinearModel {
  classes: number;
  /** Feature-major: the weights of all classes for feature 0, then for feature 1 …; last the biases. */
  weights: Float32Array;
}

export interface SvmOptions {
  /** C: what an error costs beside the length of the weights. */
  cost: number;
  /** Most passes over the data for each class; it ends sooner when the optimum is near. */
  passes: number;
  random: Random;
}

const NEAR_OPTIMUM = 0.05;

/**
 * One-vs-rest linear support vector machine with squared hinge loss, by dual coordinate descent with
 * shrinking: Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM" (the
 * method of liblinear, L2R_L2LOSS_SVC_DUAL). The bias is a feature of value 1.
 *
 * @param labels class of each vector, −1 for a vector that belongs to none.
 */
export function trainSvm(
  vectors: readonly SparseVector[],
  labels: readonly number[],
  { features, classes }: { features: number; classes: number },
  options: SvmOptions,
): LinearModel {
  const weights = new Float32Array((features + 1) * classes);
  const w = new Float64Array(features + 1);
  for (let positive = 0; positive < classes; positive++) {
    w.fill(0);
    trainOne(vectors, labels, positive, w, options);
    for (let feature = 0; feature <= features; feature++) weights[feature * classes + positive] = w[feature]!;
  }
  return { classes, weights };
}

/** The signed distance to each class's margin: ≥ 1 is sure, < 0 is on the wrong side. */
export function margins(model: LinearModel, { ids, values }: SparseVector): Float64Array {
  const { classes, weights } = model;
  const sums = Float64Array.from(weights.subarray(weights.length - classes));
  for (let at = 0; at < ids.length; at++) {
    const from = ids[at]! * classes;
    const value = values[at]!;
    for (let label = 0; label < classes; label++) sums[label]! += value * weights[from + label]!;
  }
  return sums;
}

function trainOne(
  vectors: readonly SparseVector[],
  labels: readonly number[],
  positive: number,
  w: Float64Array,
  { cost, passes, random }: SvmOptions,
): void {
  const diagonal = 1 / (2 * cost);
  const bias = w.length - 1;
  const alpha = new Float64Array(vectors.length);
  const active = Int32Array.from(vectors.keys());
  let size = active.length;
  let highest = Infinity;
  for (let pass = 0; pass < passes; pass++) {
    let most = -Infinity;
    let least = Infinity;
    shuffle(active, size, random);
    for (let at = 0; at < size; at++) {
      const row = active[at]!;
      const { ids, values } = vectors[row]!;
      const sign = labels[row] === positive ? 1 : -1;
      let dot = w[bias]!;
      let square = 1 + diagonal;
      for (let each = 0; each < ids.length; each++) {
        const value = values[each]!;
        dot += w[ids[each]!]! * value;
        square += value * value;
      }
      const gradient = sign * dot - 1 + diagonal * alpha[row]!;
      if (alpha[row] === 0 && gradient > highest) {
        // Shrinking: a row well outside the margin is left out until the last check.
        size--;
        active[at] = active[size]!;
        active[size] = row;
        at--;
        continue;
      }
      const projected = alpha[row] === 0 ? Math.min(gradient, 0) : gradient;
      most = Math.max(most, projected);
      least = Math.min(least, projected);
      if (Math.abs(projected) < 1e-12) continue;
      const before = alpha[row]!;
      alpha[row] = Math.max(before - gradient / square, 0);
      const step = (alpha[row] - before) * sign;
      for (let each = 0; each < ids.length; each++) w[ids[each]!]! += step * values[each]!;
      w[bias]! += step;
    }
    if (most - least <= NEAR_OPTIMUM) {
      if (size === active.length) return;
      size = active.length;
      highest = Infinity;
    } else {
      highest = most > 0 ? most : Infinity;
    }
  }
}

function shuffle(rows: Int32Array, size: number, random: Random): void {
  for (let at = size - 1; at > 0; at--) {
    const other = random.int(at + 1);
    const row = rows[at]!;
    rows[at] = rows[other]!;
    rows[other] = row;
  }
}
