/** Updates as a platform sent them, kept until they are answered. */

import type { ChannelName } from '../../core/learner/learner.ts';
import type { Database } from '../../prisma/connect.ts';
import { jsonText } from '../../prisma/json.ts';

/** What a platform sent: `id` is the platform's own, unique within the channel. */
export interface Update {
  id: string;
  payload: unknown;
}

export interface UnfinishedUpdate extends Update {
  /** Messages of its answer that went out already. */
  sent: number;
  /** How many processes took it up again. */
  attempts: number;
}

/** @returns the ids that are new; the others came before, and stay as they are. */
export async function keepUpdates(
  db: Database,
  channel: ChannelName,
  updates: readonly Update[],
): Promise<Set<string>> {
  if (updates.length === 0) return new Set();
  const { rows } = await db.pool.query<{ id: string }>({
    name: 'keep-updates',
    text: `insert into updates (channel, id, payload) select $1, id, payload
           from unnest($2::text[], $3::jsonb[]) as u(id, payload) on conflict do nothing returning id`,
    values: [channel, updates.map(({ id }) => id), updates.map(({ payload }) => jsonText(payload))],
  });
  return new Set(rows.map(({ id }) => id));
}

/** What was taken and not answered, in the order in which it came. */
export async function unfinishedUpdates(db: Database, channel: ChannelName): Promise<UnfinishedUpdate[]> {
  // The ids of platforms are numbers that grow: of those kept at once, the longer and then the higher came later.
  const { rows } = await db.pool.query<UnfinishedUpdate>(
    `select id, payload, sent, attempts from updates where channel = $1 and done_at is null
     order by received_at, length(id), id`,
    [channel],
  );
  return rows;
}

/** Counts that this process takes these up again. */
export async function noteAttempts(db: Database, channel: ChannelName, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.pool.query('update updates set attempts = attempts + 1 where channel = $1 and id = any($2::text[])', [
    channel,
    ids,
  ]);
}

/** Notes how many messages of the answer went out, so that after a crash only the others are sent. */
export async function noteSent(db: Database, channel: ChannelName, id: string, sent: number): Promise<void> {
  await db.pool.query({
    name: 'note-sent',
    text: 'update updates set sent = $3 where channel = $1 and id = $2',
    values: [channel, id, sent],
  });
}

/** The updates are answered: what they held goes, their ids stay, so that a repeat counts once. */
export async function finishUpdates(db: Database, channel: ChannelName, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.pool.query({
    name: 'finish-updates',
    text: 'update updates set payload = null, answer = null, done_at = now() where channel = $1 and id = any($2::text[])',
    values: [channel, ids],
  });
}
