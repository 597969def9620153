import type { PoolClient } from 'pg';
import type { Moment } from '../core/campaign/capping.ts';
import type { MessageKind } from '../core/campaign/message/message.ts';
import type { Circumstances } from '../core/behaviour/event.ts';
import type { Language, Reply } from '../core/language/reply.ts';
import type { ChannelName } from '../core/learner/learner.ts';
import { startOfLocalDay } from '../core/learner/local-time.ts';
import type { Database } from '../prisma/connect.ts';

// ── relay ───────────────────────────────────────────────────────────────────

/** Ids of messages that are due and on no queue yet, the longest due first. */
export async function dueMessages(db: Database, now: Date, limit: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    "select id from outbox_messages where status = 'pending' and not_before <= $1 order by not_before, id limit $2",
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

// ── delivery ────────────────────────────────────────────────────────────────

/** Where a message that is not sent yet should go. */
export async function receiverOf(db: Database, messageId: string): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ learner_id: string }>(
    "select learner_id from outbox_messages where id = $1 and status in ('pending', 'queued', 'sending')",
    [messageId],
  );
  return rows[0]?.learner_id;
}

/**
 * Runs `work` while this connection alone holds the message. The lock lives as long as the
 * connection: when a process is killed, PostgreSQL frees its messages at once.
 *
 * @returns undefined when another delivery holds it.
 */
export async function withMessage<T>(
  db: Database,
  messageId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T | undefined> {
  const client = await db.pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ locked: boolean }>(
      "select pg_try_advisory_lock(hashtextextended('message:' || $1::text, 0)) as locked",
      [messageId],
    );
    if (!rows[0]!.locked) return undefined;
    try {
      return await work(client);
    } finally {
      await client
        .query("select pg_advisory_unlock(hashtextextended('message:' || $1::text, 0))", [messageId])
        .catch((cause: unknown) => (broken = cause as Error));
    }
  } finally {
    client.release(broken);
  }
}

export interface Outgoing {
  learnerId: string;
  kind: MessageKind;
  campaignId: string | null;
  reply: Reply;
  circumstances: Circumstances;
  attempts: number;
  expiresAt: Date;
  language: Language | null;
  recording: boolean;
}

export interface Claim {
  message: Outgoing;
  moment: Moment;
}

/**
 * Takes the message and the learner's turn: until the transaction that `client` is in ends, no
 * other delivery to this learner can be decided, so that the daily cap holds under any concurrency.
 *
 * @returns undefined when the message is delivered or ended, or its learner erased.
 */
export async function claim(
  client: PoolClient,
  messageId: string,
  now: Date,
  defaultTimeZone: string,
): Promise<Claim | undefined> {
  await client.query(
    `select pg_advisory_xact_lock(hashtextextended('messages-to:' || learner_id::text, 0)) from outbox_messages where id = $1`,
    [messageId],
  );
  const { rows } = await client.query<ClaimRow>(
    `select o.learner_id, o.kind, o.campaign_id, o.reply, o.circumstances, o.attempts, o.expires_at, c.status as campaign_status, ${OUTDATED} as outdated,
            l.language, l.recording, l.messages, l.time_zone, l.quiet_from, l.quiet_to
     from outbox_messages o join learners l on l.id = o.learner_id left join campaigns c on c.id = o.campaign_id
     where o.id = $1 and o.status in ('pending', 'queued', 'sending') for update of o`,
    [messageId],
  );
  const row = rows[0];
  if (!row) return undefined;
  const learner = {
    messages: row.messages,
    timeZone: row.time_zone,
    quietFrom: row.quiet_from,
    quietTo: row.quiet_to,
  };
  const sentToday = await client.query<{ count: number }>(
    `select count(*)::int as count from outbox_messages
     where learner_id = $1 and id <> $2 and kind in ('push', 'campaign')
       and (status = 'sending' or (status = 'sent' and sent_at >= $3))`,
    [row.learner_id, messageId, startOfLocalDay(learner, now, defaultTimeZone)],
  );
  return {
    message: {
      learnerId: row.learner_id,
      kind: row.kind,
      campaignId: row.campaign_id,
      reply: row.reply,
      circumstances: row.circumstances,
      attempts: row.attempts,
      expiresAt: row.expires_at,
      language: row.language,
      recording: row.recording,
    },
    moment: {
      kind: row.kind,
      expiresAt: row.expires_at,
      learner,
      sentToday: sentToday.rows[0]!.count,
      campaignStopped: row.campaign_status === 'stopped',
      outdated: row.outdated,
      now,
    },
  };
}

// A campaign's message goes out all the same: its code is what it is about.
const OUTDATED = `o.kind = 'push' and (
  exists (select 1 from courses where id = o.reply->>'course' and archived)
  or exists (select 1 from orders where learner_id = o.learner_id and course_id = o.reply->>'course'
             and status = 'paid' and created_at >= o.created_at)
  or exists (select 1 from events where learner_id = o.learner_id and course_id = o.reply->>'course'
             and type in ('purchase', 'enrol', 'dismiss') and occurred_at >= o.created_at))`;

interface ClaimRow {
  learner_id: string;
  kind: MessageKind;
  campaign_id: string | null;
  reply: Reply;
  circumstances: Circumstances;
  attempts: number;
  expires_at: Date;
  campaign_status: string | null;
  outdated: boolean;
  language: Language | null;
  recording: boolean;
  messages: boolean;
  time_zone: string | null;
  quiet_from: number;
  quiet_to: number;
}

/** What became of one delivery. */
export type Result =
  | { status: 'sending' }
  | { status: 'sent'; channel: ChannelName; platformId: string }
  | { status: 'pending'; notBefore: Date; reason: string; attempts?: number }
  | { status: 'failed' | 'aborted' | 'expired'; reason: string };

/** Writes the result into the message's row, and a sending into its campaign's; a message that has ended stays as it is. */
export async function conclude(client: PoolClient, messageId: string, result: Result, now: Date): Promise<void> {
  const sent = result.status === 'sent' ? result : undefined;
  const later = result.status === 'pending' ? result : undefined;
  await client.query(
    `with message as (
       update outbox_messages set status = $2, status_at = $3, reason = $4, channel = coalesce($5, channel),
         platform_id = coalesce($6, platform_id), sent_at = case when $2 = 'sent' then $3 else sent_at end,
         not_before = coalesce($7, not_before), attempts = coalesce($8, attempts)
       where id = $1 and status in ('pending', 'queued', 'sending') returning campaign_id, learner_id
     )
     update campaign_members m set sent_at = $3 from message
     where $2 = 'sent' and m.campaign_id = message.campaign_id and m.learner_id = message.learner_id`,
    [
      messageId,
      result.status,
      now,
      'reason' in result ? result.reason : null,
      sent?.channel ?? null,
      sent?.platformId ?? null,
      later?.notBefore ?? null,
      later?.attempts ?? null,
    ],
  );
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
