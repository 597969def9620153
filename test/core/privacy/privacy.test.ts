import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventKey } from '../../../core/behaviour/key.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { resolveExternal } from '../../../core/learner/store.ts';
import { eraseLearner } from '../../../core/privacy/erase.ts';
import { exportLearner } from '../../../core/privacy/export.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();

/** A person with a row of their own, marked by their name, in every table that can name them. */
async function somebody(name: string): Promise<string> {
  const { prisma } = db;
  const { ids } = await resolveExternal(db, [name], { create: true });
  const id = ids.get(name)!;
  const campaign = await prisma.campaign.create({
    data: { name: `campaign ${name}`, plan: {}, status: 'done', sendAt: new Date() },
  });
  await prisma.learner.update({ where: { id }, data: { goal: `goal ${name}` } });
  await prisma.address.create({ data: { learnerId: id, channel: 'web', chat: `chat ${name}` } });
  await prisma.consentRecord.create({
    data: { learnerId: id, kind: 'recording', granted: true, channel: 'web', wording: `words ${name}`, at: new Date() },
  });
  await recordEvents(db, [
    {
      idempotencyKey: eventKey(name),
      ...{ learnerId: id, courseId: 'c', type: 'search', value: null, occurredAt: new Date(), channel: 'web' },
      circumstances: { query: `query ${name}` },
    },
  ]);
  await prisma.learnerState.create({ data: { learnerId: id, state: { of: `state ${name}` }, lastEventId: 1 } });
  await prisma.campaignMember.create({ data: { campaignId: campaign.id, learnerId: id, arm: 'treatment' } });
  const coupon = await prisma.coupon.create({
    data: { code: `code ${name}`, learnerId: id, campaignId: campaign.id, percent: 20, expiresAt: new Date() },
  });
  await prisma.order.create({
    data: {
      ...{ learnerId: id, courseId: 'c', listMinor: 100, paidMinor: 80, currency: 'CNY', status: 'paid' },
      ...{ provider: 'sandbox', channel: 'web', couponId: coupon.id, idempotencyKey: `order ${name}` },
    },
  });
  const message = await prisma.outboxMessage.create({
    data: {
      ...{ idempotencyKey: `message ${name}`, learnerId: id, kind: 'push', expiresAt: new Date() },
      reply: { text: { template: { en: `push ${name}` } } },
    },
  });
  await prisma.webInbox.create({ data: { learnerId: id, messageId: message.id, message: { text: `inbox ${name}` } } });
  await prisma.webSession.create({ data: { idHash: `session ${name}`, learnerId: id } });
  await prisma.conversation.create({
    data: { learnerId: id, channel: 'web', chat: `chat ${name}`, state: { asked: `conversation ${name}` } },
  });
  await prisma.invoice.create({
    data: {
      ...{ id: randomUUID(), learnerId: id, courseId: `invoice ${name}`, listMinor: 100, paidMinor: 80 },
      ...{ currency: 'XTR', channel: 'telegram', createdAt: new Date() },
    },
  });
  await prisma.sentMessage.create({
    data: {
      channel: 'telegram',
      chat: `chat ${name}`,
      platformId: '1',
      learnerId: id,
      pages: [{ text: `page ${name}` }],
    },
  });
  await prisma.poll.create({
    data: { channel: 'telegram', id: `poll ${name}`, learnerId: id, chat: `chat ${name}`, presses: ['a'] },
  });
  await prisma.linkCode.create({ data: { hash: `link ${name}`, learnerId: id, expiresAt: new Date() } });
  await prisma.formerId.create({ data: { id: randomUUID(), learnerId: id } });
  await prisma.question.create({
    data: { learnerId: id, words: `question ${name}`, askedAt: new Date(), expiresAt: new Date() },
  });
  const community = await prisma.community.create({ data: { channel: 'telegram', chat: `group ${name}` } });
  const challenge = await prisma.challenge.create({
    data: {
      ...{ communityId: community.id, name, firstDay: new Date(), lastDay: new Date(), timeZone: 'UTC' },
      ...{ daysNeeded: 1, percent: 10, couponDays: 10 },
    },
  });
  await prisma.challengeMember.create({
    data: { challengeId: challenge.id, learnerId: id, joinedAt: new Date(), shownAs: `shown ${name}` },
  });
  return id;
}

async function tablesOfLearners(): Promise<string[]> {
  const { rows } = await db.pool.query<{ table_name: string }>(
    `select table_name from information_schema.columns where table_schema = 'public' and column_name = 'learner_id' order by 1`,
  );
  return rows.map((row) => row.table_name);
}

async function rowsOf(table: string, learnerId: string): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(`select count(*)::int as n from ${table} where learner_id = $1`, [
    learnerId,
  ]);
  return rows[0]!.n;
}

test('the test people have a row in every table that can name a learner', async () => {
  const id = await somebody('Everywhere');
  for (const table of await tablesOfLearners()) expect([table, await rowsOf(table, id)]).toEqual([table, 1]);
});

