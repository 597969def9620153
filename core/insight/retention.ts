import { DateTime } from 'luxon';

export const periods = ['week', 'month'] as const;
export type Period = (typeof periods)[number];

/** Learners whose first action fell into one period, and how many of them were active again. */
export interface Cohort {
  /** First day of the period, `YYYY-MM-DD`: a Monday or a first of the month, UTC. */
  start: string;
  /** Learners whose first action fell into the period. */
  learners: number;
  /** Share in [0, 1] with an action n periods later, n = 0, 1, …; only periods that are over, so that no share still grows. */
  active: number[];
}

/** How many learners of the cohort that began at `start` did something in the period `offset` later. */
export interface CohortCount {
  start: string;
  offset: number;
  learners: number;
}

/**
 * Cohort retention ("n-th period" retention: active in that period, not in every one up to it).
 *
 * @param counts offset 0 of each cohort is its size; absent cells are 0.
 * @param most periods after the first that are shown.
 */
export function retention(counts: readonly CohortCount[], period: Period, now: Date, most: number): Cohort[] {
  const current = DateTime.fromJSDate(now, { zone: 'utc' }).startOf(period);
  const byStart = new Map<string, Map<number, number>>();
  for (const { start, offset, learners } of counts) {
    const cells = byStart.get(start) ?? new Map<number, number>();
    byStart.set(start, cells.set(offset, learners));
  }
  return [...byStart]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([start, cells]) => {
      const learners = cells.get(0) ?? 0;
      const age = Math.round(current.diff(DateTime.fromISO(start, { zone: 'utc' }), `${period}s`).as(`${period}s`));
      if (learners === 0 || age < 0) return [];
      const length = Math.min(Math.max(1, age), most + 1);
      return [{ start, learners, active: Array.from({ length }, (_, offset) => (cells.get(offset) ?? 0) / learners) }];
    });
}

/** The mean share active n periods after the first, over the cohorts old enough, weighted by their size. */
export function meanRetention(cohorts: readonly Cohort[]): number[] {
  const longest = Math.max(0, ...cohorts.map(({ active }) => active.length));
  return Array.from({ length: longest }, (_, offset) => {
    const old = cohorts.filter(({ active }) => active.length > offset);
    const learners = old.reduce((sum, cohort) => sum + cohort.learners, 0);
    return old.reduce((sum, cohort) => sum + cohort.learners * cohort.active[offset]!, 0) / learners;
  });
}
