import type { Database } from '../../prisma/connect.ts';
import type { EventTypeName } from '../behaviour/event-types.ts';
import { silent, type Progress } from '../numerics/progress.ts';
import {
  emptyState,
  FOLD_VERSION,
  foldEvent,
  packState,
  unpackState,
  type LearnerState,
  type PackedState,
} from './state.ts';

/** New events after which a read stores the state again; fewer are cheaper to fold once more than to write. */
const STORE_AFTER = 16;
const PAGE = 1000;

/**
 * The state of a learner as of every event in the log: the stored fold and whatever came after it.
 * A learner who does not exist has an empty one.
 */
export async function learnerState(db: Database, learnerId: string): Promise<LearnerState> {
  const [found] = await catchUp(db, [learnerId]);
  if (!found) return emptyState();
  if (found.changes >= STORE_AFTER) await store(db, [found]);
  return found.state;
}

/** The states of many learners, as `learnerState` reads each; ids that do not exist are left out. */
export async function learnerStates(db: Database, learnerIds: readonly string[]): Promise<Map<string, LearnerState>> {
  const states = new Map<string, LearnerState>();
  for (let from = 0; from < learnerIds.length; from += PAGE)
    for (const { id, state } of await catchUp(db, learnerIds.slice(from, from + PAGE))) states.set(id, state);
  return states;
}

/** Brings every stored state up to its events, in pages, and says how many had to change. */
export async function refreshStates(db: Database, progress: Progress = silent): Promise<number> {
  const { rows } = await db.pool.query<{ n: string }>('select count(*) as n from learners');
  const total = Number(rows[0]!.n);
  let changed = 0;
  let seen = 0;
  for (let cursor = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows: page } = await db.pool.query<{ id: string; stale: boolean }>(staleness, [cursor, PAGE, FOLD_VERSION]);
    if (page.length === 0) return changed;
    const stale = await catchUp(
      db,
      page.filter((row) => row.stale).map(({ id }) => id),
    );
    await store(db, stale);
    changed += stale.length;
    seen += page.length;
    progress('Reading behaviour', Math.min(1, seen / total));
    cursor = page.at(-1)!.id;
  }
}

interface Current {
  id: string;
  state: LearnerState;
  events: number;
  idSum: bigint;
  lastEventId: bigint;
  /** Events folded now that were not in the stored state. */
  changes: number;
}

/**
 * A stored state holds if the log still has exactly the events it was folded from up to its last
 * id. That fails when a transaction with smaller ids committed later than the fold, when cleaning
 * set events aside afterwards, or when the fold itself has changed: then all is folded anew.
 */
async function catchUp(db: Database, learnerIds: readonly string[]): Promise<Current[]> {
  if (learnerIds.length === 0) return [];
  const { rows } = await db.pool.query<StoredRow>({ name: 'stored-states', text: storedStates, values: [learnerIds] });
  const current = rows.map(resume);
  const anew = new Map<string, Current>();
  rows.forEach(({ state, fresh }, at) => {
    const learner = current[at]!;
    // What came after a state that does not hold is not all that there is to fold.
    if (state !== null && learner.events === 0) anew.set(learner.id, learner);
    else for (const event of fresh ?? []) fold(learner, event);
  });
  if (anew.size === 0) return current;
  const events = await db.pool.query<{ learner_id: string; event: FreshEvent }>(allEvents, [[...anew.keys()]]);
  for (const { learner_id, event } of events.rows) fold(anew.get(learner_id)!, event);
  return current;
}

function fold(learner: Current, [id, courseId, type, value, occurredAt, query, topic]: FreshEvent) {
  foldEvent(learner.state, {
    courseId,
    type: type as EventTypeName,
    value,
    occurredAt: new Date(occurredAt),
    circumstances: { ...(query !== null && { query }), ...(topic !== null && { topic }) },
  });
  learner.events++;
  learner.idSum += BigInt(id);
  learner.changes++;
  if (BigInt(id) > learner.lastEventId) learner.lastEventId = BigInt(id);
}

