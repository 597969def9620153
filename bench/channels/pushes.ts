/** Pushes through doubles that answer 429, 403 and 5xx at random: what arrives, how often, and how fast they were sent. */

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { writeMessages } from '../../core/campaign/message/store.ts';
import { createRandom } from '../../core/numerics/random.ts';
import type { Database } from '../../prisma/connect.ts';
import type { DiscordDouble } from '../../test/doubles/discord/index.ts';
import type { TelegramDouble } from '../../test/doubles/telegram/index.ts';

export interface Pushed {
  pushes: number;
  delivered: number;
  /** Their person cannot be written to. */
  blocked: number;
  lost: number;
  doubled: number;
  limits_exceeded: number;
}

const MOST_SECONDS = 400;

/** What the platform does with one call. */
type Fate = 'takes it' | 'too many' | 'blocked' | 'broken';

/**
 * A platform's book of what came.
 *
 * @param restMs least time between two calls to one chat.
 */
function createBook(seed: number, perSecond: number, restMs: number) {
  const random = createRandom(seed);
  const blocked = new Set<string>();
  const delivered = new Map<string, number>();
  const heldUntil = new Map<string, number>();
  const lastTo = new Map<string, number>();
  const recent: number[] = [];
  let exceeded = 0;
  return {
    blocked,
    delivered,
    exceeded: () => exceeded,
    /** In ms: how long a chat asks to be left alone. */
    HOLD_MS: 1_000,
    fate(chat: string): Fate {
      const now = performance.now();
      recent.push(now);
      while (recent[0]! <= now - 1_000) recent.shift();
      if (recent.length > perSecond) exceeded++;
      if ((heldUntil.get(chat) ?? 0) > now) exceeded++;
      if ((lastTo.get(chat) ?? -Infinity) > now - restMs) exceeded++;
      lastTo.set(chat, now);
      if (blocked.has(chat)) return 'blocked';
      const drawn = random.next();
      if (drawn < 0.12) {
        heldUntil.set(chat, now + this.HOLD_MS);
        return 'too many';
      }
      if (drawn < 0.2) return 'broken';
      if (drawn < 0.26) {
        blocked.add(chat);
        return 'blocked';
      }
      delivered.set(chat, (delivered.get(chat) ?? 0) + 1);
      return 'takes it';
    },
  };
}
type Book = ReturnType<typeof createBook>;

export async function measurePushes(
  db: Database,
  { telegram, discord }: { telegram: TelegramDouble; discord: DiscordDouble },
  { pushes, seed, start }: { pushes: number; seed: number; start: () => Promise<{ stop(): Promise<void> }> },
): Promise<Record<'telegram' | 'discord', Pushed>> {
  // Five messages in five seconds to one channel: the double of Discord holds the bot to that itself.
  const books = { telegram: createBook(seed, 30, 1_000), discord: createBook(seed + 1, 50, 0) };
  telegram.on('*', (call) => {
    if (!/^send(?!ChatAction)/.test(call.method)) return undefined;
    switch (books.telegram.fate(String(call.params['chat_id']))) {
      case 'too many':
        return { error: 429, retryAfter: 1 };
      case 'blocked':
        return { error: 403 };
      case 'broken':
        return { error: 502 };
      default:
        return undefined;
    }
  });
  discord.on(/^POST \/channels\/\d+\/messages$/, (call) => {
    const person = discord.world.channels.get(/\d+/.exec(call.path)![0])?.person;
    switch (books.discord.fate(person ?? '')) {
      case 'too many':
        return { status: 429, retryAfter: 1 };
      case 'blocked':
        return { status: 403, code: 50_007 };
      case 'broken':
        return { status: 502 };
      default:
        return undefined;
    }
  });
  const chats = {
    telegram: Array.from({ length: pushes }, (_, n) => String(3_000_000 + n)),
    discord: Array.from({ length: pushes }, (_, n) => discord.person(`Reader ${n}`).user.id),
  };
  for (const channel of ['telegram', 'discord'] as const) await write(db, channel, chats[channel]);
  const worker = await start();
  for (let seconds = 0; seconds < MOST_SECONDS && (await open(db)) > 0; seconds++) await pause(1_000);
  await worker.stop();
  return {
    telegram: accountOf(chats.telegram, books.telegram, 0),
    discord: accountOf(chats.discord, books.discord, discord.exceeded()),
  };
}

function accountOf(chats: readonly string[], book: Book, more: number): Pushed {
  const times = chats.map((chat) => book.delivered.get(chat) ?? 0);
  return {
    pushes: chats.length,
    delivered: times.filter((count) => count > 0).length,
    blocked: book.blocked.size,
    lost: chats.filter((chat, at) => times[at] === 0 && !book.blocked.has(chat)).length,
    doubled: times.filter((count) => count > 1).length,
    limits_exceeded: book.exceeded() + more,
  };
}

/** A person at each chat who agreed to messages there and has no quiet hours, and a push to each. */
async function write(db: Database, channel: 'telegram' | 'discord', chats: readonly string[]) {
  const ids = chats.map(() => randomUUID());
  await db.pool.query(
    `insert into learners (id, messages, recording, quiet_from, quiet_to) select id, true, true, 0, 0 from unnest($1::uuid[]) as id`,
    [ids],
  );
  await db.pool.query(
    `insert into addresses (learner_id, channel, chat, messages) select id, $3, chat, true from unnest($1::uuid[], $2::text[]) as a(id, chat)`,
    [ids, chats, channel],
  );
  const now = new Date();
  const messages = ids.map((learnerId) => ({
    id: randomUUID(),
    idempotencyKey: `bench-${learnerId}`,
    learnerId,
    kind: 'push' as const,
    campaignId: null,
    reply: { text: { key: 'thanks' }, buttons: [[{ id: 'recommend', label: { key: 'button.recommend' } }]] },
    circumstances: {},
    notBefore: now,
    expiresAt: new Date(now.getTime() + 3_600_000),
  }));
  await writeMessages(db.pool, messages, now);
}

async function open(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `select count(*)::int as n from outbox_messages where idempotency_key like 'bench-%' and status in ('pending', 'queued', 'sending')`,
  );
  return rows[0]!.n;
}
