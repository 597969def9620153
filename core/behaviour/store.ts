import type { Database } from '../../prisma/connect.ts';
import { currentIds } from '../learner/store.ts';
import type { Circumstances, Event, NewEvent } from './event.ts';
import { outlierRule, robotRule } from './clean.ts';
import type { EventTypeName } from './event-types.ts';

/** Which of the offered keys are new in the log, and which stood there already. A key given twice in a call counts once. */
export interface Recorded {
  accepted: Set<string>;
  duplicate: Set<string>;
}

/**
 * Appends events to the log; one whose key is there already changes nothing. Events of a learner
 * who does not exist (erased meanwhile) are in neither set: they are not recorded. Those of one whose
 * accounts became one meanwhile are recorded for who they are now.
 */
export async function recordEvents(db: Database, events: readonly NewEvent[]): Promise<Recorded> {
  if (events.length === 0) return { accepted: new Set(), duplicate: new Set() };
  const { gone, ...recorded } = await insert(db, events);
  const current = gone.size > 0 ? await currentIds(db, [...gone]) : undefined;
  if (!current?.size) return recorded;
  const moved = events.flatMap((event) => {
    const learnerId = current.get(event.learnerId);
    return learnerId === undefined ? [] : [{ ...event, learnerId }];
  });
  const { accepted, duplicate } = await recordEvents(db, moved);
  return {
    accepted: new Set([...recorded.accepted, ...accepted]),
    duplicate: new Set([...recorded.duplicate, ...duplicate]),
  };
}

async function insert(db: Database, events: readonly NewEvent[]): Promise<Recorded & { gone: ReadonlySet<string> }> {
  const unique = new Map(events.map((event) => [event.idempotencyKey, event]));
  const rows = [...unique.values()];
  const columns = [
    plainArray(rows, (event) => event.idempotencyKey),
    plainArray(rows, (event) => event.learnerId),
    rows.map((event) => event.courseId),
    plainArray(rows, (event) => event.type),
    plainArray(rows, (event) => event.value ?? 'null'),
    plainArray(rows, (event) => `"${event.occurredAt.toISOString()}"`),
    plainArray(rows, (event) => event.channel),
    rows.map((event) => JSON.stringify(event.circumstances)),
  ];
  const { rows: answers } = await onceMoreAfterDeadlock(() =>
    db.pool.query<{ gone: string[]; accepted: string[] | null }>({
      name: 'insert-events',
      text: insertEvents,
      values: columns,
    }),
  );
  const { gone, accepted } = answers[0]!;
  const missing = new Set(gone);
  if (!accepted) return { accepted: new Set(unique.keys()), duplicate: new Set(), gone: missing };
  for (const key of accepted) unique.delete(key);
  const left = [...unique.values()].filter(({ learnerId }) => !missing.has(learnerId));
  return {
    accepted: new Set(accepted),
    duplicate: new Set(left.map(({ idempotencyKey }) => idempotencyKey)),
    gone: missing,
  };
}

/**
 * An array in PostgreSQL's text form, of values that need no escaping: the general form of the
 * driver takes half of the time of an import.
 */
function plainArray(rows: readonly NewEvent[], value: (event: NewEvent) => string | number): string {
  return `{${rows.map(value).join(',')}}`;
}

// The key-share lock makes a concurrent erasure either wait for us, or finish first and leave the
// learner out: a row for somebody who is gone can not come back, nor fail the whole call.
const insertEvents = `
  with living as materialized (
    select id from learners where id = any(array(select distinct unnest($2::uuid[]))) order by id for key share
  ), inserted as (
    insert into events (idempotency_key, learner_id, course_id, type, value, occurred_at, channel, circumstances)
    select key, learner_id, course_id, type, value, occurred_at, channel, circumstances
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::float8[], $6::timestamptz[], $7::text[], $8::jsonb[])
      with ordinality as e(key, learner_id, course_id, type, value, occurred_at, channel, circumstances, place)
    where learner_id in (select id from living) order by place
    on conflict (idempotency_key) do nothing
    returning idempotency_key
  )
  select
    array(select unnest($2::uuid[]) except select id from living) as gone,
    case when (select count(*) from inserted) < cardinality($1::uuid[])
      then array(select idempotency_key from inserted) end as accepted`;

/** Two calls that offer the same keys in another order can block each other; PostgreSQL ends one. */
async function onceMoreAfterDeadlock<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as { code?: string }).code !== '40P01') throw error;
    return work();
  }
}

interface EventRow {
  id: string;
  idempotency_key: string;
  learner_id: string;
  course_id: string | null;
  type: string;
  value: number | null;
  occurred_at: Date;
  channel: string;
  circumstances: Circumstances;
  set_aside: string | null;
}

const eventColumns = `id, idempotency_key, learner_id, course_id, type, value, occurred_at, channel, circumstances, set_aside`;

function eventOf(row: EventRow): Event {
  return {
    id: BigInt(row.id),
    idempotencyKey: row.idempotency_key,
    learnerId: row.learner_id,
    courseId: row.course_id,
    type: row.type as EventTypeName,
    value: row.value,
    occurredAt: row.occurred_at,
    channel: row.channel,
    circumstances: row.circumstances,
    setAside: row.set_aside,
  };
}

