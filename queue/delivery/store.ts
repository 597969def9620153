import type { Pool, PoolClient } from 'pg';
import { isMarketing, type Moment } from '../../core/campaign/capping.ts';
import type { MessageKind } from '../../core/campaign/message/message.ts';
import type { Circumstances } from '../../core/behaviour/event.ts';
import type { Language, Reply } from '../../core/language/reply.ts';
import type { Address, ChannelName } from '../../core/learner/learner.ts';
import { startOfLocalDay } from '../../core/learner/local-time.ts';
import type { Database } from '../../prisma/connect.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import type { Place } from '../ports.ts';

const OPEN = "('pending', 'queued', 'sending')";

// ── who holds a message ─────────────────────────────────────────────────────

/**
 * Locks on messages, held by one connection of this process: when the process is killed, PostgreSQL
 * frees them at once, and however many messages wait to be sent, they take no more connections.
 */
export interface Locks {
  /** @returns false when another delivery, here or elsewhere, holds the message. */
  take(messageId: string): Promise<boolean>;
  free(messageId: string): Promise<void>;
}

interface Session {
  client: PoolClient;
  users: number;
  /** The last question put to it: a connection answers one at a time. */
  asked: Promise<unknown>;
  broken?: Error;
  released?: boolean;
}

export function createLocks(pool: Pool): Locks {
  const held = new Map<string, Session | undefined>();
  let opening: Promise<Session> | undefined;

  async function open(): Promise<Session> {
    const client = await pool.connect();
    const session: Session = { client, users: 0, asked: Promise.resolve() };
    client.on('error', (error) => {
      session.broken = error;
      opening = undefined;
    });
    return session;
  }
  function leave(messageId: string, session: Session) {
    held.delete(messageId);
    session.users--;
    // Somebody may be about to use it: who waits for a session is in `held` already.
    if (session.users > 0 || (held.size > 0 && !session.broken) || session.released) return;
    session.released = true;
    if (!session.broken) opening = undefined;
    session.client.removeAllListeners('error');
    session.client.release(session.broken);
  }
  function ask(session: Session, act: string, messageId: string): Promise<boolean> {
    const answer = session.asked.then(async () => {
      const { rows } = await session.client.query<{ done: boolean }>({
        name: `message.${act}`,
        text: `select pg_${act}(hashtextextended('message:' || $1::text, 0)) as done`,
        values: [messageId],
      });
      return rows[0]!.done;
    });
    session.asked = answer.catch(() => {});
    return answer;
  }

  return {
    async take(messageId) {
      if (held.has(messageId)) return false;
      held.set(messageId, undefined);
      let session: Session;
      try {
        session = await (opening ??= open());
      } catch (error) {
        opening = undefined;
        held.delete(messageId);
        throw error;
      }
      session.users++;
      held.set(messageId, session);
      try {
        if (await ask(session, 'try_advisory_lock', messageId)) return true;
      } catch (error) {
        leave(messageId, session);
        throw error;
      }
      leave(messageId, session);
      return false;
    },
    async free(messageId) {
      const session = held.get(messageId);
      if (!session) return;
      await ask(session, 'advisory_unlock', messageId).catch((error: unknown) => {
        // What PostgreSQL could not be asked to free, the end of the connection frees.
        session.broken = error as Error;
        opening = undefined;
      });
      leave(messageId, session);
    },
  };
}

// ── where it goes ───────────────────────────────────────────────────────────

/** To whom a message that is not sent yet goes. */
export type Receiver =
  { learnerId: string; kind: MessageKind } | { community: { channel: ChannelName; active: boolean }; place: Place };

/** @returns undefined when the message is delivered or ended, or its learner erased. */
export async function receiverOf(db: Database, messageId: string): Promise<Receiver | undefined> {
  const { rows } = await db.pool.query<ReceiverRow>({
    name: 'message.receiver',
    text: `select o.learner_id, o.kind, o.thread, c.channel, c.chat, c.active
           from outbox_messages o left join communities c on c.id = o.community_id
           where o.id = $1 and o.status in ${OPEN} and (o.learner_id is not null or c.id is not null)`,
    values: [messageId],
  });
  const row = rows[0];
  if (!row) return undefined;
  if (row.learner_id !== null) return { learnerId: row.learner_id, kind: row.kind };
  return {
    community: { channel: row.channel, active: row.active },
    place: { chat: row.chat, ...(row.thread !== null && { thread: row.thread }) },
  };
}

