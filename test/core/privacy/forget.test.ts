import { expect, test } from 'vitest';
import { eventKey } from '../../../core/behaviour/key.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { createLearner, resolveExternal, setConsent } from '../../../core/learner/store.ts';
import { forgetOldVisitors } from '../../../core/privacy/forget.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const now = new Date();
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

/** A learner who came and was last heard from, on the web, that many days ago; their chat has a state. */
async function visitor(days: number, values: { simulated?: boolean } = {}): Promise<string> {
  const { id } = await createLearner(db, values);
  await arrived(id, days);
  return id;
}

async function arrived(id: string, days: number, chat = id) {
  const at = daysAgo(days);
  await db.prisma.learner.update({ where: { id }, data: { createdAt: at } });
  await db.prisma.address.create({ data: { learnerId: id, channel: 'web', chat, createdAt: at, usedAt: at } });
  await db.prisma.conversation.create({ data: { channel: 'web', chat } });
  await db.prisma.webSession.create({ data: { idHash: chat, learnerId: id, createdAt: at, seenAt: at } });
}

const there = async (ids: string[]) =>
  (await db.prisma.learner.findMany({ where: { id: { in: ids } } })).map(({ id }) => id).sort();

const consent = (learnerId: string, granted: boolean) =>
  setConsent(db, { learnerId, kind: 'recording', granted, channel: 'web', wording: '1', at: daysAgo(40) });

test('who came once and left nothing is forgotten after 30 days, with chat and session', async () => {
  const [gone, here] = [await visitor(31), await visitor(29)];
  const refused = await visitor(31);
  await consent(refused, false);
  expect(await forgetOldVisitors(db, now)).toEqual({ sessions: 0, learners: 2 });
  expect(await there([gone, here, refused])).toEqual([here]);
  expect((await db.prisma.conversation.findMany()).map(({ chat }) => chat)).toEqual([here]);
  expect(await db.prisma.webSession.count()).toBe(1);
  expect(await forgetOldVisitors(db, now)).toEqual({ sessions: 0, learners: 0 });
});

test('nobody is forgotten who is known, agreed to something, did something, or comes by another way', async () => {
  const simulated = await visitor(60, { simulated: true });
  const known = (await resolveExternal(db, ['u-1'], { create: true })).ids.get('u-1')!;
  await arrived(known, 60);
  const agreed = await visitor(60);
  await consent(agreed, true);
  const withdrew = await visitor(60);
  await consent(withdrew, true);
  await consent(withdrew, false);
  const acted = await visitor(60);
  await recordEvents(db, [
    {
      ...{ idempotencyKey: eventKey('acted'), learnerId: acted, courseId: 'a', type: 'view', value: null },
      ...{ occurredAt: daysAgo(60), channel: 'web', circumstances: {} },
    },
  ]);
  const bought = await visitor(60);
  await db.prisma.order.create({
    data: {
      ...{ learnerId: bought, courseId: 'a', listMinor: 1, paidMinor: 1, currency: 'CNY', status: 'refunded' },
      ...{ provider: 'sandbox', channel: 'web', idempotencyKey: 'bought' },
    },
  });
  const elsewhere = await visitor(60);
  await db.prisma.address.create({ data: { learnerId: elsewhere, channel: 'telegram', chat: '7' } });
  const reads = await visitor(60);
  await db.prisma.webSession.updateMany({ where: { learnerId: reads }, data: { seenAt: daysAgo(2) } });
  const all = [simulated, known, agreed, withdrew, acted, bought, elsewhere, reads];
  expect(await forgetOldVisitors(db, now)).toEqual({ sessions: 0, learners: 0 });
  expect(await there(all)).toEqual(all.sort());
});

test('a session is forgotten when its cookie has run out, its person is not', async () => {
  const member = await visitor(181);
  await consent(member, true);
  await db.prisma.webSession.create({ data: { idHash: 'younger', learnerId: member, seenAt: daysAgo(179) } });
  expect(await forgetOldVisitors(db, now)).toEqual({ sessions: 1, learners: 0 });
  expect(await there([member])).toEqual([member]);
  expect(await db.prisma.webSession.findMany({ where: { learnerId: member } })).toMatchObject([{ idHash: 'younger' }]);
});

test('many are forgotten in one run', async () => {
  await db.pool.query(
    `insert into learners (created_at) select $1::timestamptz - interval '31 days' from generate_series(1, 1201)`,
    [now],
  );
  expect(await forgetOldVisitors(db, now)).toMatchObject({ learners: 1201 });
});
