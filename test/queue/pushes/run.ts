import { writeMessages } from '../../../core/campaign/message/store.ts';
import { eventKey } from '../../../core/behaviour/key.ts';
import { createCatalogue } from '../../../core/catalogue/catalogue.ts';
import type { Address } from '../../../core/learner/learner.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import type { Database } from '../../../prisma/connect.ts';
import { startWorkers } from '../../../queue/index.ts';
import type { Channel } from '../../../queue/ports.ts';
import { createDiscordChannel } from '../../../bots/discord/channel.ts';
import { createTelegramChannel } from '../../../bots/telegram/channel.ts';
import { createDiscordDouble } from '../../doubles/discord/index.ts';
import { createTelegramDouble } from '../../doubles/telegram/index.ts';

export interface Figures {
  pushes: number;
  /** Reached their person. */
  delivered: number;
  /** Not tried again, because their person has blocked the bot. */
  blocked: number;
  /** Neither of both. */
  lost: number;
  /** Reached their person more than once. */
  doubled: number;
  /** Requests over the platform's limits, or sooner than it had asked for. */
  exceeded: number;
  seconds: number;
  /** How often the platform answered otherwise than with success. */
  refused: { rateLimited: number; blocked: number; failed: number };
}

export interface PushOptions {
  pushes: number;
  seed: number;
  /** Milliseconds that the platform takes for an answer. */
  latencyMs?: number;
  /** Shares of messages that the platform answers with 429, 403 and 502. */
  shares?: { rateLimited: number; blocked: number; failed: number };
}

const SHARES = { rateLimited: 0.06, blocked: 0.04, failed: 0.06 };
/** What a 429 asks for. */
const RETRY_AFTER_S = 1;

type Fate = 'ok' | keyof typeof SHARES;

/** A platform as the run sees it. */
interface Platform {
  channel: Channel;
  /** A new person's chat. */
  person(): string;
  /** By chat: messages that arrived. */
  arrived(): Map<string, number>;
  exceeded(): number;
  close(): Promise<void>;
}

/**
 * Sends a push to so many people through a platform that answers 429, 403 and 502 at random, by the
 * workers as they run in service, and compares what arrived with what was planned.
 */
export async function runPushes(
  db: Database,
  name: 'telegram' | 'discord',
  { pushes, seed, latencyMs = 0, shares = SHARES }: PushOptions,
): Promise<Figures> {
  const random = createRandom(seed);
  const refused = { rateLimited: 0, blocked: 0, failed: 0 };
  const fate = (): Fate => {
    const drawn = random.next();
    let sum = 0;
    for (const kind of ['rateLimited', 'blocked', 'failed'] as const) {
      sum += shares[kind];
      if (drawn < sum) {
        refused[kind]++;
        return kind;
      }
    }
    return 'ok';
  };
  const late = () => new Promise<void>((resolve) => (latencyMs > 0 ? setTimeout(resolve, latencyMs) : resolve()));
  const platform = await (name === 'telegram' ? onTelegram(db, fate, late) : onDiscord(db, fate, late));
  const ids = await plan(
    db,
    Array.from({ length: pushes }, () => ({ channel: name, chat: platform.person() })),
    seed,
  );
  const workers = await startWorkers({
    db,
    catalogue: await createCatalogue(db),
    serving: { current: () => undefined, reload: () => Promise.resolve() },
    train: () => Promise.resolve(),
    channels: [platform.channel],
    settings: {
      redisUrl: undefined,
      push: { enabled: false, dailyCap: 5, silentAfterHours: 72, defaultTimeZone: 'UTC' },
      referral: { percent: 10, days: 30 },
      train: { schedule: '0 3 * * *', afterEvents: 1_000_000 },
    },
    log: (line) => process.stderr.write(`${line}\n`),
    roles: ['worker'],
  });
  const startedAt = performance.now();
  while ((await open(db, ids)) > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  await workers.close();
  const arrived = platform.arrived();
  await platform.close();
  const { rows } = await db.pool.query<{ status: string; outcome: string | null; chat: string }>(
    `select status, outcome, chat from outbox_messages o join addresses a on a.learner_id = o.learner_id
     where o.id = any($1::uuid[])`,
    [ids],
  );
  const blocked = rows.filter(({ status, outcome }) => status === 'failed' && outcome === 'blocked');
  return {
    pushes,
    delivered: arrived.size,
    blocked: blocked.length,
    lost: rows.filter((row) => !arrived.has(row.chat) && !blocked.includes(row)).length,
    doubled: [...arrived.values()].filter((count) => count > 1).length,
    exceeded: platform.exceeded(),
    seconds,
    refused,
  };
}

async function plan(db: Database, places: Omit<Address, 'learnerId'>[], seed: number): Promise<string[]> {
  const { rows } = await db.pool.query<{ id: string }>(
    `with made as (insert into learners (messages, recording, language, quiet_from, quiet_to)
       select true, true, 'en', 0, 0 from generate_series(1, $1) returning id)
     insert into addresses (learner_id, channel, chat, messages)
     select id, $2, ($3::text[])[row_number() over ()], true from made returning learner_id as id`,
    [places.length, places[0]!.channel, places.map(({ chat }) => chat)],
  );
  const now = new Date();
  const messages = rows.map(({ id: learnerId }, n) => ({
    id: eventKey('pushes', String(seed), String(n), learnerId),
    idempotencyKey: `pushes:${seed}:${n}:${learnerId}`,
    learnerId,
    kind: 'push' as const,
    campaignId: null,
    reply: { text: { template: { en: 'The next course for you' } } },
    circumstances: { list: 'push' },
    notBefore: now,
    expiresAt: new Date(now.getTime() + 3_600_000),
  }));
  return [...(await writeMessages(db.pool, messages, now))];
}

async function open(db: Database, ids: readonly string[]): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    "select count(*)::int as count from outbox_messages where id = any($1::uuid[]) and status in ('pending', 'queued', 'sending')",
    [ids],
  );
  return rows[0]!.count;
}