interface ReceiverRow {
  learner_id: string | null;
  kind: MessageKind;
  thread: string | null;
  channel: ChannelName;
  chat: string;
  active: boolean;
}

// ── the moment of sending ───────────────────────────────────────────────────

/** What the sending of a message needs to know. */
export interface Outgoing {
  /** Null for a post. */
  learnerId: string | null;
  kind: MessageKind;
  campaignId: string | null;
  reply: Reply;
  circumstances: Circumstances;
  attempts: number;
  expiresAt: Date;
  /** The learner's or the community's; null when none was chosen. */
  language: Language | null;
  recording: boolean;
}

export interface Claim {
  message: Outgoing;
  moment: Moment;
  /** Whether the address (still) is the learner's and works; true without an address. */
  reachable: boolean;
}

/**
 * Takes the message and its receiver's turn: until the transaction that `client` is in ends, no
 * other delivery to them can be decided, so that the daily cap holds under any concurrency. Whose
 * accounts become one while we wait for their turn is who they are now.
 *
 * @param address where it would go; without one, what the learner agreed to anywhere counts.
 * @returns undefined when the message is delivered or ended, or its learner erased.
 */
export async function claim(
  client: PoolClient,
  messageId: string,
  address: Pick<Address, 'channel' | 'chat'> | undefined,
  now: Date,
  defaultTimeZone: string,
): Promise<Claim | undefined> {
  const row = await take(client, messageId, address);
  if (!row) return undefined;
  const learner = { timeZone: row.time_zone, quietFrom: row.quiet_from, quietTo: row.quiet_to };
  const sentToday = isMarketing(row.kind)
    ? await sentSince(client, row.learner_id!, messageId, startOfLocalDay(learner, now, defaultTimeZone))
    : 0;
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
      agreed: row.agreed,
      learner,
      sentToday,
      campaignStopped: row.campaign_status === 'stopped',
      outdated: row.outdated,
      now,
    },
    reachable: row.reachable,
  };
}

async function take(
  client: PoolClient,
  messageId: string,
  address: Pick<Address, 'channel' | 'chat'> | undefined,
): Promise<ClaimRow | undefined> {
  for (let before: string | undefined; ;) {
    const turn = await client.query<{ receiver: string }>({ name: 'message.turn', text: TURN, values: [messageId] });
    const receiver = turn.rows[0]?.receiver;
    if (receiver === undefined || receiver === before) return undefined;
    const { rows } = await client.query<ClaimRow>({
      name: 'message.claim',
      text: CLAIM,
      values: [messageId, address?.channel ?? null, address?.chat ?? null, receiver],
    });
    if (rows[0]) return rows[0];
    before = receiver;
  }
}

async function sentSince(client: PoolClient, learnerId: string, except: string, since: Date): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'message.sent-since',
    text: `select count(*)::int as count from outbox_messages
           where learner_id = $1 and id <> $2 and kind in ('push', 'campaign')
             and (status = 'sending' or (status = 'sent' and sent_at >= $3))`,
    values: [learnerId, except, since],
  });
  return rows[0]!.count;
}

// A campaign's message goes out all the same: its code is what it is about.
const OUTDATED = `o.kind = 'push' and (
  exists (select 1 from courses where id = o.reply->>'course' and archived)
  or exists (select 1 from orders where learner_id = o.learner_id and course_id = o.reply->>'course'
             and status = 'paid' and created_at >= o.created_at)
  or exists (select 1 from events where learner_id = o.learner_id and course_id = o.reply->>'course'
             and type in ('purchase', 'enrol', 'dismiss') and occurred_at >= o.created_at))`;

const RECEIVER = 'coalesce(o.learner_id, o.community_id)';

