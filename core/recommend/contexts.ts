/** What came right after two courses in a row: a Markov chain's second order. */

import type { Artefact, Dataset } from './model.ts';

export interface Contexts {
  /** a · courses + b of each pair that somebody took one right after the other, ascending. */
  pairs: Float64Array;
  /** Pair p's followers are `pairStarts[p] … pairStarts[p + 1] − 1`, ascending. */
  pairStarts: Int32Array;
  followers: Int32Array;
  followed: Int32Array;
  courses: number;
}

/** With more courses a run of three is no exact number any more. */
const MOST_COURSES = 2 ** 17;

/** Counts every run of three courses; none of more than 2^17 courses. */
export function countContexts({ courses: { length: courses }, learners, starts, items }: Dataset): Contexts {
  const runs: number[] = [];
  const counted = courses > MOST_COURSES ? 0 : learners.length;
  for (let learner = 0; learner < counted; learner++) {
    for (let at = starts[learner]! + 2; at < starts[learner + 1]!; at++) {
      runs.push((items[at - 2]! * courses + items[at - 1]!) * courses + items[at]!);
    }
  }
  const sorted = Float64Array.from(runs).sort();
  const pairs: number[] = [];
  const pairStarts: number[] = [];
  const followers: number[] = [];
  const followed: number[] = [];
  sorted.forEach((run, at) => {
    if (run === sorted[at - 1]) {
      followed[followed.length - 1]!++;
      return;
    }
    const pair = Math.floor(run / courses);
    if (pair !== pairs.at(-1)) {
      pairs.push(pair);
      pairStarts.push(followers.length);
    }
    followers.push(run % courses);
    followed.push(1);
  });
  pairStarts.push(followers.length);
  return {
    pairs: Float64Array.from(pairs),
    pairStarts: Int32Array.from(pairStarts),
    followers: Int32Array.from(followers),
    followed: Int32Array.from(followed),
    courses,
  };
}

/** What was taken right after `a` and then `b`, and how often; undefined where nobody took them so. */
export function followersOf(
  { pairs, pairStarts, followers, followed, courses }: Contexts,
  a: number | undefined,
  b: number | undefined,
): { items: Int32Array; counts: Int32Array; total: number } | undefined {
  if (a === undefined || b === undefined) return undefined;
  const wanted = a * courses + b;
  let low = 0;
  let high = pairs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (pairs[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  if (pairs[low] !== wanted) return undefined;
  const [from, to] = [pairStarts[low]!, pairStarts[low + 1]!];
  const counts = followed.subarray(from, to);
  return { items: followers.subarray(from, to), counts, total: counts.reduce((sum, count) => sum + count, 0) };
}

export function storeContexts({ pairs, pairStarts, followers, followed }: Contexts): Artefact['arrays'] {
  return { pairs, pairStarts, followers, followed };
}

/** @returns undefined where none were stored. */
export function loadContexts(arrays: Artefact['arrays'], courses: number): Contexts | undefined {
  const pairs = arrays['pairs'] as Float64Array | undefined;
  if (!pairs) return undefined;
  return {
    pairs,
    pairStarts: arrays['pairStarts'] as Int32Array,
    followers: arrays['followers'] as Int32Array,
    followed: arrays['followed'] as Int32Array,
    courses,
  };
}
