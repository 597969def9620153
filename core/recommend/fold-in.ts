/** A learner's vector among given vectors of courses, from a history: the row's half of implicit ALS. */

export interface FoldIn {
  /** Of every course, for a history whose courses count `weight` each. */
  scores(past: readonly Taken[]): Float32Array;
  /** What each course of the history adds to the score of `item` (Hu, Koren & Volinsky 2008, eq. 7). */
  parts(past: readonly Taken[], item: number): number[];
}

interface Taken {
  item: number;
  weight: number;
}

/** Relative residual at which a solution is exact enough, and the steps until then at most. */
const TOLERANCE = 1e-4;
const MOST_STEPS = 100;

/**
 * The learner's vector solves A x = Σ w (1 + α) y with A = YᵀY + λI + Σ w α y yᵀ over the history's courses y
 * of weight w, by conjugate gradient.
 *
 * @param vectors [course][factor]
 */
export function foldIn(
  vectors: Float32Array,
  factors: number,
  { penalty, confidence }: { penalty: number; confidence: number },
): FoldIn {
  const courses = vectors.length / factors;
  const gram = gramOf(vectors, factors);
  const vectorOf = (item: number): Float32Array => vectors.subarray(item * factors, (item + 1) * factors);

  const solve = (past: readonly Taken[], right: Float64Array): Float64Array => {
    const rows = past.map(({ item }) => vectorOf(item));
    const apply = (vector: Float64Array, to: Float64Array): void => {
      for (let a = 0; a < factors; a++) {
        let sum = penalty * vector[a]!;
        for (let b = 0, at = a * factors; b < factors; b++, at++) sum += gram[at]! * vector[b]!;
        to[a] = sum;
      }
      rows.forEach((row, at) => addScaled(to, past[at]!.weight * confidence * dot(row, vector), row));
    };
    const x = new Float64Array(factors);
    const rest = right.slice();
    const direction = right.slice();
    const image = new Float64Array(factors);
    let squares = dot(rest, rest);
    const enough = TOLERANCE ** 2 * squares;
    for (let step = 0; step < MOST_STEPS && squares > enough; step++) {
      apply(direction, image);
      const length = squares / dot(direction, image);
      addScaled(x, length, direction);
      addScaled(rest, -length, image);
      const left = dot(rest, rest);
      for (let a = 0; a < factors; a++) direction[a] = rest[a]! + (left / squares) * direction[a]!;
      squares = left;
    }
    return x;
  };

  return {
    scores(past) {
      const right = new Float64Array(factors);
      for (const { item, weight } of past) addScaled(right, weight * (1 + confidence), vectorOf(item));
      const x = Float32Array.from(solve(past, right));
      const scores = new Float32Array(courses);
      for (let course = 0, at = 0; course < courses; course++) {
        let [even, odd] = [0, 0];
        for (let a = 0; a < factors; a += 2, at += 2) {
          even += vectors[at]! * x[a]!;
          odd += vectors[at + 1]! * x[a + 1]!;
        }
        scores[course] = even + odd;
      }
      return scores;
    },
    parts(past, item) {
      const likeness = solve(past, Float64Array.from(vectorOf(item)));
      return past.map((one) => one.weight * (1 + confidence) * dot(vectorOf(one.item), likeness));
    },
  };
}

/** YᵀY. */
function gramOf(vectors: Float32Array, factors: number): Float64Array {
  const gram = new Float64Array(factors * factors);
  for (let from = 0; from < vectors.length; from += factors) {
    for (let a = 0; a < factors; a++) {
      const factor = vectors[from + a]!;
      for (let b = 0; b <= a; b++) gram[a * factors + b]! += factor * vectors[from + b]!;
    }
  }
  for (let a = 0; a < factors; a++) for (let b = 0; b < a; b++) gram[b * factors + a] = gram[a * factors + b]!;
  return gram;
}

function addScaled(to: Float64Array, factor: number, from: ArrayLike<number>): void {
  for (let a = 0; a < to.length; a++) to[a]! += factor * from[a]!;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
