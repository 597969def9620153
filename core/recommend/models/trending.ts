import { z } from 'zod';
import { takingsOf } from '../takings.ts';
import { courseCounts } from '../dataset.ts';
import type { Artefact, Dataset, Model, ModelType } from '../model.ts';
import { tally } from '../tally.ts';

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
  fit: (dataset, { halfLifeDays }) => model(takings(dataset), halfLifeDays),
  load({ json, arrays }) {
    const { items, times, counts } = arrays;
    return model(
      { items: items as Int32Array, times: times as Float64Array, counts: counts as Float32Array },
      (json as { halfLifeDays: number }).halfLifeDays,
    );
  },
} satisfies ModelType<typeof config>;

interface Takings {
  /** Course of each dated taking. */
  items: Int32Array;
  /** Seconds since 1970 UTC, ascending. */
  times: Float64Array;
  /** Of all takings, dated or not: [course]. */
  counts: Float32Array;
}

function takings(dataset: Dataset): Takings {
  const { items, times } = takingsOf(dataset);
  const dated = times.findIndex((time) => !Number.isNaN(time));
  const from = dated < 0 ? times.length : dated;
  return { items: items.slice(from), times: times.slice(from), counts: Float32Array.from(courseCounts(dataset)) };
}

function model({ items, times, counts }: Takings, halfLifeDays: number): Model {
  const taken = tally(items, times, counts.length, halfLifeDays * DAY);
  const newest = times.at(-1) ?? NaN;
  return {
    name: 'trending',
    score(_history, now) {
      if (times.length === 0) return counts.slice();
      // Seen from long after the newest all would fade to nothing; how they compare is the same.
      return taken.at(now <= newest ? now : newest + 1);
    },
    renewed: (dataset) => model(takings(dataset), halfLifeDays),
    save: (): Artefact => ({ json: { halfLifeDays }, arrays: { items, times, counts } }),
  };
}
