import type { Database } from '../../prisma/connect.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import { eventsAfter, setAsideOutliers } from '../behaviour/store.ts';
import { loadCourses } from '../catalogue/store.ts';
import type { Progress } from '../numerics/progress.ts';
import { factsOf } from './facts.ts';
import type { TrainedArtefact } from './train.ts';
import { trainingDataBuilder, trainingTypes, type DataWindow, type TrainingData } from './training-data.ts';

export interface LoadedData extends TrainingData {
  /** When reading began: what came later is not in it. */
  readAt: Date;
}

/**
 * Reads the log for training, in pages; events set aside by cleaning are left out, amounts that came in
 * live and only now show as outliers too.
 */
export async function loadTrainingData(db: Database, progress: Progress): Promise<LoadedData> {
  const readAt = new Date();
  await setAsideOutliers(db);
  const builder = trainingDataBuilder((await loadCourses(db)).map(factsOf));
  const { rows } = await db.pool.query<{ last: string }>('select coalesce(max(id), 0) as last from events');
  const last = Number(rows[0]!.last);
  for await (const page of eventsAfter(db, 0n, { types: trainingTypes })) {
    for (const event of page) builder.add(event);
    progress('Reading behaviour', Math.min(1, Number(page.at(-1)!.id) / last));
  }
  return { ...builder.build(), readAt };
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
  return inTransaction(db.pool, async (client) => {
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
    return rows[0]!;
  });
}

/** Asks whoever trains to do so soon: the data has changed in a way that counting new events does not show. */
export async function requestTraining(db: Database, at: Date): Promise<void> {
  const value = at.toISOString();
  await db.prisma.setting.upsert({
    where: { name: 'training.requested' },
    create: { name: 'training.requested', value },
    update: { value },
  });
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
