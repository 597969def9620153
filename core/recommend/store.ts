import type { Database } from '../../prisma/connect.ts';
import { eventTypes, eventWeight, type EventTypeName } from '../behaviour/event-types.ts';
import { eventsAfter } from '../behaviour/store.ts';
import { loadCourses } from '../catalogue/store.ts';
import type { Progress } from '../numerics/progress.ts';
import { datasetBuilder } from './dataset.ts';
import { factsOf } from './facts.ts';
import type { TrainedArtefact, TrainingData } from './train.ts';

/** Where a version's data came from. */
export interface DataWindow {
  /** ISO times of the first and last event; null where no event has a time. */
  from: string | null;
  to: string | null;
  learners: number;
  courses: number;
  /** Events read. */
  events: number;
  /** Distinct pairs of learner and course that they came to. */
  interactions: number;
}

export interface LoadedData extends TrainingData {
  window: DataWindow;
  /** When reading began: what came later is not in it. */
  readAt: Date;
}

/** Everything that speaks for or against a course; silence says too little of any one course. */
const readTypes = (Object.keys(eventTypes) as EventTypeName[]).filter(
  (type) => type !== 'silent' && eventTypes[type].weight !== 0,
);
/** What only someone who took the course does. */
const takingTypes: ReadonlySet<EventTypeName> = new Set(['enrol', 'purchase', 'progress', 'complete', 'rate']);

/** Reads the log for training, in pages; events set aside by cleaning are left out. */
export async function loadTrainingData(db: Database, progress: Progress): Promise<LoadedData> {
  const readAt = new Date();
  const courses = (await loadCourses(db)).map(factsOf);
  const { rows } = await db.pool.query<{ last: string }>('select coalesce(max(id), 0) as last from events');
  const last = Number(rows[0]!.last);
  const interest = datasetBuilder(courses);
  const taking = datasetBuilder(courses);
  let events = 0;
  let from = Infinity;
  let to = -Infinity;
  for await (const page of eventsAfter(db, 0n, { types: readTypes })) {
    for (const { learnerId, courseId, type, value, occurredAt, circumstances } of page) {
      if (courseId === null) continue;
      // A time that only stands in for the order of a file says nothing about the week it was in.
      const time = circumstances.undated ? NaN : occurredAt.getTime() / 1000;
      const rating = type === 'rate' && value !== null ? value : NaN;
      if (!interest.add(learnerId, courseId, time, eventWeight(type, value), rating)) continue;
      if (takingTypes.has(type)) taking.add(learnerId, courseId, time, 1, rating);
      events++;
      if (time < from) from = time;
      if (time > to) to = time;
    }
    progress('Reading behaviour', Math.min(1, Number(page.at(-1)!.id) / last));
  }
  const dataset = interest.build();
  return {
    dataset,
    taken: taking.build(),
    readAt,
    window: {
      from: isoOf(from),
      to: isoOf(to),
      learners: dataset.learners.length,
      courses: courses.length,
      events,
      interactions: dataset.items.length,
    },
  };
}

export interface StoredVersion {
  id: string;
  /** Short number for people. */
  number: number;
  status: 'champion' | 'retired' | 'failed';
}

/** Versions whose artefacts are kept, the champion among them: enough to go back. */
const KEPT_ARTEFACTS = 3;
/** Taken while the champion changes, so that two trainings can not both leave one. */
const PROMOTION_LOCK = 7_266_731;

/**
 * Stores a trained version and makes it the champion, retiring the one before, in one transaction.
 * One with a fault is stored as failed, without its artefact, and changes nothing else.
 */
export async function storeVersion(
  db: Database,
  { packed, validation, fault }: TrainedArtefact,
  { seed, window, readAt }: { seed: number; window: DataWindow; readAt: Date },
): Promise<StoredVersion> {
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [PROMOTION_LOCK]);
    const status = fault === undefined ? 'champion' : 'failed';
    if (status === 'champion')
      await client.query(`update model_versions set status = 'retired' where status = 'champion'`);
    const { rows } = await client.query<StoredVersion>(
      `insert into model_versions (status, seed, config, data, metrics, artefact, created_at)
       values ($1, $2, $3, $4, $5, $6, $7) returning id, number, status`,
      [
        status,
        seed,
        { ranker: 'hybrid', cut: 'auto' },
        window,
        { ...(validation && { validation }), ...(fault && { fault }) },
        fault === undefined ? packed : Buffer.alloc(0),
        readAt,
      ],
    );
    await client.query(
      `update model_versions set artefact = '' where length(artefact) > 0 and number not in
         (select number from model_versions where length(artefact) > 0 order by number desc limit $1)`,
      [KEPT_ARTEFACTS],
    );
    await client.query('commit');
    return rows[0]!;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Id of the version that serves; undefined while nothing is trained. */
export async function championId(db: Database): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from model_versions where status = 'champion' order by number desc limit 1`,
  );
  return rows[0]?.id;
}

export async function loadArtefact(db: Database, versionId: string): Promise<Uint8Array | undefined> {
  const { rows } = await db.pool.query<{ artefact: Buffer }>('select artefact from model_versions where id = $1', [
    versionId,
  ]);
  return rows[0]?.artefact;
}

function isoOf(seconds: number): string | null {
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : null;
}