/** A learner's events in the order they were recorded, those set aside included. */
export async function eventsOf(
  db: Database,
  learnerId: string,
  { afterId = 0n }: { afterId?: bigint } = {},
): Promise<Event[]> {
  const { rows } = await db.pool.query<EventRow>(
    `select ${eventColumns} from events where learner_id = $1 and id > $2 order by id`,
    [learnerId, afterId.toString()],
  );
  return rows.map(eventOf);
}

/**
 * The whole log in the order it was recorded, in pages, those set aside left out: for training and
 * analysis. Reads no more than one page into memory.
 */
export async function* eventsAfter(
  db: Database,
  afterId: bigint,
  { page = 20_000, types }: { page?: number; types?: readonly EventTypeName[] } = {},
): AsyncGenerator<Event[]> {
  for (let last = afterId; ;) {
    const { rows } = await db.pool.query<EventRow>(
      `select ${eventColumns} from events
       where id > $1 and set_aside is null and ($3::text[] is null or type = any($3)) order by id limit $2`,
      [last.toString(), page, types ?? null],
    );
    if (rows.length === 0) return;
    yield rows.map(eventOf);
    last = BigInt(rows.at(-1)!.id);
  }
}

/** What stood around the impression of this course in that slate, to be handed on to what answers it. */
export async function circumstancesOf(
  db: Database,
  learnerId: string,
  slateId: string,
  courseId: string,
): Promise<Circumstances | undefined> {
  const { rows } = await db.pool.query<{ circumstances: Circumstances }>({
    name: 'impression-circumstances',
    text: `select circumstances from events
           where learner_id = $1 and course_id = $3 and type = 'impression' and circumstances->>'slate' = $2
           order by id desc limit 1`,
    values: [learnerId, slateId, courseId],
  });
  return rows[0]?.circumstances;
}

/** Events newly set aside by one rule; the keys are of the first of them, to point at. */
export interface SetAside {
  events: number;
  learners: number;
  firstKeys: string[];
}

const FIRST = 5;

/**
 * Applies `robotRule` to what came from outside (imports and the API; our own channels limit rates
 * themselves): of some learners, or of all. Data without times can not be judged.
 */
export async function setAsideRobots(db: Database, learnerIds?: readonly string[]): Promise<SetAside> {
  const { rows } = await db.pool.query<AsideRow>(asideRobots, [
    learnerIds ?? null,
    robotRule.events,
    robotRule.moments,
    `${robotRule.seconds} seconds`,
  ]);
  return summed(rows);
}

const fromOutside = `channel in ('import', 'api')`;
const asideRobots = `
  with busy as (
    select learner_id from events
    where ${fromOutside} and type <> 'impression' and ($1::uuid[] is null or learner_id = any($1))
    group by learner_id having count(*) > $2::int
  ), acts as (
    select id, learner_id, occurred_at, set_aside,
      (row_number() over (partition by learner_id, date_trunc('second', occurred_at)) = 1)::int as moment
    from events join busy using (learner_id)
    where ${fromOutside} and type <> 'impression' and not circumstances ? 'undated'
  ), rated as (
    select *, (count(*) over following > $2::int and sum(moment) over following >= $3::int)::int as begins
    from acts
    window following as (partition by learner_id order by occurred_at range between current row and $4::interval following)
  ), judged as (
    select id, set_aside, sum(begins) over (
      partition by learner_id order by occurred_at range between $4::interval preceding and current row) > 0 as robot
    from rated
  )
  update events set set_aside = 'robot'
  where id in (select id from judged where robot and set_aside is null)
  returning events.id, events.learner_id, events.idempotency_key`;

/** Applies `outlierRule` to all amounts of money that came from outside. */
export async function setAsideOutliers(db: Database): Promise<SetAside> {
  const { deviations, times, least } = outlierRule;
  const { rows } = await db.pool.query<AsideRow>(asideOutliers, [deviations, times, least]);
  return summed(rows);
}

const asideOutliers = `
  with middles as (
    select type, percentile_cont(0.5) within group (order by ln(value)) as middle from events
    where type in ('purchase', 'refund') and value > 0 and ${fromOutside}
    group by type having count(*) >= $3::int
  ), limits as (
    select type, exp(greatest(middle + ln($2::float8),
      middle + $1::float8 * 1.4826 * percentile_cont(0.5) within group (order by abs(ln(value) - middle)))) as highest
    from events join middles using (type)
    where value > 0 and ${fromOutside} group by type, middle
  )
  update events set set_aside = 'outlier' from limits
  where events.type = limits.type and value > highest and set_aside is null and ${fromOutside}
  returning events.id, events.learner_id, events.idempotency_key`;

interface AsideRow {
  id: string;
  learner_id: string;
  idempotency_key: string;
}

function summed(rows: AsideRow[]): SetAside {
  const first = rows.sort((a, b) => Number(BigInt(a.id) - BigInt(b.id))).slice(0, FIRST);
  return {
    events: rows.length,
    learners: new Set(rows.map((row) => row.learner_id)).size,
    firstKeys: first.map((row) => row.idempotency_key),
  };
}
