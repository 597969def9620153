import { buildCsr, type Csr } from '../numerics/sparse.ts';
import type { Dataset } from './model.ts';

/**
 * Weighted counts of ordered course pairs: entry (a, b) sums `weightOf(lag)` over every learner who
 * has both, lag being b's position minus a's (negative when b came before a). Row by row over an
 * inverted index, so memory is the result's alone.
 *
 * @param window pairs further apart than this are not looked at; it bounds the work of one learner
 *   with very many courses.
 */
export function countPairs(dataset: Dataset, window: number, weightOf: (lag: number) => number): Csr {
  const { starts, items } = dataset;
  const courses = dataset.courses.length;
  const byLag = Float64Array.from({ length: 2 * window + 1 }, (_, i) => (i === window ? 0 : weightOf(i - window)));
  let ahead = window;
  let behind = window;
  while (ahead > 0 && byLag[window + ahead] === 0) ahead--;
  while (behind > 0 && byLag[window - behind] === 0) behind--;

  const places = inverted(dataset);
  const sums = new Float64Array(courses);
  const touched = new Int32Array(courses);
  return buildCsr(courses, courses, (course, put) => {
    let count = 0;
    for (let i = places.starts[course]!; i < places.starts[course + 1]!; i++) {
      const at = places.at[i]!;
      const learner = places.learner[i]!;
      const from = Math.max(starts[learner]!, at - behind);
      const to = Math.min(starts[learner + 1]! - 1, at + ahead);
      for (let other = from; other <= to; other++) {
        const weight = byLag[other - at + window]!;
        if (weight === 0) continue;
        const item = items[other]!;
        if (sums[item] === 0) touched[count++] = item;
        sums[item]! += weight;
      }
    }
    const found = touched.subarray(0, count).sort();
    for (const item of found) {
      put(item, sums[item]!);
      sums[item] = 0;
    }
  });
}

/** For every course, where it stands: the learner, and the position in the dataset's arrays. */
export function inverted(dataset: Dataset): { starts: Int32Array; learner: Int32Array; at: Int32Array } {
  const courses = dataset.courses.length;
  const starts = new Int32Array(courses + 1);
  for (const item of dataset.items) starts[item + 1]!++;
  for (let course = 0; course < courses; course++) starts[course + 1]! += starts[course]!;
  const next = starts.slice(0, courses);
  const learnerOf = new Int32Array(dataset.items.length);
  const at = new Int32Array(dataset.items.length);
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    for (let i = dataset.starts[learner]!; i < dataset.starts[learner + 1]!; i++) {
      const to = next[dataset.items[i]!]!++;
      learnerOf[to] = learner;
      at[to] = i;
    }
  }
  return { starts, learner: learnerOf, at };
}

/** The entries of each row that score best, best first: at most `keep` a row. */
export function keepBest(
  matrix: Csr,
  keep: number,
  scoreOf: (row: number, column: number, value: number) => number,
): Csr {
  return buildCsr(matrix.rows, matrix.columns, (row, put) => {
    const from = matrix.starts[row]!;
    const to = matrix.starts[row + 1]!;
    const scores = new Float64Array(to - from);
    for (let at = from; at < to; at++) scores[at - from] = scoreOf(row, matrix.indices[at]!, matrix.values[at]!);
    const least = scores.length > keep ? scores.slice().sort()[scores.length - keep]! : 0;
    const found: { column: number; score: number }[] = [];
    scores.forEach((score, at) => {
      if (score > 0 && score >= least) found.push({ column: matrix.indices[from + at]!, score });
    });
    found.sort((a, b) => b.score - a.score || a.column - b.column);
    for (const { column, score } of found.slice(0, keep)) put(column, score);
  });
}