test('an export holds what is stored about a person, and nothing of others', async () => {
  const [id] = [await somebody('Ada'), await somebody('Bob')];
  const text = JSON.stringify(await exportLearner(db, id));
  const marks = [
    ...['goal', 'chat', 'words', 'query', 'state', 'code', 'order', 'push', 'inbox', 'conversation'],
    ...['invoice', 'page', 'poll', 'question', 'shown'],
  ];
  for (const mark of marks) expect(text).toContain(`${mark} Ada`);
  expect(JSON.parse(text)).toMatchObject({ learner: { externalIds: ['Ada'] }, events: [{ type: 'search' }] });
  expect(text).not.toContain('Bob');
  // Rows that carry no words of their own.
  const sections = JSON.parse(text) as Record<string, unknown[]>;
  expect(sections['campaigns']).toHaveLength(1);
  expect(sections['sessions']).toHaveLength(1);
  expect(sections['linkCodes']).toHaveLength(1);
  for (const secret of ['session Ada', 'link Ada']) expect(text).not.toContain(secret);
  expect(await exportLearner(db, randomUUID())).toBeUndefined();
});

test('an export has a section for every table that can name a learner', async () => {
  const id = await somebody('Sections');
  const { learner, ...sections } = (await exportLearner(db, id))!;
  const rows = Object.values(sections).reduce((sum, section) => sum + section.length, 0);
  const own = ['externalIds', 'addresses', 'consents'].reduce(
    (sum, part) => sum + (learner[part] as unknown[]).length,
    0,
  );
  // One row in each.
  expect(rows + own).toBe((await tablesOfLearners()).length);
});

test('an export says that somebody was invited and invited others, not whom', async () => {
  const [inviter, invited] = [await somebody('Inga'), await somebody('Ida')];
  await db.prisma.referral.create({ data: { referredId: invited, referrerId: inviter, at: new Date(0) } });
  const at = { at: new Date(0).toISOString().replace('.000Z', '+00:00'), creditedAt: null };
  expect(await exportLearner(db, inviter)).toMatchObject({ invited: [at], invitedBy: [] });
  const text = JSON.stringify(await exportLearner(db, invited));
  expect(JSON.parse(text)).toMatchObject({ invited: [], invitedBy: [at] });
  expect(text).not.toContain(inviter);
  expect(await eraseLearner(db, inviter)).toBe(true);
  expect(await db.prisma.referral.findMany()).toMatchObject([{ referredId: invited, referrerId: null }]);
  expect(await eraseLearner(db, invited)).toBe(true);
  expect(await db.prisma.referral.count()).toBe(0);
});

test('erasure leaves no row that names the person, and totals without them', async () => {
  const [id, other] = [await somebody('Cleo'), await somebody('Dan')];
  expect(await eraseLearner(db, id)).toBe(true);
  for (const table of await tablesOfLearners()) expect([table, await rowsOf(table, id)]).toEqual([table, 0]);
  for (const table of await tablesOfLearners()) expect([table, await rowsOf(table, other)]).toEqual([table, 1]);
  expect(await db.prisma.conversation.findMany({ where: { chat: 'chat Cleo' } })).toEqual([]);
  expect(await exportLearner(db, id)).toBeUndefined();

  const order = await db.prisma.order.findUniqueOrThrow({
    where: { idempotencyKey: 'order Cleo' },
    include: { coupon: true },
  });
  expect(order).toMatchObject({ learnerId: null, paidMinor: 80, coupon: { learnerId: null, code: 'code Cleo' } });
  const campaign = await db.prisma.campaign.findUniqueOrThrow({
    where: { name: 'campaign Cleo' },
    include: { members: true },
  });
  expect(campaign.members).toMatchObject([{ learnerId: null, arm: 'treatment' }]);
  expect(await eraseLearner(db, id)).toBe(false);
});

test('an erased external id never becomes a person again, and is not kept in clear', async () => {
  const id = await somebody('Eve Externalid');
  await eraseLearner(db, id);
  const { ids, erased } = await resolveExternal(db, ['Eve Externalid'], { create: true });
  expect([ids.size, erased]).toEqual([0, new Set(['Eve Externalid'])]);
  const { rows } = await db.pool.query<{ text: string }>(
    `select string_agg(t::text, '') as text from (select encode(hash, 'escape') as t from erased_ids) as e`,
  );
  expect(rows[0]!.text).not.toContain('Eve');
});

test('behaviour that arrives during an erasure does not bring the person back', async () => {
  const id = await somebody('Fay');
  const arriving = Array.from({ length: 40 }, (_, index) => ({
    idempotencyKey: eventKey('late', String(index)),
    ...{ learnerId: id, courseId: 'c', type: 'view' as const, value: null, occurredAt: new Date(), channel: 'api' },
    circumstances: {},
  }));
  await Promise.all([eraseLearner(db, id), ...arriving.map((event) => recordEvents(db, [event]))]);
  for (const table of await tablesOfLearners()) expect([table, await rowsOf(table, id)]).toEqual([table, 0]);
});
