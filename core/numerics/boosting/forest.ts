import type { Binned } from './bins.ts';
import { goesLeft, type Tree } from './grow.ts';

/** Trees and what they start from, in a storable form. */
export interface SavedForest {
  json: { features: number; base: number };
  arrays: {
    /** Where each tree's nodes begin; length trees + 1. */
    starts: Int32Array;
    feature: Int32Array;
    left: Int32Array;
    missingLeft: Uint8Array;
    /** A value up to this goes left. */
    threshold: Float32Array;
    value: Float64Array;
    gain: Float64Array;
  };
}

/** A sum of trees. A row is a Float32Array of all features, NaN where one is missing. */
export interface Forest {
  readonly features: number;
  readonly trees: number;
  /** Score of the row that begins at `from` of `values`, without any offset. */
  predict(values: Float32Array, from?: number): number;
  /** @param values [row][feature] */
  predictAll(values: Float32Array): Float64Array;
  /**
   * What each feature added to a row's score (Saabas 2014: along its path, the change of a node's mean
   * goes to the feature that was asked). With `expected` they sum to the score.
   */
  contributions(values: Float32Array, from?: number): Float64Array;
  /** Score of a row of which nothing is known. */
  readonly expected: number;
  /** Share of each feature in what all splits took off the loss; zeros where nothing was split. */
  importances(): Float64Array;
  save(): SavedForest;
}

/** Trees as they are grown, their values already scaled by the learning rate. */
export function forestOf(trees: readonly Tree[], { edges, features }: Binned, base: number): Forest {
  const starts = new Int32Array(trees.length + 1);
  let size = 0;
  trees.forEach((tree, index) => {
    size += tree.feature.length;
    starts[index + 1] = size;
  });
  const arrays = {
    starts,
    feature: new Int32Array(size),
    left: new Int32Array(size),
    missingLeft: new Uint8Array(size),
    threshold: new Float32Array(size),
    value: new Float64Array(size),
    gain: new Float64Array(size),
  };
  trees.forEach((tree, index) => {
    const from = starts[index]!;
    arrays.feature.set(tree.feature, from);
    arrays.left.set(
      tree.left.map((left) => from + left),
      from,
    );
    arrays.missingLeft.set(tree.missingLeft, from);
    arrays.threshold.set(
      tree.feature.map((feature, node) => (feature < 0 ? 0 : edges[feature]![tree.bin[node]! - 1]!)),
      from,
    );
    arrays.value.set(tree.value, from);
    arrays.gain.set(tree.gain, from);
  });
  return loadForest({ json: { features, base }, arrays });
}

export function loadForest({ json, arrays }: SavedForest): Forest {
  const { features, base } = json;
  const { starts, feature, left, missingLeft, threshold, value, gain } = arrays;
  const trees = starts.length - 1;
  let expected = base;
  for (let tree = 0; tree < trees; tree++) expected += value[starts[tree]!]!;

  const childOf = (node: number, values: Float32Array, from: number): number => {
    const own = values[from + feature[node]!]!;
    const isLeft = own <= threshold[node]! || (missingLeft[node] === 1 && Number.isNaN(own));
    return left[node]! + (isLeft ? 0 : 1);
  };
  const leafOf = (tree: number, values: Float32Array, from: number): number => {
    let node = starts[tree]!;
    while (feature[node]! >= 0) node = childOf(node, values, from);
    return node;
  };

  return {
    features,
    trees,
    expected,
    predict(values, from = 0) {
      let score = base;
      for (let tree = 0; tree < trees; tree++) score += value[leafOf(tree, values, from)]!;
      return score;
    },
    predictAll(values) {
      const scores = new Float64Array(values.length / features).fill(base);
      for (let tree = 0; tree < trees; tree++) {
        for (let row = 0, from = 0; row < scores.length; row++, from += features) {
          scores[row]! += value[leafOf(tree, values, from)]!;
        }
      }
      return scores;
    },
    contributions(values, from = 0) {
      const added = new Float64Array(features);
      for (let tree = 0; tree < trees; tree++) {
        let node = starts[tree]!;
        while (feature[node]! >= 0) {
          const child = childOf(node, values, from);
          added[feature[node]!]! += value[child]! - value[node]!;
          node = child;
        }
      }
      return added;
    },
    importances() {
      const shares = new Float64Array(features);
      let total = 0;
      feature.forEach((asked, node) => {
        if (asked < 0) return;
        shares[asked]! += gain[node]!;
        total += gain[node]!;
      });
      return total > 0 ? shares.map((share) => share / total) : shares;
    },
    save: () => ({ json, arrays }),
  };
}

/** Adds a tree's values to the scores of all its binned rows. */
export function addTree(tree: Tree, { rows, codes }: Binned, scores: Float64Array): void {
  const { feature, bin, missingLeft, left, value } = tree;
  for (let row = 0; row < rows; row++) {
    let node = 0;
    while (feature[node]! >= 0) {
      const code = codes[feature[node]! * rows + row]!;
      node = left[node]! + (goesLeft(code, bin[node]!, missingLeft[node] === 1) ? 0 : 1);
    }
    scores[row]! += value[node]!;
  }
}