// The receiver is read before the lock is waited for.
const TURN = `
  select ${RECEIVER} as receiver, pg_advisory_xact_lock(hashtextextended('messages-to:' || ${RECEIVER}::text, 0))
  from outbox_messages o where id = $1 and status in ${OPEN}`;

// Whoever never said anything about messages has not refused them.
const REFUSED = `coalesce((select not granted from consent_records
  where learner_id = o.learner_id and kind = 'messages' order by at desc, id desc limit 1), false)`;

// Consent is given for a place, and withdrawn for all.
const CLAIM = `
  select o.learner_id, o.kind, o.campaign_id, o.reply, o.circumstances, o.attempts, o.expires_at,
         c.status as campaign_status, ${OUTDATED} as outdated,
         case o.kind when 'push' then l.messages and ($2::text is null or coalesce(a.messages, false))
                     when 'campaign' then l.messages and ($2::text is null or coalesce(a.messages, false))
                     when 'reminder' then l.reminder_hour is not null and ($2::text is null or coalesce(a.reminders, false))
                     when 'reward' then not ${REFUSED}
                     else true end as agreed,
         $2::text is null or o.learner_id is null or coalesce(a.reachable, false) as reachable,
         coalesce(l.language, substring(g.settings->>'language' from '^(?:zh|en)$')) as language, coalesce(l.recording, false) as recording,
         l.time_zone, coalesce(l.quiet_from, 0) as quiet_from, coalesce(l.quiet_to, 0) as quiet_to
  from outbox_messages o
    left join learners l on l.id = o.learner_id
    left join communities g on g.id = o.community_id
    left join campaigns c on c.id = o.campaign_id
    left join addresses a on a.learner_id = o.learner_id and a.channel = $2 and a.chat = $3
  where o.id = $1 and o.status in ${OPEN} and ${RECEIVER} = $4::uuid for update of o`;

interface ClaimRow {
  learner_id: string | null;
  kind: MessageKind;
  campaign_id: string | null;
  reply: Reply;
  circumstances: Circumstances;
  attempts: number;
  expires_at: Date;
  campaign_status: string | null;
  outdated: boolean;
  agreed: boolean;
  reachable: boolean;
  language: Language | null;
  recording: boolean;
  time_zone: string | null;
  quiet_from: number;
  quiet_to: number;
}

/** Runs `work` in a transaction of its own; the decision to send and its mark belong together. */
export function deciding<T>(db: Database, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(db.pool, work);
}

// ── what became of it ───────────────────────────────────────────────────────

/** What became of one delivery. */
export type Result =
  | { status: 'sending' }
  | { status: 'sent'; channel: ChannelName; platformId: string }
  | { status: 'pending'; notBefore: Date; reason: string; attempts?: number }
  | { status: 'failed' | 'aborted' | 'expired'; reason: string };

/** Writes the result into the message's row, and a sending into its campaign's; a message that has ended stays as it is. */
export async function conclude(on: Pick<Pool, 'query'>, messageId: string, result: Result, now: Date): Promise<void> {
  const sent = result.status === 'sent' ? result : undefined;
  const later = result.status === 'pending' ? result : undefined;
  await on.query({
    name: 'message.conclude',
    text: CONCLUDE,
    values: [
      messageId,
      result.status,
      now,
      'reason' in result ? result.reason : null,
      sent?.channel ?? null,
      sent?.platformId ?? null,
      later?.notBefore ?? null,
      later?.attempts ?? null,
    ],
  });
}

const CONCLUDE = `
  with message as (
    update outbox_messages set status = $2::text, status_at = $3::timestamptz, reason = $4, channel = coalesce($5, channel),
      platform_id = coalesce($6, platform_id), sent_at = case when $2::text = 'sent' then $3::timestamptz else sent_at end,
      not_before = coalesce($7, not_before), attempts = coalesce($8, attempts)
    where id = $1 and status in ${OPEN} returning campaign_id, learner_id
  )
  update campaign_members m set sent_at = $3::timestamptz from message
  where $2::text = 'sent' and m.campaign_id = message.campaign_id and m.learner_id = message.learner_id`;
