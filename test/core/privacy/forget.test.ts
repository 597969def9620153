import { expect, test } from 'vitest';
import { eventKey } from '../../../core/behaviour/key.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { createLearner, meetLearner, resolveExternal, setConsent } from '../../../core/learner/store.ts';
import { forgetOldTraces, forgetOldVisitors } from '../../../core/privacy/forget.ts';
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
  await db.prisma.conversation.create({ data: { channel: 'web', chat, learnerId: id } });
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
  const wonSomething = await visitor(60);
  await db.prisma.coupon.create({
    data: { code: 'won', learnerId: wonSomething, percent: 10, expiresAt: daysAgo(-10) },
  });
  const all = [wonSomething, simulated, known, agreed, withdrew, acted, bought, elsewhere, reads];
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

test('who came once on a platform, or was seen in a group alone, is forgotten as on the web', async () => {
  const [private_, group] = [
    await meetLearner(db, 'telegram', '1', { reachable: true }),
    await meetLearner(db, 'discord', '2', { reachable: false }),
  ].map(({ id }) => id);
  await db.pool.query(`update learners set created_at = $1 where id = any($2)`, [daysAgo(31), [private_, group]]);
  expect(await forgetOldVisitors(db, now)).toMatchObject({ learners: 0 });
  await db.pool.query('update addresses set used_at = $1 where learner_id = any($2)', [daysAgo(31), [private_, group]]);
  expect(await forgetOldVisitors(db, now)).toMatchObject({ learners: 2 });
});

test('what channels keep for a while goes when its time is over, and nothing before', async () => {
  const learnerId = await visitor(1);
  const { prisma } = db;
  for (const [id, days] of [
    ['young', 1],
    ['old', 3],
    ['very old', 181],
  ] as const) {
    const at = daysAgo(days);
    await prisma.update.create({ data: { channel: 'telegram', id, receivedAt: at, doneAt: at } });
    await prisma.update.create({ data: { channel: 'discord', id, payload: { id }, receivedAt: at } });
    await prisma.pressToken.create({ data: { token: id, press: id, usedAt: at } });
    await prisma.platformFile.create({ data: { channel: 'telegram', hash: id, fileId: id, usedAt: at } });
    await prisma.poll.create({ data: { channel: 'telegram', id, learnerId, chat: '1', presses: [], sentAt: at } });
    await prisma.sentMessage.create({
      data: { channel: 'telegram', chat: '1', platformId: id, learnerId, sentAt: at },
    });
    await prisma.linkCode.create({ data: { hash: id, learnerId, expiresAt: at } });
    await prisma.question.create({
      data: { learnerId, words: id, intent: 'buy', askedAt: at, expiresAt: daysAgo(days - 2) },
    });
  }
  expect(await forgetOldTraces(db, now)).toEqual({
    ...{ updates: 3, buttons: 1, pictures: 1, polls: 1, sent: 1, linkCodes: 2, questions: 2 },
  });
  expect((await prisma.update.findMany({ orderBy: { id: 'asc' } })).map(({ channel, id }) => [channel, id])).toEqual([
    ['discord', 'old'],
    ...['telegram', 'discord'].map((channel) => [channel, 'young']),
  ]);
  expect(
    (await prisma.question.findMany({ orderBy: { id: 'asc' } })).map(({ words, intent }) => [words, intent]),
  ).toEqual(['young', null, null].map((words) => [words, 'buy']));
  expect(await forgetOldTraces(db, now)).toMatchObject({ updates: 0, questions: 0 });
});

test('many are forgotten in one run', async () => {
  await db.pool.query(
    `insert into learners (created_at) select $1::timestamptz - interval '31 days' from generate_series(1, 1201)`,
    [now],
  );
  expect(await forgetOldVisitors(db, now)).toMatchObject({ learners: 1201 });
});