// ── the platforms ───────────────────────────────────────────────────────────

const chosen: Record<Exclude<Fate, 'ok'>, { error: number; retryAfter?: number }> = {
  rateLimited: { error: 429, retryAfter: RETRY_AFTER_S },
  blocked: { error: 403 },
  failed: { error: 502 },
};

/** 30 a second, 1 a second to a chat, and nothing to a chat that was told to wait. */
async function onTelegram(db: Database, fate: () => Fate, late: () => Promise<void>): Promise<Platform> {
  const double = await createTelegramDouble({ checked: false });
  const arrived = new Map<string, number>();
  const times: number[] = [];
  const chatTimes = new Map<string, number>();
  const closed = new Map<string, number>();
  let exceeded = 0;
  double.on('sendMessage', async ({ params }) => {
    const chat = params['chat_id'] as string;
    const now = performance.now();
    times.push(now);
    while (times[0]! <= now - 1_000) times.shift();
    if (times.length > 30 || now - (chatTimes.get(chat) ?? -Infinity) < 1_000 || now < (closed.get(chat) ?? 0))
      exceeded++;
    chatTimes.set(chat, now);
    const drawn = fate();
    if (drawn === 'rateLimited') closed.set(chat, now + RETRY_AFTER_S * 1_000);
    if (drawn === 'ok') arrived.set(chat, (arrived.get(chat) ?? 0) + 1);
    await late();
    return drawn === 'ok' ? undefined : chosen[drawn];
  });
  let chats = 5_000_000;
  return {
    channel: createTelegramChannel({ token: double.token, apiRoot: double.root, db, log: () => {} }),
    person: () => String(chats++),
    arrived: () => arrived,
    exceeded: () => exceeded,
    close: () => double.close(),
  };
}

/** Discord's own limits are those of the double. */
async function onDiscord(db: Database, fate: () => Fate, late: () => Promise<void>): Promise<Platform> {
  const double = await createDiscordDouble({ limits: { perSecond: 50, perChannel: 5 } });
  const people = new Map<string, string>();
  double.on(/^POST \/channels\/\d+\/messages$/, () => {
    const drawn = fate();
    if (drawn === 'rateLimited') return { status: 429, retryAfter: RETRY_AFTER_S };
    if (drawn === 'blocked') return { status: 403, code: 50_007 };
    return drawn === 'failed' ? { status: 502 } : undefined;
  });
  const channel = createDiscordChannel({ token: double.token, apiRoot: double.root, db, log: () => {} });
  return {
    channel: {
      ...channel,
      async send(...message) {
        await late();
        return channel.send(...message);
      },
    },
    person() {
      const person = double.person(`person ${people.size}`);
      people.set(person.user.id, double.world.directChannel(person).id);
      return person.user.id;
    },
    arrived: () =>
      new Map(
        [...people].flatMap(([person, direct]) => {
          const count = double.world.messagesIn(direct).length;
          return count > 0 ? [[person, count] as const] : [];
        }),
      ),
    exceeded: () => double.exceeded(),
    close: () => double.close(),
  };
}
