import type { Database } from '../../prisma/connect.ts';
import { isActive } from '../behaviour/track.ts';
import { eventTypes, type EventTypeName } from '../behaviour/event-types.ts';
import { funnelSteps } from './funnel.ts';
import type { CohortCount, Period } from './retention.ts';

/** What one learner did at all, for analysis of many. Times are milliseconds since 1970 UTC. */
export interface LearnerActivity {
  learnerId: string;
  /** Made by the sample generator. */
  simulated: boolean;
  events: number;
  firstAt: number | null;
  lastAt: number | null;
  purchases: number;
  refunds: number;
  lastPurchaseAt: number | null;
  /** Currency → minor units paid less refunded. */
  spent: Record<string, number>;
}

const activeTypes = (Object.keys(eventTypes) as EventTypeName[]).filter(isActive);

/**
 * The activity of every learner up to `until`, those who did nothing included: one pass over the log.
 *
 * @param currency of courses that name none.
 */
export async function activityOfAll(db: Database, until: Date, currency: string): Promise<LearnerActivity[]> {
  const learners = await db.pool.query<{
    id: string;
    simulated: boolean;
    events: string | null;
    first_at: string | null;
    last_at: string | null;
    purchases: string | null;
    refunds: string | null;
    last_purchase_at: string | null;
  }>(
    `select l.id, l.simulated, e.* from learners l left join (
       select learner_id, count(*) as events,
         ${milliseconds('min(occurred_at)')} as first_at, ${milliseconds('max(occurred_at)')} as last_at,
         count(*) filter (where type = 'purchase') as purchases, count(*) filter (where type = 'refund') as refunds,
         ${milliseconds("max(occurred_at) filter (where type = 'purchase')")} as last_purchase_at
       from events where set_aside is null and type = any($1) and occurred_at <= $2
       group by learner_id
     ) e on e.learner_id = l.id`,
    [activeTypes, until],
  );
  const spent = await db.pool.query<{ learner_id: string; currency: string; minor: string }>(
    `select e.learner_id, coalesce(c.currency, $2) as currency,
       sum(round(coalesce(e.value, 0)) * case e.type when 'refund' then -1 else 1 end)::bigint as minor
     from events e left join courses c on c.id = e.course_id
     where e.set_aside is null and e.type in ('purchase', 'refund') and e.occurred_at <= $1
     group by 1, 2 having sum(round(coalesce(e.value, 0)) * case e.type when 'refund' then -1 else 1 end) <> 0`,
    [until, currency],
  );
  const byLearner = new Map<string, Record<string, number>>();
  for (const row of spent.rows) {
    const money = byLearner.get(row.learner_id) ?? {};
    byLearner.set(row.learner_id, Object.assign(money, { [row.currency]: Number(row.minor) }));
  }
  const time = (value: string | null) => (value === null ? null : Number(value));
  return learners.rows.map((row) => ({
    learnerId: row.id,
    simulated: row.simulated,
    events: Number(row.events ?? 0),
    firstAt: time(row.first_at),
    lastAt: time(row.last_at),
    purchases: Number(row.purchases ?? 0),
    refunds: Number(row.refunds ?? 0),
    lastPurchaseAt: time(row.last_purchase_at),
    spent: byLearner.get(row.id) ?? {},
  }));
}

export interface Window {
  /** From this instant on; absent means from the beginning. */
  since?: Date | undefined;
  until: Date;
}

/** How many learners took each set of funnel steps in the window; see `funnel` for the bits. */
export async function funnelCounts(
  db: Database,
  { since, until }: Window,
): Promise<{ simulated: boolean; steps: number; learners: number }[]> {
  const bits = funnelSteps.flatMap(({ types }, index) => types.map((type) => ({ type, bit: 1 << index })));
  const { rows } = await db.pool.query<{ simulated: boolean; steps: number; learners: string }>(
    `select l.simulated, e.steps, count(*) as learners from (
       select learner_id, bit_or(s.bit) as steps
       from events join unnest($1::text[], $2::int[]) as s(type, bit) using (type)
       where set_aside is null and occurred_at <= $4 and ($3::timestamptz is null or occurred_at >= $3)
       group by learner_id
     ) e join learners l on l.id = e.learner_id group by 1, 2`,
    [bits.map(({ type }) => type), bits.map(({ bit }) => bit), since ?? null, until],
  );
  return rows.map((row) => ({ ...row, learners: Number(row.learners) }));
}

/**
 * Sizes and activity of the cohorts that began in the window. A learner's cohort is that of their
 * first action ever, which may lie before the window: then they are in none of it.
 */
export async function cohortCounts(
  db: Database,
  period: Period,
  { since, until }: Window,
): Promise<(CohortCount & { simulated: boolean })[]> {
  const offset =
    period === 'week'
      ? `(extract(epoch from a.period - f.start) / 604800)::int`
      : `(extract(year from a.period) - extract(year from f.start))::int * 12 + (extract(month from a.period) - extract(month from f.start))::int`;
  const { rows } = await db.pool.query<{ simulated: boolean; start: string; offset: number; learners: string }>(
    `with active as (
       select distinct learner_id, date_trunc($1, occurred_at at time zone 'UTC') as period from events
       where set_aside is null and type = any($2) and occurred_at <= $4
     ), first as (
       select learner_id, min(period) as start from active group by learner_id
     )
     select l.simulated, to_char(f.start, 'YYYY-MM-DD') as start, ${offset} as "offset", count(*) as learners
     from first f join active a using (learner_id) join learners l on l.id = f.learner_id
     where $3::timestamptz is null or f.start >= date_trunc($1, $3::timestamptz at time zone 'UTC')
     group by 1, 2, 3`,
    [period, activeTypes, since ?? null, until],
  );
  return rows.map((row) => ({ ...row, learners: Number(row.learners) }));
}

function milliseconds(instant: string): string {
  return `(extract(epoch from ${instant}) * 1000)::bigint`;
}
