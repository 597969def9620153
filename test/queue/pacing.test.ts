import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createBackend, type Backend } from '../../queue/backend.ts';
import { createPacer, PATIENCE_MS } from '../../queue/pacing/pacing.ts';
import type { Slot } from '../../queue/ports.ts';
import { hasRedis, startRedis } from '../doubles/redis.ts';
import { testDatabase } from '../setup/database.ts';

function suite(redisUrl: () => string | undefined) {
  const db = testDatabase();
  let backends: Backend[] = [];
  beforeAll(async () => {
    backends = await Promise.all(
      [1, 2].map(() => createBackend({ config: db.config, redisUrl: redisUrl(), log: () => {} })),
    );
  });
  afterAll(() => Promise.all(backends.map((backend) => backend.close())));

  let chats = 0;
  let stop = new AbortController();
  afterEach(() => {
    stop.abort();
    stop = new AbortController();
  });
  /** Two processes that share one platform, and a chat that nobody has used. */
  async function processes(pace: { all: number; person: number; community: number }) {
    const pacers = await Promise.all(backends.map(({ store }) => createPacer(store, { telegram: pace })));
    const chat = `chat-${chats++}`;
    const enter = async (which: number, where = chat) => {
      const entered = await pacers[which % 2]!.enter('telegram', where, { to: 'person', signal: stop.signal });
      if ('waitMs' in entered) throw new Error(`It is to wait ${entered.waitMs} ms`);
      return entered;
    };
    return { pacers, chat, enter };
  }

  test('messages of all processes together keep the distance that the platform asks for', async () => {
    const { enter, chat } = await processes({ all: 40, person: 1, community: 1 });
    const startedAt = performance.now();
    const passed = await Promise.all(
      Array.from({ length: 11 }, async (_, n) => {
        const slot = await enter(n, `${chat}-${n}`);
        expect(await slot.ready()).toBe(0);
        slot.leave();
        return performance.now() - startedAt;
      }),
    );
    // Ten distances lie between eleven messages. (Clocks of the store and of the test may differ by a millisecond.)
    expect(Math.max(...passed)).toBeGreaterThan(10 * 40 - 2);
  });

  test('a chat is had by one message at a time, in the order in which they came', async () => {
    const { enter } = await processes({ all: 1, person: 30, community: 30 });
    const order: string[] = [];
    const first = await enter(0);
    const rest = ['second', 'third'].map(async (name) => {
      const slot = await enter(0);
      order.push(name);
      slot.leave();
    });
    order.push('first');
    first.leave();
    await Promise.all(rest);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  test('a community has a pace of its own', async () => {
    const { pacers, chat } = await processes({ all: 1, person: 1, community: PATIENCE_MS * 3 });
    const enter = () => pacers[0]!.enter('telegram', chat, { to: 'community' });
    ((await enter()) as Slot).leave();
    const second = await enter();
    // Too long to stand by for: it comes again later.
    expect(second).toEqual({ waitMs: expect.any(Number) as number });
    expect((second as { waitMs: number }).waitMs).toBeGreaterThan(PATIENCE_MS * 2);
  });

  test('what the platform holds back has the first pass after it, before what comes later anywhere', async () => {
    const { enter } = await processes({ all: 1, person: 100, community: 100 });
    const held = await enter(0);
    const waitMs = await held.holdBack(300, false);
    expect(waitMs).toBeGreaterThan(250);
    const heldUntil = performance.now() + waitMs;
    const other = await enter(1);
    // The other process waits until the held one had its pass, and the distance after it.
    expect(performance.now() - heldUntil).toBeGreaterThan(90);
    other.leave();
    held.leave();
  });

  test('a hold for all chats stops every chat in every process', async () => {
    const { enter, chat } = await processes({ all: 1, person: 1, community: 1 });
    const held = await enter(0);
    await held.holdBack(300, true);
    const startedAt = performance.now();
    const other = await enter(1, `${chat}-other`);
    expect(await other.ready()).toBe(0);
    expect(performance.now() - startedAt).toBeGreaterThan(250);
    await held.holdBack(PATIENCE_MS * 3, true);
    expect(await other.ready()).toBeGreaterThan(PATIENCE_MS * 2);
  });
}

describe('on PostgreSQL', () => suite(() => undefined));

describe.skipIf(!hasRedis)(`on Redis${hasRedis ? '' : ' (skipped: redis-server is not installed here)'}`, () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  suite(() => redis.url);
});
