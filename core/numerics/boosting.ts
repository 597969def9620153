import { binned, binnedAt } from './boosting/bins.ts';
import { addTree, forestOf, type Forest } from './boosting/forest.ts';
import { createGrower, type Tree } from './boosting/grow.ts';
import { createRandom, type Random } from './random.ts';

export { loadForest, type Forest, type SavedForest } from './boosting/forest.ts';

/**
 * Writes the first and second derivative of the loss by each row's score. Rows may depend on each
 * other (a softmax within groups); the second derivative then is the diagonal's.
 */
export type Slopes = (scores: Float64Array, gradients: Float64Array, hessians: Float64Array) => void;

export interface Rows {
  /** [row][feature]; NaN where a value is missing. */
  values: Float32Array;
  /** What each row's score starts from; 0 by default. It is not part of what the forest predicts. */
  offsets?: Float64Array;
}

export interface BoostingOptions {
  /** Trees at most. */
  rounds?: number;
  /** What a tree's step counts. */
  learningRate?: number;
  /** Questions on one path at most. */
  depth?: number;
  /** Leaves of a tree at most; as many as the depth allows by default. */
  leaves?: number;
  /** λ: takes leaves towards 0, those of little evidence most. */
  l2?: number;
  /** Sum of second derivatives that each leaf must have; above 0. */
  minHessian?: number;
  /** Share of rows and of features that each tree sees. */
  rowShare?: number;
  columnShare?: number;
  /** Chooses rows and features. */
  seed?: number;
  /** Stops when so many rounds have not made the loss on other rows smaller, and goes back to the best. */
  stop?: Rows & { loss: (scores: Float64Array) => number; patience: number };
  onRound?: (round: number) => void;
}

/**
 * Gradient-boosted regression trees by Newton steps over histograms: a leaf is −G / (H + λ) and a split
 * gains ½[G_L²/(H_L+λ) + G_R²/(H_R+λ) − G²/(H+λ)] (Chen & Guestrin 2016, eq. 5 to 7), missing values
 * going where they gain more (algorithm 3). Features are cut into at most 255 quantile bins and one of
 * their own for what is missing. Memory: a byte for each row and feature, 4 kB for each feature and leaf.
 *
 * @throws RangeError when the values are no whole rows.
 */
export function boost(rows: Rows, features: number, slopes: Slopes, options: BoostingOptions = {}): Forest {
  const { rounds = 100, learningRate = 0.1, depth = 4, l2 = 1, minHessian = 1 } = options;
  const { rowShare = 1, columnShare = 1, seed = 1, stop, onRound } = options;
  for (const { values } of stop ? [rows, stop] : [rows]) {
    if (values.length % features !== 0) throw new RangeError(`${values.length} values are no rows of ${features}`);
  }
  const table = binned(rows.values, features);
  const leaves = Math.min(options.leaves ?? Infinity, 2 ** depth);
  const grower = createGrower(table, { depth, leaves, l2, minHessian });
  const random = createRandom(seed);
  const gradients = new Float64Array(table.rows);
  const hessians = new Float64Array(table.rows);
  const scores = rows.offsets?.slice() ?? new Float64Array(table.rows);
  const base = levelOf(scores, slopes, gradients, hessians);

  const other = stop && { ...stop, table: binnedAt(stop.values, table.edges) };
  const otherScores = other && (other.offsets?.slice() ?? new Float64Array(other.table.rows));
  otherScores?.forEach((score, row) => (otherScores[row] = score + base));
  let best = { loss: otherScores ? stop.loss(otherScores) : 0, trees: 0 };

  const trees: Tree[] = [];
  for (let round = 0; round < rounds && table.rows > 0; round++) {
    slopes(scores, gradients, hessians);
    const tree = grower.grow(
      drawn(table.rows, rowShare, random),
      drawn(features, columnShare, random),
      gradients,
      hessians,
    );
    tree.value.forEach((step, node) => (tree.value[node] = learningRate * step));
    trees.push(tree);
    addTree(tree, table, scores);
    onRound?.(round);
    if (!other || !otherScores) continue;
    addTree(tree, other.table, otherScores);
    const loss = other.loss(otherScores);
    if (loss < best.loss) best = { loss, trees: trees.length };
    else if (trees.length - best.trees >= other.patience) break;
  }
  return forestOf(other ? trees.slice(0, best.trees) : trees, table, base);
}

/** Log-loss of labels in [0, 1]: score is the log-odds. */
export function logistic(labels: ArrayLike<number>): Slopes {
  return (scores, gradients, hessians) => {
    for (let row = 0; row < scores.length; row++) {
      const p = 1 / (1 + Math.exp(-scores[row]!));
      gradients[row] = p - labels[row]!;
      hessians[row] = p * (1 - p);
    }
  };
}

/** Scores further out are chances of one in three million. */
const MOST_LEVEL = 15;

/** The constant that serves all rows best is added to their scores, by Newton's method, and returned. */
function levelOf(scores: Float64Array, slopes: Slopes, gradients: Float64Array, hessians: Float64Array): number {
  let level = 0;
  for (let step = 0; step < 20; step++) {
    slopes(scores, gradients, hessians);
    let [gradient, hessian] = [0, 0];
    for (let row = 0; row < scores.length; row++) {
      gradient += gradients[row]!;
      hessian += hessians[row]!;
    }
    const move = -gradient / hessian;
    // Labels of one kind have no such level: a few steps take it far enough.
    if (!(Math.abs(move) > 1e-6) || Math.abs(level + move) > MOST_LEVEL) break;
    level += move;
    for (let row = 0; row < scores.length; row++) scores[row]! += move;
  }
  return level;
}

/** So many of 0 … size − 1, ascending. */
function drawn(size: number, share: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: size }, (_, index) => index);
  if (share >= 1) return all;
  let left = Math.max(1, Math.round(share * size));
  // Selection sampling (Knuth, algorithm S): each index with chance wanted / remaining.
  return all.filter((_, index) => {
    if (random.next() * (size - index) >= left) return false;
    left--;
    return true;
  });
}
