import { MISSING, MOST_BINS, type Binned } from './bins.ts';

export interface GrowSettings {
  depth: number;
  leaves: number;
  l2: number;
  minHessian: number;
}

/** One tree over binned rows; node 0 is the root, and a right child stands after its left sister. */
export interface Tree {
  /** Feature that a node asks for, −1 at a leaf. */
  feature: number[];
  /** Largest bin that goes left. */
  bin: number[];
  /** 1 where what is missing goes left. */
  missingLeft: number[];
  left: number[];
  /** Newton step −G / (H + l2) of the rows in each node. */
  value: number[];
  /** What a split took off the loss. */
  gain: number[];
}

export interface Grower {
  /**
   * @param rows who takes part; put into another order.
   * @param columns features that may be asked for.
   */
  grow(rows: Int32Array, columns: Int32Array, gradients: Float64Array, hessians: Float64Array): Tree;
}

interface Sums {
  gradient: number;
  hessian: number;
}

interface Split {
  feature: number;
  bin: number;
  missingLeft: boolean;
  gain: number;
  left: Sums;
}

/** A leaf that may be split further; its rows are `from` to `to` of the order. */
interface Open {
  node: number;
  depth: number;
  from: number;
  to: number;
  sums: Sums;
  histogram: Float64Array;
  split: Split | undefined;
}

/** Gradient and hessian of each bin. */
const STRIDE = 2 * (MOST_BINS + 1);
/** Less than this is rounding. */
const LEAST = 1e-12;

