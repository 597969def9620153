import { z } from 'zod';
import { courseCounts } from '../dataset.ts';
import type { Artefact, Dataset, Model, ModelType } from '../model.ts';

const DAY = 86_400;

const config = z.strictObject({
  /** Days after which a taking counts half. */
  halfLifeDays: z.number().positive().default(20),
});

/**
 * How often each course was taken lately: each taking counts 2^(−age / half-life), the age measured
 * from the clock asked for; takings that are not before it count nothing. Data without times falls
 * back to plain counts.
 */
export const trending = {
  name: 'trending',
  config,
  serves: { coldLearner: true, coldCourse: false, freshHistory: true },
  fit: (dataset, { halfLifeDays }) => model(takings(dataset, halfLifeDays), halfLifeDays),
  load(artefact) {
    const { starts, times, sums, counts } = artefact.arrays;
    return model(
      {
        starts: starts as Int32Array,
        times: times as Float64Array,
        sums: sums as Float64Array,
        counts: counts as Float32Array,
      },
      (artefact.json as { halfLifeDays: number }).halfLifeDays,
    );
  },
} satisfies ModelType<typeof config>;

interface Takings {
  /** Course c's takings are `starts[c] … starts[c + 1] − 1`, oldest first. */
  starts: Int32Array;
  times: Float64Array;
  /** Decayed count of this taking and those before it, as seen at its time. */
  sums: Float64Array;
  /** Of all takings, dated or not. */
  counts: Float32Array;
}

function takings(dataset: Dataset, halfLifeDays: number): Takings {
  const courses = dataset.courses.length;
  const starts = new Int32Array(courses + 1);
  dataset.items.forEach((item, at) => {
    if (!Number.isNaN(dataset.times[at]!)) starts[item + 1]!++;
  });
  for (let course = 0; course < courses; course++) starts[course + 1]! += starts[course]!;
  const next = starts.slice(0, courses);
  const times = new Float64Array(starts[courses]!);
  dataset.items.forEach((item, at) => {
    if (!Number.isNaN(dataset.times[at]!)) times[next[item]!++] = dataset.times[at]!;
  });
  const sums = new Float64Array(times.length);
  for (let course = 0; course < courses; course++) {
    const from = starts[course]!;
    const to = starts[course + 1]!;
    times.subarray(from, to).sort();
    for (let at = from; at < to; at++) {
      const before = at === from ? 0 : sums[at - 1]! * decay(times[at]! - times[at - 1]!, halfLifeDays);
      sums[at] = before + 1;
    }
  }
  return { starts, times, sums, counts: Float32Array.from(courseCounts(dataset)) };
}

function model({ starts, times, sums, counts }: Takings, halfLifeDays: number): Model {
  let newest = -Infinity;
  for (const time of times) newest = Math.max(newest, time);
  return {
    name: 'trending',
    score(_history, now) {
      if (times.length === 0) return counts.slice();
      const clock = Number.isNaN(now) ? newest + 1 : now;
      const scores = new Float32Array(counts.length);
      for (let course = 0; course < scores.length; course++) {
        const last = lastBefore(times, starts[course]!, starts[course + 1]!, clock);
        if (last >= starts[course]!) scores[course] = sums[last]! * decay(clock - times[last]!, halfLifeDays);
      }
      return scores;
    },
    renewed: (dataset) => model(takings(dataset, halfLifeDays), halfLifeDays),
    save: (): Artefact => ({ json: { halfLifeDays }, arrays: { starts, times, sums, counts } }),
  };
}

/** Position of the last time < clock in the sorted range, or from − 1. */
function lastBefore(times: Float64Array, from: number, to: number, clock: number): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < clock) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function decay(seconds: number, halfLifeDays: number): number {
  return 2 ** (-seconds / (halfLifeDays * DAY));
}
