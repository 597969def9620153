import type { Database } from '../../../prisma/connect.ts';
import type { Circumstances } from '../../behaviour/event.ts';
import type { EventTypeName } from '../../behaviour/event-types.ts';
import { eventsAfter } from '../../behaviour/store.ts';
import type { Progress } from '../../numerics/progress.ts';
import { pack, unpack } from '../../recommend/pack.ts';
import type { TargetResult } from './learn.ts';
import { loadBehaviourModel, type BehaviourModel, type Forecast } from './model.ts';
import { deedOf, inOrder, type Deed, type Past } from './past.ts';
import type { Target } from './targets.ts';
import type { Trained, Window } from './train.ts';

/**
 * Who may be learned from and looked at: not who took back the consent to recording, nor who turned
 * personalisation off. Who came by an import was asked by the seller and has said nothing here.
 */
const WILLING = `l.personalised and (l.recording or not exists (
  select from consent_records c where c.learner_id = l.id and c.kind = 'recording' and not c.granted))`;

/** The pasts of all learners who may be learned from; reads the log in pages. */
export async function loadPasts(db: Database, progress: Progress): Promise<Past[]> {
  const byLearner = new Map((await willing(db)).map((row) => [row.id, { row, deeds: [] as Deed[] }]));
  const { rows } = await db.pool.query<{ last: string }>('select coalesce(max(id), 0) as last from events');
  const last = Number(rows[0]!.last);
  for await (const page of eventsAfter(db, 0n)) {
    for (const event of page) {
      const deed = deedOf(event);
      if (deed) byLearner.get(event.learnerId)?.deeds.push(deed);
    }
    progress('Reading behaviour', Math.min(1, Number(page.at(-1)!.id) / last));
  }
  const pasts = pastsOf(byLearner);
  return [...byLearner.keys()].map((id) => pasts.get(id)!);
}

/**
 * What the newest model foretells of these learners; those are absent who may not be looked at, of
 * whom nothing is foretold, and all where there is no model.
 */
export async function forecastsOf(
  db: Database,
  model: BehaviourModel,
  learnerIds: readonly string[],
  now: Date,
): Promise<Map<string, Forecast>> {
  const forecasts = new Map<string, Forecast>();
  for (const [id, past] of await readPasts(db, learnerIds, now)) {
    const forecast = model.forecast(past, now.getTime());
    if (forecast) forecasts.set(id, forecast);
  }
  return forecasts;
}

/** The past of one learner up to `now`; undefined where they may not be looked at. */
export async function pastOf(db: Database, learnerId: string, now: Date): Promise<Past | undefined> {
  return (await readPasts(db, [learnerId], now)).get(learnerId);
}

async function readPasts(db: Database, learnerIds: readonly string[], now: Date): Promise<Map<string, Past>> {
  const asked = new Set(learnerIds);
  const rows = await willing(db, learnerIds);
  const byLearner = new Map(rows.map((row) => [row.id, { row, deeds: [] as Deed[] }]));
  const { rows: events } = await db.pool.query<EventRow>({
    name: 'behaviour-model-events',
    text: `select learner_id, course_id, type, value, occurred_at, channel, circumstances from events
           where learner_id = any($1::uuid[]) and set_aside is null and occurred_at <= $2 order by id`,
    values: [[...byLearner.keys()], now],
  });
  for (const { learner_id, course_id, occurred_at, type, ...event } of events) {
    const deed = deedOf({ ...event, type: type as EventTypeName, courseId: course_id, occurredAt: occurred_at });
    if (deed) byLearner.get(learner_id)!.deeds.push(deed);
  }
  const pasts = pastsOf(byLearner);
  return new Map([...pasts].filter(([id]) => asked.has(id)));
}

interface EventRow {
  learner_id: string;
  course_id: string | null;
  type: string;
  value: number | null;
  occurred_at: Date;
  channel: string;
  circumstances: Circumstances;
}

