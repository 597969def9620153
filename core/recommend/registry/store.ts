import type pg from 'pg';
import type { Database } from '../../../prisma/connect.ts';
import { inTransaction } from '../../../prisma/transaction.ts';
import type { TrainedArtefact, Validation } from '../train.ts';
import type { DataWindow } from '../training-data.ts';
import type { Decision } from './promotion.ts';

export type Status = 'champion' | 'challenger' | 'retired' | 'failed';

/** What a person did to a version. */
export interface ByHand {
  action: 'promoted' | 'rolled-back-to' | 'rolled-back';
  /** ISO. */
  at: string;
  /** Number of the version that was the champion until then. */
  from: number | null;
  note: string | null;
}

/** The record of a version, without its artefact. */
export interface Version {
  id: string;
  /** Short number for people. */
  number: number;
  status: Status;
  seed: number;
  config: Record<string, unknown>;
  /** `renewedTo`: the end of the behaviour that its counts know, where they were brought up to date later. */
  data: DataWindow & { renewedTo?: string | null };
  metrics: { validation?: Validation; leftOut?: TrainedArtefact['leftOut']; fault?: string };
  decision: Partial<Decision> & { byHand?: ByHand };
  createdAt: Date;
  promotedAt: Date | null;
  /** Bytes of its artefact; 0 where that is not kept any more. */
  size: number;
}

/** Champions before the present one whose artefacts are kept to go back to. */
const KEPT_BEFORE = 2;
/** Taken while the champion changes, so that two trainings can not both leave one. */
const PROMOTION_LOCK = 7_266_731;

const COLUMNS = `id, number, status, seed, config, data, metrics, decision,
  created_at as "createdAt", promoted_at as "promotedAt", length(artefact) as size`;

/** All versions, the newest first. */
export async function listVersions(db: Database): Promise<Version[]> {
  const { rows } = await db.pool.query<Version>(`select ${COLUMNS} from model_versions order by number desc`);
  return rows;
}

/** The version that serves; undefined while nothing is trained. */
export async function championOf(db: Pick<Database, 'pool'>): Promise<Version | undefined> {
  return (await championWith(db.pool, COLUMNS)) as Version | undefined;
}

/** Changes whenever a process has to load the champion anew: another one, or the same with newer counts. */
export async function championKey(db: Database): Promise<string | undefined> {
  return (await championWith(db.pool, `${KEY} as key`))?.['key'] as string | undefined;
}

/** The champion's artefact with the key that goes with these very bytes. */
export async function loadChampion(
  db: Database,
): Promise<{ key: string; id: string; artefact: Uint8Array } | undefined> {
  return (await championWith(db.pool, `${KEY} as key, id, artefact`)) as
    { key: string; id: string; artefact: Uint8Array } | undefined;
}

/**
 * Stores a trained version, and where it was decided so makes it the champion in the same transaction. One
 * that was held against a champion which is no longer there stays a challenger. One with a fault is stored
 * as failed, without its artefact.
 *
 * @param comparedTo id of the champion when training began.
 */
export async function storeVersion(
  db: Database,
  { packed, config, validation, leftOut, decision, renewed, fault }: TrainedArtefact,
  { window, readAt, comparedTo }: { window: DataWindow; readAt: Date; comparedTo: string | undefined },
): Promise<Version> {
  return changing(db, async (client, champion) => {
    const overtaken = champion?.id !== comparedTo && decision.rule !== 'unfit';
    const decided: Decision = overtaken ? { ...decision, promoted: false, rule: 'overtaken' } : decision;
    const status: Status = fault !== undefined ? 'failed' : decided.promoted ? 'champion' : 'challenger';
    if (status === 'champion' && champion) await setStatus(client, champion.id, 'retired');
    const { rows } = await client.query<Version>(
      `insert into model_versions (status, seed, config, data, metrics, artefact, decision, created_at, promoted_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, case when $1 = 'champion' then clock_timestamp() end) returning ${COLUMNS}`,
      [
        status,
        config.seed,
        { model: 'hybrid', ...config },
        window,
        { ...(validation && { validation }), leftOut, ...(fault !== undefined && { fault }) },
        fault === undefined ? packed : Buffer.alloc(0),
        decided,
        readAt,
      ],
    );
    if (renewed && champion && !overtaken)
      await client.query(
        `update model_versions set artefact = $2, data = data || jsonb_build_object('renewedTo', $3::text) where id = $1`,
        [champion.id, renewed, window.to],
      );
    return rows[0]!;
  });
}

