import type { Database } from '../prisma/connect.ts';

// ── relay ───────────────────────────────────────────────────────────────────

/** Ids of messages that are due and on no queue yet, the longest due first. */
export async function dueMessages(db: Database, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    "select id from outbox_messages where status = 'pending' and not_before <= $1 order by not_before, created_at, id limit $2",
    [now, limit],
  );
  return rows.map((row) => row.id);
}

/** Marks messages as on the queue; one that was delivered meanwhile stays as it is. */
export async function markQueued(db: Database, ids: readonly string[], now: Date): Promise<void> {
  await db.pool.query(
    "update outbox_messages set status = 'queued', status_at = $2 where id = any($1::uuid[]) and status = 'pending'",
    [ids, now],
  );
}

/** Messages that have stood on the queue, or in sending, since before `since`; they get a new start of that time. */
export async function stuckMessages(db: Database, since: Date, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `update outbox_messages set status_at = $2
     where id in (select id from outbox_messages where status in ('queued', 'sending') and status_at < $1
                  order by status_at limit $3 for update skip locked)
     returning id`,
    [since, now, limit],
  );
  return rows.map((row) => row.id);
}

// ── training ────────────────────────────────────────────────────────────────

/**
 * Whether training is due: somebody asked for it (`requestTraining`) or so many events came in since
 * the newest model version. Without a version any event is enough.
 */
export async function trainingIsDue(db: Database, afterEvents: number): Promise<boolean> {
  const { rows } = await db.pool.query<{ due: boolean }>(
    `select coalesce(
       case when trained.at is null then exists (select 1 from events)
            else (select (value #>> '{}')::timestamptz > trained.at from settings where name = 'training.requested')
              is true
              or (select received_at > trained.at from events where type not in ('impression', 'silent')
                  order by id desc offset $1 limit 1) end, false) as due
     from (select max(created_at) as at from model_versions where status <> 'failed') trained`,
    [afterEvents - 1],
  );
  return rows[0]!.due;
}