interface WillingRow {
  id: string;
  time_zone: string | null;
  invited_at: Date | null;
  referrer_id: string | null;
}

/** @param ids these and whoever invited them; all when left out. */
async function willing(db: Database, ids?: readonly string[]): Promise<WillingRow[]> {
  const who = ids
    ? `(select unnest($1::uuid[]) as id union select referrer_id from referrals where referred_id = any($1)) asked
       join learners l on l.id = asked.id`
    : 'learners l';
  const { rows } = await db.pool.query<WillingRow>(
    `select l.id, l.time_zone, r.at as invited_at, r.referrer_id
     from ${who} left join referrals r on r.referred_id = l.id where ${WILLING} order by l.id`,
    ids ? [ids] : [],
  );
  return rows;
}

function pastsOf(byLearner: ReadonlyMap<string, { row: WillingRow; deeds: Deed[] }>): Map<string, Past> {
  const pasts = new Map<string, Past>();
  for (const [id, { row, deeds }] of byLearner)
    pasts.set(id, {
      id,
      deeds: inOrder(deeds),
      timeZone: row.time_zone,
      invitedAt: row.invited_at?.getTime() ?? null,
      inviter: undefined,
    });
  for (const [id, { row }] of byLearner)
    if (row.referrer_id !== null) pasts.get(id)!.inviter = pasts.get(row.referrer_id);
  return pasts;
}

// ── models ──────────────────────────────────────────────────────────────────

/** Models that are kept, the newest of which serves. */
const KEPT = 10;

/** What is kept of how a model was measured. */
export type StoredMetrics = Record<Target, StoredResult>;
export type StoredResult =
  Omit<Extract<TargetResult, { trained: true }>, 'learned'> | Extract<TargetResult, { trained: false }>;

/** Without what was learned. */
export function metricsOf(results: Readonly<Record<Target, TargetResult>>): StoredMetrics {
  const entries = Object.entries(results).map(([target, result]): [string, StoredResult] => [
    target,
    result.trained ? { trained: true, metrics: result.metrics } : result,
  ]);
  return Object.fromEntries(entries) as StoredMetrics;
}

/** Stores a model, which then serves everywhere. Nobody is in it. */
export async function storeModel(
  db: Database,
  { data, results, model }: Trained & { model: BehaviourModel },
): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    'insert into behaviour_models (data, metrics, artefact) values ($1, $2, $3) returning id',
    [data, metricsOf(results), pack(model.save())],
  );
  await db.pool.query(
    'delete from behaviour_models where id not in (select id from behaviour_models order by created_at desc, id limit $1)',
    [KEPT],
  );
  return rows[0]!.id;
}

const opened = new WeakMap<Database, { id: string; model: BehaviourModel | undefined }>();

/** The newest model; undefined while none is trained. Read once, looked for each time. */
export async function currentModel(db: Database): Promise<BehaviourModel | undefined> {
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'behaviour-model',
    text: 'select id from behaviour_models order by created_at desc, id limit 1',
  });
  const id = rows[0]?.id;
  if (id === undefined) return undefined;
  const before = opened.get(db);
  if (before?.id === id) return before.model;
  const stored = await db.pool.query<{ artefact: Buffer }>('select artefact from behaviour_models where id = $1', [id]);
  const model = stored.rows[0] && loadBehaviourModel(unpack(stored.rows[0].artefact));
  opened.set(db, { id, model });
  return model;
}

/** How the newest model was measured, and on what; undefined while none is trained. */
export async function currentMetrics(
  db: Database,
): Promise<{ data: Window; metrics: StoredMetrics; createdAt: Date } | undefined> {
  const { rows } = await db.pool.query<{ data: Window; metrics: StoredMetrics; createdAt: Date }>(
    'select data, metrics, created_at as "createdAt" from behaviour_models order by created_at desc, id limit 1',
  );
  return rows[0];
}
