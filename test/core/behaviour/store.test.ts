import { expect, test } from 'vitest';
import type { NewEvent } from '../../../core/behaviour/event.ts';
import { eventKey } from '../../../core/behaviour/key.ts';
import { circumstancesOf, eventsAfter, eventsOf, recordEvents } from '../../../core/behaviour/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();

const event = (learnerId: string, key: string, change: Partial<NewEvent> = {}): NewEvent => ({
  idempotencyKey: eventKey(learnerId, key),
  learnerId,
  courseId: 'c1',
  type: 'view',
  value: null,
  occurredAt: new Date('2020-05-06T07:08:09.123Z'),
  channel: 'web',
  circumstances: {},
  ...change,
});

test('a key is the same for the same parts, and only for them', () => {
  expect(eventKey('a', 'b')).toBe(eventKey('a', 'b'));
  expect(eventKey('ab', 'c')).not.toBe(eventKey('a', 'bc'));
  expect(eventKey('a')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a fact delivered twice is recorded once, in the order given', async () => {
  const { id } = await db.prisma.learner.create({ data: {} });
  const rate = event(id, '2', { type: 'rate', value: 0.75, circumstances: { list: 'search', position: 2 } });
  const first = await recordEvents(db, [event(id, '1'), rate, event(id, '1')]);
  expect(first).toEqual({ accepted: new Set([eventKey(id, '1'), eventKey(id, '2')]), duplicate: new Set() });
  const again = await recordEvents(db, [rate, event(id, '3')]);
  expect(again).toEqual({ accepted: new Set([eventKey(id, '3')]), duplicate: new Set([eventKey(id, '2')]) });

  const stored = await eventsOf(db, id);
  expect(stored.map((one) => one.idempotencyKey)).toEqual(['1', '2', '3'].map((key) => eventKey(id, key)));
  expect(stored[1]).toEqual({ ...rate, id: stored[1]!.id, setAside: null });
  expect(await eventsOf(db, id, { afterId: stored[1]!.id })).toHaveLength(1);
});

test('the events of a learner who is gone are not recorded, those of others in the same call are', async () => {
  const [gone, stays] = await Promise.all([0, 1].map(() => db.prisma.learner.create({ data: {} })));
  await db.prisma.learner.delete({ where: { id: gone!.id } });
  const { accepted, duplicate } = await recordEvents(db, [event(gone!.id, 'x'), event(stays!.id, 'x')]);
  expect(accepted).toEqual(new Set([eventKey(stays!.id, 'x')]));
  expect(duplicate.size).toBe(0);
});

test('an event in flight while its learner is erased does not bring them back', async () => {
  const { id } = await db.prisma.learner.create({ data: {} });
  const eraser = await db.pool.connect();
  await eraser.query('begin');
  await eraser.query('delete from learners where id = $1', [id]);
  const recording = recordEvents(db, [event(id, 'late')]);
  await waitUntilBlocked();
  await eraser.query('commit');
  eraser.release();
  expect((await recording).accepted.size).toBe(0);
  expect(await eventsOf(db, id)).toEqual([]);

  async function waitUntilBlocked() {
    for (;;) {
      const { rowCount } = await db.pool.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      if (rowCount) return;
    }
  }
});

test('the log is read whole in pages, without what was set aside', async () => {
  const { id } = await db.prisma.learner.create({ data: {} });
  const events = Array.from({ length: 7 }, (_, index) => event(id, `page ${index}`));
  await recordEvents(db, events);
  await db.prisma.event.updateMany({
    where: { idempotencyKey: events[3]!.idempotencyKey },
    data: { setAside: 'robot' },
  });
  const pages: string[][] = [];
  for await (const page of eventsAfter(db, 0n, { page: 2 })) {
    const own = page.filter((one) => one.learnerId === id);
    if (own.length > 0) pages.push(own.map((one) => one.idempotencyKey));
  }
  expect(pages.flat()).toEqual(events.filter((_, index) => index !== 3).map((one) => one.idempotencyKey));
  expect(pages.length).toBeGreaterThan(2);
});

test('what answers a slate finds the circumstances of its impression', async () => {
  const { id } = await db.prisma.learner.create({ data: {} });
  const slate = '6f0c1f6e-0000-4000-8000-000000000001';
  const shown = { slate, list: 'recommend', position: 1, propensity: 0.25, modelVersion: '3' };
  await recordEvents(db, [event(id, 'shown', { type: 'impression', circumstances: shown })]);
  expect(await circumstancesOf(db, id, slate, 'c1')).toEqual(shown);
  expect(await circumstancesOf(db, id, slate, 'c2')).toBeUndefined();
});