function resume({ id, declared_topics, state: packed, last_event_id, events, id_sum }: StoredRow): Current {
  if (packed && packed.events === Number(events) && packed.idSum === id_sum) {
    const state = unpackState(packed, declared_topics);
    if (state)
      return {
        id,
        state,
        events: packed.events,
        idSum: BigInt(id_sum),
        lastEventId: BigInt(last_event_id!),
        changes: 0,
      };
  }
  // One change for the state that has to go, so that it is stored again even if no events are left.
  const changes = packed ? 1 : 0;
  return { id, state: emptyState(declared_topics), events: 0, idSum: 0n, lastEventId: 0n, changes };
}

async function store(db: Database, learners: readonly Current[]): Promise<void> {
  if (learners.length === 0) return;
  const sorted = learners.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await db.pool.query(upsertStates, [
    sorted.map(({ id }) => id),
    sorted.map(({ state, events, idSum }) => JSON.stringify(packState(state, events, idSum))),
    sorted.map(({ lastEventId }) => String(lastEventId)),
  ]);
}

interface StoredRow {
  id: string;
  declared_topics: string[];
  state: PackedState | null;
  last_event_id: string | null;
  /** Count and sum of ids of the events up to `last_event_id` that are in the log now. */
  events: string;
  id_sum: string;
  /** Those after `last_event_id`, in no order; null when there are none. */
  fresh: FreshEvent[] | null;
}

/** `occurredAt` in ms since 1970 UTC. */
type FreshEvent = [
  id: string,
  courseId: string | null,
  type: string,
  value: number | null,
  occurredAt: number,
  query: string | null,
  topic: string | null,
];

const freshEvent = `json_build_array(
  id::text, course_id, type, value, (extract(epoch from occurred_at) * 1000)::bigint,
  circumstances->>'query', circumstances->>'topic')`;

const storedStates = `
  select l.id, l.declared_topics, s.state, s.last_event_id, coalesce(e.events, 0) as events, coalesce(e.id_sum, 0)::text as id_sum, n.fresh
  from learners l
  left join learner_states s on s.learner_id = l.id
  left join lateral (
    select count(*) as events, sum(id) as id_sum from events
    where learner_id = l.id and id <= s.last_event_id and set_aside is null
  ) e on true
  cross join lateral (
    select json_agg(${freshEvent}) as fresh from events
    where learner_id = l.id and id > coalesce(s.last_event_id, 0) and set_aside is null
  ) n
  where l.id = any($1::uuid[])`;

/** A page of learners, each with whether the stored state is of other events than those in the log, or is missing. */
const staleness = `
  select l.id,
    case when s.learner_id is null then e.events > 0
    else (s.state->>'events', s.state->>'idSum', s.state->>'version')
      is distinct from (e.events::text, e.id_sum::text, $3::int::text) end as stale
  from learners l
  left join learner_states s on s.learner_id = l.id
  cross join lateral (
    select count(*) as events, coalesce(sum(id), 0) as id_sum from events where learner_id = l.id and set_aside is null
  ) e
  where l.id > $1 order by l.id limit $2`;

const allEvents = `
  select learner_id, ${freshEvent} as event from events where learner_id = any($1::uuid[]) and set_aside is null`;

// Learners erased meanwhile are gone from the join, and the lock lets an erasure that has begun finish
// first. Whoever writes last wins, even with an older state: it is a true fold up to its own last id.
const upsertStates = `
  with living as (
    select id from learners where id = any($1::uuid[]) order by id for key share
  )
  insert into learner_states (learner_id, state, last_event_id, updated_at)
  select r.id, r.state, r.last_event_id, now()
  from unnest($1::uuid[], $2::jsonb[], $3::bigint[]) as r(id, state, last_event_id)
  join living on living.id = r.id
  order by r.id
  on conflict (learner_id) do update
  set state = excluded.state, last_event_id = excluded.last_event_id, updated_at = excluded.updated_at`;
