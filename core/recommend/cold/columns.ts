import type { PartName } from '../hybrid/features.ts';
import type { Takings } from '../takings.ts';
import { firstFrom, tally } from '../tally.ts';

/**
 * What a newcomer's questions are about. `next`: what is taken at this moment. `ahead`: what is taken
 * in the months that follow a frozen clock. `undated`: the same without times. `set`: courses that
 * belong to a set of no order.
 */
export type Outlook = 'next' | 'ahead' | 'undated' | 'set';

/** One thing that speaks for a course when nothing is known of the learner: a logarithm of its share. */
export interface Column {
  part: PartName;
  /** Weight before anything was learned. */
  prior: number;
  /** Logarithms of the courses' shares; sees only what lies before `now`; NaN and the future see all there is. */
  at(now: number): Float32Array;
}

const DAY = 86_400;
/** Added to each course's count. */
const SMOOTHING = 0.2;
/** A frozen clock is asked for a longer time: what lasts longer counts. Half-lives are so many times longer. */
const AHEAD = 8;

/**
 * Half-lives in days and, where a platform is too young or too slow for days, in newcomers.
 * Chosen on MARS before 2019-07-01, as the priors are: first courses within a month and all takings of a week
 * were the best single ones, and more of them hurt.
 */
const dated = [
  { of: 'firsts', days: 7, part: 'trending', prior: 0 },
  { of: 'firsts', days: 30, part: 'trending', prior: 0.3 },
  { of: 'all', days: 7, part: 'trending', prior: 0.5 },
  { of: 'firsts', newcomers: 50, part: 'popular', prior: 0.3 },
] as const;

export function columnsOf(takings: Takings, courses: number, outlook: Outlook): Column[] {
  const firsts = begun(takings);
  if (outlook === 'set') return [counted(takings.items, courses, 1)];
  if (outlook === 'undated') return [counted(firsts.items, courses, 0.7), counted(takings.items, courses, 0.3)];
  const stretch = outlook === 'ahead' ? AHEAD : 1;
  const [newcomers, all] = [withTimes(firsts), withTimes(takings)];
  // From just after the newest that may be seen: a clock that runs on while nothing more is known makes
  // no trend older against another.
  const clockAt = (now: number): number => {
    const seen = Number.isNaN(now) ? all.times.length : firstFrom(all.times, now, 0, all.times.length);
    const newest = seen === 0 ? now : all.times[seen - 1]! + 1;
    return now < newest ? now : newest;
  };
  return dated.map((column) => {
    const { items, times } = column.of === 'all' ? all : newcomers;
    const { part, prior } = column;
    if ('newcomers' in column) {
      const order = Float64Array.from(times, (_, at) => at);
      const counts = tally(items, order, courses, column.newcomers * stretch);
      return {
        part,
        prior,
        at: (now) => logShares(counts.at(Number.isNaN(now) ? times.length : firstFrom(times, now, 0, times.length))),
      };
    }
    const counts = tally(items, times, courses, column.days * stretch * DAY);
    return { part, prior, at: (now) => logShares(counts.at(clockAt(now))) };
  });
}

/** Weighted sum of columns: [column][course] → [course]. */
export function blend(values: readonly Float32Array[], weights: Float64Array): Float32Array {
  const sums = new Float32Array(values[0]?.length ?? 0);
  values.forEach((column, f) => column.forEach((value, course) => (sums[course]! += weights[f]! * value)));
  return sums;
}

/** Plain counts, whatever the clock says. */
function counted(items: Int32Array, courses: number, prior: number): Column {
  const counts = new Float32Array(courses);
  for (const item of items) counts[item]!++;
  const shares = logShares(counts);
  return { part: 'popular', prior, at: () => shares };
}

function logShares(counts: Float32Array): Float32Array {
  let total = 0;
  for (const count of counts) total += count + SMOOTHING;
  return counts.map((count) => Math.log((count + SMOOTHING) / total));
}

function begun({ items, times, first }: Takings): Takings {
  const keep = (_: number, at: number): boolean => first[at] === 1;
  return { items: items.filter(keep), times: times.filter(keep), first: first.filter(keep) };
}

function withTimes({ items, times }: Takings): { items: Int32Array; times: Float64Array } {
  const from = times.findIndex((time) => !Number.isNaN(time));
  return from < 0
    ? { items: new Int32Array(0), times: new Float64Array(0) }
    : { items: items.subarray(from), times: times.subarray(from) };
}
