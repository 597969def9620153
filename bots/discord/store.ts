/** What waited because a person's direct messages are closed, and locks that all processes share. */

import { recordEvents } from '../../core/behaviour/store.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import type { Circumstances } from '../../core/behaviour/event.ts';
import type { Reply } from '../../core/language/reply.ts';
import type { Database } from '../../prisma/connect.ts';
import { inTransaction } from '../../prisma/transaction.ts';

/** A message that could not be sent, now to be shown. */
export interface Undelivered {
  /** Of the outbox. */
  id: string;
  reply: Reply;
  /** To be called when it is shown, with the platform's id. */
  shown: (platformId: string) => Promise<void>;
}

/** The newest of them: who comes back after weeks is not met by a pile. */
const MOST = 3;

/**
 * Takes what waits for a learner and is still wanted: not expired, its campaign not stopped, the
 * learner's consent to messages on Discord standing. It counts as sent from here on, so that no other process
 * shows it too; `notShown` puts it back.
 */
export async function takeUndelivered(db: Database, learnerId: string, now: Date): Promise<Undelivered[]> {
  const { rows } = await db.pool.query<Row>({
    name: 'take-undelivered',
    text: `with waiting as (
             select o.id from outbox_messages o
               join learners l on l.id = o.learner_id
               left join campaigns c on c.id = o.campaign_id
             where o.learner_id = $1 and o.status = 'failed' and o.reason = 'unreachable' and o.expires_at > $2
               and o.kind in ('push', 'campaign', 'reward', 'service') and (o.kind in ('reward', 'service') or l.messages)
               and exists (select 1 from addresses a where a.learner_id = l.id and a.channel = 'discord'
                           and (a.messages or o.kind in ('reward', 'service')))
               and coalesce(c.status, '') <> 'stopped'
               and not (o.kind = 'push' and exists (
                 select 1 from orders where learner_id = l.id and course_id = o.reply->>'course' and status = 'paid'))
             order by o.created_at desc limit $3 for update of o skip locked
           ), taken as (
             update outbox_messages o set status = 'sent', status_at = $2, sent_at = $2, channel = 'discord', reason = null,
               outcome = case when outcome = 'blocked' then null else outcome end,
               outcome_at = case when outcome = 'blocked' then null else outcome_at end
             from waiting where o.id = waiting.id
             returning o.id, o.kind, o.reply, o.circumstances, o.campaign_id, o.learner_id, o.created_at
           ), members as (
             update campaign_members m set sent_at = $2 from taken
             where m.campaign_id = taken.campaign_id and m.learner_id = taken.learner_id
           )
           select taken.*, l.recording from taken join learners l on l.id = taken.learner_id order by taken.created_at`,
    values: [learnerId, now, MOST],
  });
  return rows.map((row) => ({
    id: row.id,
    reply: row.reply,
    async shown(platformId) {
      await db.pool.query('update outbox_messages set platform_id = $2 where id = $1', [row.id, platformId]);
      await recordImpression(db, row, now);
    },
  }));
}

/** Puts back what could not be shown after all. */
export async function notShown(db: Database, ids: readonly string[]): Promise<void> {
  await db.pool.query(
    `update outbox_messages set status = 'failed', reason = 'unreachable', sent_at = null
     where id = any($1::uuid[]) and status = 'sent' and platform_id is null`,
    [ids],
  );
}

interface Row {
  id: string;
  kind: string;
  learner_id: string;
  campaign_id: string | null;
  reply: Reply;
  circumstances: Circumstances;
  recording: boolean;
}

async function recordImpression(db: Database, row: Row, now: Date): Promise<void> {
  const { course } = row.reply;
  if (course === undefined || !row.recording || row.kind === 'service') return;
  await recordEvents(db, [
    {
      idempotencyKey: eventKey('impression', row.circumstances.slate ?? row.id, course),
      learnerId: row.learner_id,
      courseId: course,
      type: 'impression',
      value: null,
      occurredAt: now,
      channel: 'discord',
      circumstances: {
        ...row.circumstances,
        message: row.id,
        ...(row.campaign_id !== null && { campaign: row.campaign_id }),
      },
    },
  ]);
}

let inLine: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` while nobody else, in any process, runs something of the same name. One at a time here:
 * each holds a connection while it waits for Discord.
 */
export function withLock<T>(db: Database, name: string, work: () => Promise<T>): Promise<T> {
  const result = inLine.then(() =>
    inTransaction(db.pool, async (client) => {
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
      return work();
    }),
  );
  inLine = result.catch(() => {});
  return result;
}