/** What came of a change by hand. */
export type Change =
  | { changed: true; from: number | null; to: number }
  | { changed: false; why: 'unknown' | 'failed' | 'dropped' | 'champion' | 'nothing-before' };

/** Makes a version the champion, whatever its figures. */
export async function promote(db: Database, number: number, note: string | null): Promise<Change> {
  return changing(db, async (client, champion) => {
    const { rows } = await client.query<Version>(`select ${COLUMNS} from model_versions where number = $1`, [number]);
    const version = rows[0];
    if (!version) return { changed: false, why: 'unknown' };
    if (version.status === 'failed') return { changed: false, why: 'failed' };
    if (version.status === 'champion') return { changed: false, why: 'champion' };
    if (version.size === 0) return { changed: false, why: 'dropped' };
    if (champion) await setStatus(client, champion.id, 'retired');
    await crown(client, version.id, byHand('promoted', champion, note));
    return { changed: true, from: champion?.number ?? null, to: version.number };
  });
}

/**
 * Goes back to the champion before the present one. What it takes back is no champion to go back to any
 * more, so that a second rollback goes one further.
 */
export async function rollback(db: Database, note: string | null): Promise<Change> {
  return changing(db, async (client, champion) => {
    const { rows } = await client.query<Version>(
      `select ${COLUMNS} from model_versions where status = 'retired' and promoted_at is not null and length(artefact) > 0
       order by promoted_at desc limit 1`,
    );
    const before = rows[0];
    if (!champion || !before) return { changed: false, why: 'nothing-before' };
    await client.query(
      `update model_versions set status = 'retired', promoted_at = null, decision = decision || $2 where id = $1`,
      [champion.id, byHand('rolled-back', champion, note)],
    );
    await crown(client, before.id, byHand('rolled-back-to', champion, note));
    return { changed: true, from: champion.number, to: before.number };
  });
}

/** The id, and the end of what its counts know. */
const KEY = `id || coalesce(' ' || (data->>'renewedTo'), '')`;

async function championWith(client: Pick<pg.ClientBase, 'query'>, columns: string) {
  const { rows } = await client.query<Record<string, unknown>>(
    `select ${columns} from model_versions where status = 'champion'`,
  );
  return rows[0];
}

/**
 * Runs a change alone, and lets go of the artefacts that it leaves without a use. The newest challenger, and
 * what was taken back last, can still be promoted by hand.
 */
async function changing<T>(
  db: Database,
  change: (client: pg.PoolClient, champion: Version | undefined) => Promise<T>,
): Promise<T> {
  return inTransaction(db.pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [PROMOTION_LOCK]);
    const result = await change(client, (await championWith(client, COLUMNS)) as Version | undefined);
    await client.query(
      `update model_versions set artefact = '' where length(artefact) > 0 and status <> 'champion'
         and id not in (select id from model_versions where status = 'retired' and promoted_at is not null
                        and length(artefact) > 0 order by promoted_at desc limit $1)
         and id not in (select distinct on (status) id from model_versions
                        where status in ('challenger', 'retired') and promoted_at is null and length(artefact) > 0
                        order by status, decision->'byHand'->>'at' desc nulls last, number desc)`,
      [KEPT_BEFORE],
    );
    return result;
  });
}

async function setStatus(client: pg.PoolClient, id: string, status: Status): Promise<void> {
  await client.query('update model_versions set status = $2 where id = $1', [id, status]);
}

async function crown(client: pg.PoolClient, id: string, decision: { byHand: ByHand }): Promise<void> {
  await client.query(
    `update model_versions set status = 'champion', promoted_at = clock_timestamp(), decision = decision || $2 where id = $1`,
    [id, decision],
  );
}

function byHand(action: ByHand['action'], champion: Version | undefined, note: string | null): { byHand: ByHand } {
  return { byHand: { action, at: new Date().toISOString(), from: champion?.number ?? null, note } };
}
