import type { History } from '../model.ts';

/** Share of plain popularity mixed into every lift, so that no course is impossible. */
const MIXED = 0.05;
const LOG_MIXED = Math.log(MIXED);

/** Logarithm of a score's share against the share in `popularity`, course by course. */
export function liftOf(scores: Float32Array, popularity: Float64Array): (course: number) => number {
  let total = 0;
  for (const score of scores) total += score;
  if (total <= 0) return () => 0;
  return (course) => {
    const score = scores[course]!;
    return score === 0 ? LOG_MIXED : Math.log(((1 - MIXED) * score) / total / popularity[course]! + MIXED);
  };
}

/** Share of each course in all takings, with half a taking added to each. Every question asks for the same. */
export const popularityOf = onceFor((counts: Float64Array): Float64Array => {
  const total = counts.reduce((sum, count) => sum + count, 0) + 0.5 * counts.length;
  return counts.map((count) => (count + 0.5) / total);
});

export const logarithmsOf = onceFor((values: Float64Array): Float64Array => values.map(Math.log));

function onceFor(compute: (values: Float64Array) => Float64Array): (values: Float64Array) => Float64Array {
  const known = new WeakMap<Float64Array, Float64Array>();
  return (values) => {
    let found = known.get(values);
    if (!found) known.set(values, (found = compute(values)));
    return found;
  };
}

/** Of a score in standard deviations. Most courses score 0, and logarithms cost. */
const FLOOR = 0.05;
const LOG_FLOOR = Math.log(FLOOR);
export function logFloored(score: number): number {
  return score > 0 ? Math.log(score + FLOOR) : LOG_FLOOR;
}

/** Divided by the standard deviation over all courses. */
export function inDeviations(scores: Float32Array): Float32Array {
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    sum += score;
    squares += score * score;
  }
  const deviation = Math.sqrt(squares / scores.length - (sum / scores.length) ** 2);
  return deviation > 0 ? scores.map((score) => score / deviation) : scores;
}

/** Part of a history, as views. */
export function slice(history: History, from: number, to?: number): History {
  return {
    items: history.items.subarray(from, to),
    times: history.times.subarray(from, to),
    weights: history.weights.subarray(from, to),
    ratings: history.ratings.subarray(from, to),
  };
}