/** Grows trees best leaf first; the larger of two sisters has the parent's histogram less the smaller's. */
export function createGrower({ rows: height, codes, edges }: Binned, settings: GrowSettings): Grower {
  const { depth: deepest, leaves: mostLeaves, l2, minHessian } = settings;
  const spare: Float64Array[] = [];
  const scratch = new Int32Array(height);
  const ofRows = { gradient: new Float64Array(height), hessian: new Float64Array(height) };

  return {
    grow(rows, columns, gradients, hessians) {
      const tree: Tree = { feature: [], bin: [], missingLeft: [], left: [], value: [], gain: [] };
      const addNode = ({ gradient, hessian }: Sums): number => {
        tree.feature.push(-1);
        tree.bin.push(0);
        tree.missingLeft.push(0);
        tree.left.push(0);
        tree.value.push(hessian + l2 > 0 ? -gradient / (hessian + l2) : 0);
        tree.gain.push(0);
        return tree.feature.length - 1;
      };

      const count = (from: number, to: number): Float64Array => {
        const histogram = spare.pop()?.fill(0) ?? new Float64Array(columns.length * STRIDE);
        const { gradient, hessian } = ofRows;
        for (let at = from; at < to; at++) {
          gradient[at] = gradients[rows[at]!]!;
          hessian[at] = hessians[rows[at]!]!;
        }
        for (let slot = 0; slot < columns.length; slot++) {
          const column = columns[slot]! * height;
          const base = slot * STRIDE;
          for (let at = from; at < to; at++) {
            const cell = base + 2 * codes[column + rows[at]!]!;
            histogram[cell]! += gradient[at]!;
            histogram[cell + 1]! += hessian[at]!;
          }
        }
        return histogram;
      };

      const best = (histogram: Float64Array, total: Sums): Split | undefined => {
        const whole = strength(total.gradient, total.hessian, l2);
        let found: Split | undefined;
        let highest = LEAST;
        for (let slot = 0; slot < columns.length; slot++) {
          const feature = columns[slot]!;
          const base = slot * STRIDE;
          const missing = { gradient: histogram[base + 2 * MISSING]!, hessian: histogram[base + 2 * MISSING + 1]! };
          const none = missing.hessian <= LEAST * total.hessian;
          const bins = edges[feature]!.length;
          let gradient = 0;
          let hessian = 0;
          for (let bin = 1; bin <= bins; bin++) {
            gradient += histogram[base + 2 * bin]!;
            hessian += histogram[base + 2 * bin + 1]!;
            // Where nothing is missing here, what will be missing later goes with the heavier side.
            const first = none && hessian > total.hessian / 2 ? 1 : 0;
            for (let side = first; side < (none ? first + 1 : 2); side++) {
              const g = gradient + side * missing.gradient;
              const h = hessian + side * missing.hessian;
              if (h < minHessian || total.hessian - h < minHessian) continue;
              const gain = (strength(g, h, l2) + strength(total.gradient - g, total.hessian - h, l2) - whole) / 2;
              if (gain <= highest) continue;
              highest = gain;
              found = { feature, bin, missingLeft: side === 1, gain, left: { gradient: g, hessian: h } };
            }
          }
        }
        return found;
      };

      const partition = ({ from, to, split }: Open & { split: Split }): number => {
        const column = split.feature * height;
        let left = from;
        let right = 0;
        for (let at = from; at < to; at++) {
          const row = rows[at]!;
          if (goesLeft(codes[column + row]!, split.bin, split.missingLeft)) rows[left++] = row;
          else scratch[right++] = row;
        }
        rows.set(scratch.subarray(0, right), left);
        return left;
      };

      const sums = { gradient: 0, hessian: 0 };
      for (const row of rows) {
        sums.gradient += gradients[row]!;
        sums.hessian += hessians[row]!;
      }
      const histogram = count(0, rows.length);
      const root = { node: addNode(sums), depth: 0, from: 0, to: rows.length, sums, histogram };
      const open: Open[] = [{ ...root, split: best(histogram, sums) }];
      for (let leaves = 1; leaves < mostLeaves; leaves++) {
        const index = strongestOf(open);
        if (index < 0) break;
        const [parent] = open.splice(index, 1) as [Open & { split: Split }];
        const { split, node } = parent;
        const middle = partition(parent);
        const right = {
          gradient: parent.sums.gradient - split.left.gradient,
          hessian: parent.sums.hessian - split.left.hessian,
        };
        tree.feature[node] = split.feature;
        tree.bin[node] = split.bin;
        tree.missingLeft[node] = split.missingLeft ? 1 : 0;
        tree.gain[node] = split.gain;
        tree.left[node] = addNode(split.left);
        addNode(right);
        const depth = parent.depth + 1;
        if (depth === deepest || leaves + 1 === mostLeaves) {
          spare.push(parent.histogram);
          continue;
        }
        const leftIsSmaller = middle - parent.from < parent.to - middle;
        const small = leftIsSmaller ? count(parent.from, middle) : count(middle, parent.to);
        const large = parent.histogram;
        for (let cell = 0; cell < large.length; cell++) large[cell]! -= small[cell]!;
        const add = (at: number, from: number, to: number, own: Sums, counted: Float64Array): void => {
          open.push({ node: at, depth, from, to, sums: own, histogram: counted, split: best(counted, own) });
        };
        const left = tree.left[node];
        add(left, parent.from, middle, split.left, leftIsSmaller ? small : large);
        add(left + 1, middle, parent.to, right, leftIsSmaller ? large : small);
      }
      for (const { histogram: counted } of open) spare.push(counted);
      return tree;
    },
  };
}

export function goesLeft(code: number, bin: number, missingLeft: boolean): boolean {
  return code === MISSING ? missingLeft : code <= bin;
}

function strongestOf(open: readonly Open[]): number {
  let index = -1;
  open.forEach(({ split }, at) => {
    if (split && (index < 0 || split.gain > open[index]!.split!.gain)) index = at;
  });
  return index;
}

/** G² / (H + l2), the part of a leaf in the loss; 0 of nothing. */
function strength(gradient: number, hessian: number, l2: number): number {
  const weight = hessian + l2;
  return weight > 0 ? (gradient * gradient) / weight : 0;
}
