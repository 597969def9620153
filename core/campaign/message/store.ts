import type { Database } from '../../../prisma/connect.ts';
import type { Queryable } from '../../../prisma/transaction.ts';
import type { Circumstances, NewEvent } from '../../behaviour/event.ts';
import { eventKey } from '../../behaviour/key.ts';
import { recordEvents } from '../../behaviour/store.ts';
import { outcomes, replaces, type Outcome } from '../outcome.ts';
import type { NewMessage } from './message.ts';

/**
 * Puts messages into the outbox; one whose key is there already is left out. Ids come of keys, so that of two
 * writers at once either constraint may be the one that notices.
 *
 * @returns ids of the messages that are new.
 */
export async function writeMessages(db: Queryable, messages: readonly NewMessage[], now: Date): Promise<Set<string>> {
  if (messages.length === 0) return new Set();
  const { rows } = await db.query<{ id: string }>(
    `insert into outbox_messages (id, idempotency_key, learner_id, kind, campaign_id, reply, circumstances,
                                  not_before, expires_at, created_at, status_at)
     select m.*, $10, $10
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::uuid[], $6::jsonb[], $7::jsonb[],
                 $8::timestamptz[], $9::timestamptz[])
       as m(id, key, learner_id, kind, campaign_id, reply, circumstances, not_before, expires_at)
     join learners l on l.id = m.learner_id
     on conflict do nothing
     returning id`,
    [
      messages.map((message) => message.id),
      messages.map((message) => message.idempotencyKey),
      messages.map((message) => message.learnerId),
      messages.map((message) => message.kind),
      messages.map((message) => message.campaignId),
      messages.map((message) => JSON.stringify(message.reply)),
      messages.map((message) => JSON.stringify(message.circumstances)),
      messages.map((message) => message.notBefore.toISOString()),
      messages.map((message) => message.expiresAt.toISOString()),
      now,
    ],
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * What stood around a message, for the events that answer it; undefined when it is not this
 * learner's.
 */
export async function messageCircumstances(
  db: Database,
  messageId: string,
  learnerId: string,
): Promise<Circumstances | undefined> {
  const { rows } = await db.pool.query<{ circumstances: Circumstances; campaign_id: string | null }>(
    'select circumstances, campaign_id from outbox_messages where id = $1 and learner_id = $2',
    [messageId, learnerId],
  );
  const row = rows[0];
  return row && { ...row.circumstances, ...(row.campaign_id && { campaign: row.campaign_id }), message: messageId };
}

/**
 * Keeps what came back on a message: which answer counts is decided by `replaces`. Anything a
 * person does with a campaign's message marks their place in the campaign as pressed.
 *
 * @returns whether it is now the message's outcome; false for a message that is not the learner's.
 */
export async function recordOutcome(
  db: Database,
  { messageId, learnerId, outcome, at }: { messageId: string; learnerId: string; outcome: Outcome; at: Date },
): Promise<boolean> {
  const weaker = outcomes.filter((earlier) => replaces(outcome, earlier));
  const { rows } = await db.pool.query<{ kept: boolean }>(
    `with mine as (
       select id, learner_id, campaign_id, outcome from outbox_messages
       where id = $1 and learner_id = coalesce((select learner_id from former_ids where id = $2), $2) for no key update
     ), kept as (
       update outbox_messages o set outcome = $3, outcome_at = $4 from mine
       where o.id = mine.id and (mine.outcome is null or mine.outcome = any($5::text[])) returning o.id
     ), member as (
       update campaign_members m set pressed_at = $4 from mine
       where m.campaign_id = mine.campaign_id and m.learner_id = mine.learner_id and m.pressed_at is null
         and $3 not in ('silent', 'opted-out', 'dismissed', 'blocked')
     )
     select exists (select 1 from kept) as kept`,
    [messageId, learnerId, outcome, at, weaker],
  );
  return rows[0]!.kept;
}

/**
 * Marks messages that nobody answered by `before` as silent, and records the silence of learners
 * who agreed to recording.
 *
 * @returns how many messages were marked.
 */
export async function markSilent(
  db: Database,
  { sentBefore, now, limit = 500 }: { sentBefore: Date; now: Date; limit?: number },
): Promise<number> {
  const { rows } = await db.pool.query<SilentRow>(
    `select o.id, o.learner_id, o.campaign_id, o.reply->>'course' as course, o.circumstances, o.channel, l.recording
     from outbox_messages o join learners l on l.id = o.learner_id
     where o.status = 'sent' and o.outcome is null and o.kind in ('push', 'campaign') and o.sent_at <= $1
     order by o.sent_at limit $2`,
    [sentBefore, limit],
  );
  // The event first: its key makes a repeat harmless, while an outcome without its event would stay so.
  await recordEvents(
    db,
    rows.filter((row) => row.recording).map((row) => silence(row, now)),
  );
  const { rowCount } = await db.pool.query(
    "update outbox_messages set outcome = 'silent', outcome_at = $2 where id = any($1::uuid[]) and outcome is null",
    [rows.map((row) => row.id), now],
  );
  return rowCount ?? 0;
}

interface SilentRow {
  id: string;
  learner_id: string;
  campaign_id: string | null;
  course: string | null;
  circumstances: Circumstances;
  channel: string | null;
  recording: boolean;
}

function silence(row: SilentRow, now: Date): NewEvent {
  return {
    idempotencyKey: eventKey('silent', row.id),
    learnerId: row.learner_id,
    courseId: row.course,
    type: 'silent',
    value: null,
    occurredAt: now,
    channel: row.channel ?? 'web',
    circumstances: {
      ...row.circumstances,
      message: row.id,
      ...(row.campaign_id && { campaign: row.campaign_id }),
    },
  };
}
