import type { Artefact, Dataset } from './model.ts';

/** Days of recent history that are kept day by day. */
const KEPT_DAYS = 28;
const DAY = 86_400;
/** A rating from which a learner liked a course: 4 of 5 stars. */
export const LIKED = 0.75;
/** Fewer learners than this are not spoken of: a claim about them would be thin, and could point at a person. */
export const FEWEST = 3;
/** Companions kept for a course. */
const KEPT_COMPANIONS = 50;

/**
 * Counts of learners behind the sentences that speak of many: who took a course, when, and what
 * else those who liked it took. Sums over learners only; no row of anyone.
 */
export interface Popularity {
  /** Number of learners who showed interest in each course. */
  readonly learners: Int32Array;
  /** Learners who first showed interest in the course in the seven days before `now` (seconds), by whole UTC days; 0 without dates. */
  lastWeek(item: number, now: number): number;
  /** Learners who rated `liked` at 4 of 5 stars or more and took `item` too; 0 below `FEWEST`. */
  together(liked: number, item: number): number;
  save(): Artefact;
}

/**
 * @param dataset who showed interest in what: counts who is drawn to a course.
 * @param taken who really took what (enrolled, bought, began, completed, rated), over the same courses.
 */
export function countPopularity(dataset: Dataset, taken: Dataset): Popularity {
  const size = dataset.courses.length;
  const learners = new Int32Array(size);
  let last = -Infinity;
  for (const [at, item] of dataset.items.entries()) {
    learners[item]!++;
    const time = dataset.times[at]!;
    if (time > last) last = time;
  }
  const lastDay = Number.isFinite(last) ? Math.floor(last / DAY) : 0;
  const daily = new Int32Array(size * KEPT_DAYS);
  if (Number.isFinite(last)) {
    for (const [at, item] of dataset.items.entries()) {
      const age = lastDay - Math.floor(dataset.times[at]! / DAY);
      if (age >= 0 && age < KEPT_DAYS) daily[item * KEPT_DAYS + age]!++;
    }
  }
  return popularity({ learners, daily, lastDay, companions: countCompanions(taken) });
}

export function loadPopularity({ json, arrays }: Artefact): Popularity {
  return popularity({
    learners: arrays['learners'] as Int32Array,
    daily: arrays['daily'] as Int32Array,
    lastDay: (json as { lastDay: number }).lastDay,
    companions: {
      starts: arrays['starts'] as Int32Array,
      items: arrays['items'] as Int32Array,
      counts: arrays['counts'] as Int32Array,
    },
  });
}

interface Companions {
  /** Of course i: `items` and `counts` from starts[i] to starts[i + 1]. */
  starts: Int32Array;
  items: Int32Array;
  counts: Int32Array;
}

interface Counts {
  learners: Int32Array;
  /** [item][days before lastDay] */
  daily: Int32Array;
  lastDay: number;
  companions: Companions;
}

function popularity({ learners, daily, lastDay, companions }: Counts): Popularity {
  return {
    learners,
    lastWeek(item, now) {
      const age = Math.floor(now / DAY) - lastDay;
      if (!Number.isFinite(age)) return 0;
      let sum = 0;
      // Day 0 is today so far, day 6 the last whole one inside seven days: never an hour too many.
      for (let day = 0; day < 7; day++) {
        const column = day - age;
        if (column >= 0 && column < KEPT_DAYS) sum += daily[item * KEPT_DAYS + column]!;
      }
      return sum;
    },
    together(liked, item) {
      for (let at = companions.starts[liked]!; at < companions.starts[liked + 1]!; at++) {
        if (companions.items[at] === item) return companions.counts[at]!;
      }
      return 0;
    },
    save: () => ({ json: { lastDay }, arrays: { learners, daily, ...companions } }),
  };
}

function countCompanions(taken: Dataset): Companions {
  const size = taken.courses.length;
  const fans: number[][] = Array.from({ length: size }, () => []);
  for (let learner = 0; learner < taken.learners.length; learner++) {
    for (let at = taken.starts[learner]!; at < taken.starts[learner + 1]!; at++) {
      if (taken.ratings[at]! >= LIKED) fans[taken.items[at]!]!.push(learner);
    }
  }
  const starts = new Int32Array(size + 1);
  const items: number[] = [];
  const counts: number[] = [];
  const together = new Int32Array(size);
  for (let course = 0; course < size; course++) {
    const touched = new Set<number>();
    for (const learner of fans[course]!) {
      for (let at = taken.starts[learner]!; at < taken.starts[learner + 1]!; at++) {
        const item = taken.items[at]!;
        if (item === course) continue;
        together[item]!++;
        touched.add(item);
      }
    }
    const companions = [...touched]
      .filter((item) => together[item]! >= FEWEST)
      .sort((a, b) => together[b]! - together[a]! || a - b)
      .slice(0, KEPT_COMPANIONS);
    for (const item of companions) {
      items.push(item);
      counts.push(together[item]!);
    }
    for (const item of touched) together[item] = 0;
    starts[course + 1] = items.length;
  }
  return { starts, items: Int32Array.from(items), counts: Int32Array.from(counts) };
}
