import pg from 'pg';
import { following } from '../../core/learner/store.ts';
import { SESSION_DAYS } from '../../core/privacy/forget.ts';
import type { Database } from '../../prisma/connect.ts';
import type { ChatMessage } from './message.ts';

// ── Sessions ──

/**
 * Whose session this is; about once a day its use is noted, which keeps it alive.
 *
 * @param idHash SHA-256 of the session id, hex.
 */
export async function findSession(db: Database, idHash: string): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ learner_id: string; stale: boolean }>({
    name: 'web-session',
    text: `select learner_id, seen_at < now() - interval '1 day' as stale from web_sessions
           where id_hash = $1 and seen_at > now() - make_interval(days => ${SESSION_DAYS})`,
    values: [idHash],
  });
  const [row] = rows;
  if (!row) return undefined;
  if (row.stale) await db.pool.query('update web_sessions set seen_at = now() where id_hash = $1', [idHash]);
  return row.learner_id;
}

export async function addSession(db: Database, idHash: string, learnerId: string): Promise<void> {
  await db.pool.query('insert into web_sessions (id_hash, learner_id) values ($1, $2)', [idHash, learnerId]);
}

// ── Inbox ──

const WAKE = 'web_inbox';

/** A pushed message as `GET /api/inbox` gives it. */
export type InboxMessage = ChatMessage & { id: string; at: string };

/**
 * Puts a pushed message where the web chat finds it, once for each outbox id, and wakes whoever
 * shows this learner's inbox, in any process.
 *
 * @returns its inbox id; undefined when the learner is gone.
 */
export async function putInInbox(
  db: Database,
  learnerId: string,
  messageId: string,
  message: ChatMessage,
): Promise<string | undefined> {
  const id = await following(db, learnerId, (current) => insertInInbox(db, current, messageId, message));
  if (id !== undefined) return id;
  const there = await db.pool.query<{ id: string }>('select id from web_inbox where message_id = $1', [messageId]);
  return there.rows[0]?.id;
}

async function insertInInbox(
  db: Database,
  learnerId: string,
  messageId: string,
  message: ChatMessage,
): Promise<string | undefined> {
  // The row lock makes ids of one inbox visible in their order, so that a reader's cursor skips none.
  const { rows } = await db.pool.query<{ id: string }>(
    `with person as (select id from learners where id = $1 for no key update),
          added as (insert into web_inbox (learner_id, message_id, message)
                    select id, $2, $3 from person on conflict (message_id) do nothing returning id)
     select id, pg_notify('${WAKE}', $1::text) from added`,
    [learnerId, messageId, JSON.stringify(message)],
  );
  return rows[0]?.id;
}

/**
 * Messages of one learner, oldest first, at most `limit`.
 *
 * @param after inbox id: everything after it, seen or not; without it, what was not yet seen.
 */
export async function readInbox(
  db: Database,
  learnerId: string,
  { after, limit = 100 }: { after?: string | undefined; limit?: number } = {},
): Promise<InboxMessage[]> {
  const { rows } = await db.pool.query<{ id: string; message: ChatMessage; at: Date }>(
    `select id, message, at from web_inbox
     where learner_id = $1 and ${after === undefined ? 'seen_at is null and $2::bigint is null' : 'id > $2'}
     order by id limit $3`,
    [learnerId, after ?? null, limit],
  );
  return rows.map(({ id, message, at }) => ({ id, at: at.toISOString(), ...message }));
}

/** Marks messages of this learner as shown; ids of others are passed over. @returns how many became seen. */
export async function markSeen(db: Database, learnerId: string, ids: readonly string[]): Promise<number> {
  const { rowCount } = await db.pool.query(
    'update web_inbox set seen_at = now() where learner_id = $1 and id = any($2::bigint[]) and seen_at is null',
    [learnerId, ids],
  );
  return rowCount ?? 0;
}

/** Deliveries to web inboxes as they happen, from every process. */
export interface Deliveries {
  close(): Promise<void>;
}

/**
 * Listens on a connection of its own, opened again when it breaks.
 *
 * @param wake called with a learner's id; with undefined after a break, when anyone may have got something.
 */
export function listenToDeliveries(db: Database, wake: (learnerId: string | undefined) => void): Deliveries {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let waitMs = 250;
  void open();
  return {
    async close() {
      closed = true;
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };

  async function open() {
    const mine = (client = new pg.Client({ ...db.config, keepAlive: true }));
    mine.on('error', again);
    mine.on('end', again);
    mine.on('notification', ({ payload }) => wake(payload));
    try {
      await mine.connect();
      await mine.query(`listen ${WAKE}`);
      waitMs = 250;
      wake(undefined);
    } catch {
      again();
    }

    function again() {
      if (closed || client !== mine) return;
      client = undefined;
      mine.end().catch(() => undefined);
      retry = setTimeout(() => void open(), waitMs);
      waitMs = Math.min(waitMs * 2, 10_000);
    }
  }
}
