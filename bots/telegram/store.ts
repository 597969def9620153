import { randomBytes } from 'node:crypto';
import type { Database } from '../../prisma/connect.ts';

// ── who receives ────────────────────────────────────────────────────────────

/** While it is held, this process alone receives a bot's updates. */
export interface Hold {
  /** Aborted when the connection that holds it is lost. */
  lost: AbortSignal;
  release(): Promise<void>;
}

/** @returns undefined while another process holds it. It ends with the process or its connection. */
export async function hold(db: Database, name: string): Promise<Hold | undefined> {
  const client = await db.pool.connect();
  const lost = new AbortController();
  const lose = () => lost.abort();
  client.on('error', lose);
  client.on('end', lose);
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
      [name],
    );
    if (!rows[0]?.held) {
      leave();
      return undefined;
    }
  } catch (error) {
    leave(true);
    throw error;
  }
  return {
    lost: lost.signal,
    async release() {
      // The connection ends with the lock: a lock that could not be given back must not live on in the pool.
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]).then(
        () => leave(),
        () => leave(true),
      );
    },
  };

  function leave(broken = false) {
    client.off('error', lose);
    client.off('end', lose);
    client.release(broken);
  }
}

const WEBHOOK_SECRET = 'telegram.webhook';

/** What Telegram proves itself with to our webhook: made on first need, the same for every process. */
export async function webhookSecret(db: Database): Promise<string> {
  await db.pool.query('insert into secrets (name, value) values ($1, $2) on conflict do nothing', [
    WEBHOOK_SECRET,
    randomBytes(32),
  ]);
  const { rows } = await db.pool.query<{ value: Buffer }>('select value from secrets where name = $1', [
    WEBHOOK_SECRET,
  ]);
  return rows[0]!.value.toString('base64url');
}

// ── what stands on Telegram ─────────────────────────────────────────────────

/** Telegram's id of a file that was uploaded before. */
export async function knownFile(db: Database, hash: string): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ file_id: string }>({
    name: 'telegram-file',
    text: `select file_id from platform_files where channel = 'telegram' and hash = $1`,
    values: [hash],
  });
  return rows[0]?.file_id;
}

export async function keepFile(db: Database, hash: string, fileId: string): Promise<void> {
  await db.pool.query(
    `insert into platform_files (channel, hash, file_id) values ('telegram', $1, $2)
     on conflict (channel, hash) do update set file_id = excluded.file_id, used_at = now()`,
    [hash, fileId],
  );
}

export interface KeptPoll {
  id: string;
  learnerId: string;
  chat: string;
  /** Button ids by option. */
  presses: readonly string[];
}

export async function keepPoll(db: Database, { id, learnerId, chat, presses }: KeptPoll): Promise<void> {
  await db.pool.query(
    `with living as (select id from learners where id = $2 for key share)
     insert into polls (channel, id, learner_id, chat, presses)
     select 'telegram', $1, id, $3, $4 from living on conflict do nothing`,
    [id, learnerId, chat, presses],
  );
}

/** @returns undefined for a poll that is not ours, or whose learner was erased. */
export async function findPoll(db: Database, id: string): Promise<KeptPoll | undefined> {
  const { rows } = await db.pool.query<{ learner_id: string; chat: string; presses: string[] }>(
    `select learner_id, chat, presses from polls where channel = 'telegram' and id = $1`,
    [id],
  );
  return rows[0] && { id, learnerId: rows[0].learner_id, chat: rows[0].chat, presses: rows[0].presses };
}

// ── who reads ───────────────────────────────────────────────────────────────

/** The last message that went to a learner first since then. */
export async function lastPush(db: Database, learnerId: string, since: Date): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ id: string }>(
    `select id from outbox_messages
     where learner_id = $1 and channel = 'telegram' and status = 'sent' and sent_at >= $2
     order by sent_at desc, id limit 1`,
    [learnerId, since],
  );
  return rows[0]?.id;
}

// ── what Telegram was told ──────────────────────────────────────────────────

/** Hash of how the bot shows itself. */
export async function knownProfile(db: Database, botId: string): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ value: string }>('select value from settings where name = $1', [
    `telegram.profile.${botId}`,
  ]);
  return rows[0]?.value;
}

export async function keepProfile(db: Database, botId: string, hash: string): Promise<void> {
  await db.pool.query(
    'insert into settings (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value',
    [`telegram.profile.${botId}`, JSON.stringify(hash)],
  );
}

/** How many of the bot's transactions in Stars, from its first on, have been gone through. */
export async function knownTransactions(db: Database, botId: string): Promise<number> {
  const { rows } = await db.pool.query<{ value: number }>('select value from settings where name = $1', [
    `telegram.transactions.${botId}`,
  ]);
  return rows[0]?.value ?? 0;
}

export async function keepTransactions(db: Database, botId: string, count: number): Promise<void> {
  await db.pool.query(
    `insert into settings as s (name, value) values ($1, $2)
     on conflict (name) do update set value = to_jsonb(greatest(s.value::int, excluded.value::int))`,
    [`telegram.transactions.${botId}`, JSON.stringify(count)],
  );
}
