import type { History } from '../model.ts';

/** Share of plain popularity mixed into every lift, so that no course is impossible. */
const MIXED = 0.05;
const LOG_MIXED = Math.log(MIXED);

/** Logarithm of each score's share against the share in `popularity`; undefined where nothing scores. */
export function liftOf(scores: Float32Array, popularity: Float64Array): Float32Array | undefined {
  let total = 0;
  for (const score of scores) total += score;
  if (total <= 0) return undefined;
  const lifts = new Float32Array(scores.length);
  for (let course = 0; course < scores.length; course++) {
    const score = scores[course]!;
    lifts[course] = score === 0 ? LOG_MIXED : Math.log(((1 - MIXED) * score) / total / popularity[course]! + MIXED);
  }
  return lifts;
}

/** Share of each course in all takings, with half a taking added to each. Every question asks for the same. */
export const popularityOf = onceFor((counts: Float64Array): Float64Array => {
  const total = counts.reduce((sum, count) => sum + count, 0) + 0.5 * counts.length;
  return counts.map((count) => (count + 0.5) / total);
});

export const logPopularityOf = onceFor(
  (counts: Float64Array): Float32Array => new Float32Array(popularityOf(counts).map(Math.log)),
);

function onceFor<T>(compute: (values: Float64Array) => T): (values: Float64Array) => T {
  const known = new WeakMap<Float64Array, T>();
  return (values) => {
    let found = known.get(values);
    if (!found) known.set(values, (found = compute(values)));
    return found;
  };
}

/** Of a score in standard deviations. */
const FLOOR = 0.05;
const LOG_FLOOR = Math.log(FLOOR);

/** Most courses score 0, and logarithms cost. */
export function logsFloored(scores: Float32Array): Float32Array {
  const logs = new Float32Array(scores.length);
  for (let course = 0; course < scores.length; course++) {
    const score = scores[course]!;
    logs[course] = score > 0 ? Math.log(score + FLOOR) : LOG_FLOOR;
  }
  return logs;
}

/** Most values are one value, and logarithms cost. */
export function logsOf(values: Float32Array): Float32Array {
  const logs = new Float32Array(values.length);
  let known = 1;
  let log = 0;
  for (let course = 0; course < values.length; course++) {
    const value = values[course]!;
    if (value !== known) [known, log] = [value, Math.log(value)];
    logs[course] = log;
  }
  return logs;
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
  return deviation > 0 ? dividedBy(scores, deviation) : scores;
}

export function dividedBy(scores: Float32Array, divisor: number): Float32Array {
  const divided = new Float32Array(scores.length);
  for (let course = 0; course < scores.length; course++) divided[course] = scores[course]! / divisor;
  return divided;
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
