import { randomUUID } from 'node:crypto';
import { eventKey } from '../../../core/behaviour/key.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import { resolveExternal } from '../../../core/learner/store.ts';
import type { Database } from '../../../prisma/connect.ts';

/** A person with a row of their own, marked by their name, in every table that can name them. */
export async function somebody(db: Database, name: string): Promise<string> {
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

/** Names of the tables that have a learner. */
export async function tablesOfLearners(db: Database): Promise<string[]> {
  const { rows } = await db.pool.query<{ table_name: string }>(
    `select table_name from information_schema.columns where table_schema = 'public' and column_name = 'learner_id' order by 1`,
  );
  return rows.map((row) => row.table_name);
}

export async function rowsOf(db: Database, table: string, learnerId: string): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(`select count(*)::int as n from ${table} where learner_id = $1`, [
    learnerId,
  ]);
  return rows[0]!.n;
}
