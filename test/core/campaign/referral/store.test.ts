import { expect, test } from 'vitest';
import { eventKey } from '../../../../core/behaviour/key.ts';
import type { EventTypeName } from '../../../../core/behaviour/event-types.ts';
import { recordEvents } from '../../../../core/behaviour/store.ts';
import {
  acceptReferral,
  creditReferrals,
  dissolveReferrals,
  invitedBy,
  referralCode,
} from '../../../../core/campaign/referral/store.ts';
import { refund } from '../../../../core/campaign/refund/store.ts';
import { render } from '../../../../core/language/render.ts';
import type { Reply } from '../../../../core/language/reply.ts';
import { createLearner, touchAddress } from '../../../../core/learner/store.ts';
import { inTransaction } from '../../../../prisma/transaction.ts';
import { testDatabase } from '../../../setup/database.ts';

const db = testDatabase();
const terms = { percent: 10, days: 30 };
const now = new Date('2026-11-20T04:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

async function somebody(): Promise<string> {
  const { id } = await createLearner(db);
  await touchAddress(db, { learnerId: id, channel: 'telegram', chat: id });
  return id;
}

async function inviter(): Promise<{ id: string; code: string }> {
  const id = await somebody();
  return { id, code: (await referralCode(db, id))! };
}

const accept = (referredId: string, code: string) => acceptReferral(db, { referredId, code, now, ...terms });

async function order(learnerId: string, values: { status?: string; paidMinor?: number; createdAt?: Date } = {}) {
  const { paidMinor = 9_900, status = 'paid', createdAt = later(1) } = values;
  return db.prisma.order.create({
    data: {
      learnerId,
      courseId: 'c1',
      listMinor: 9_900,
      paidMinor,
      currency: 'CNY',
      status,
      provider: 'sandbox',
      channel: 'telegram',
      idempotencyKey: crypto.randomUUID(),
      createdAt,
    },
  });
}

const didSomething = (learnerId: string, type: EventTypeName) =>
  recordEvents(db, [
    {
      idempotencyKey: eventKey('test', learnerId, type),
      learnerId,
      courseId: type === 'view' ? 'c1' : null,
      type,
      value: null,
      occurredAt: now,
      channel: 'telegram',
      circumstances: {},
    },
  ]);

const couponsOf = (learnerId: string) => db.prisma.coupon.findMany({ where: { learnerId } });

test('a code is made once, and is good for a link', async () => {
  const { id, code } = await inviter();
  expect(code).toMatch(/^[\w-]{12}$/);
  expect(await Promise.all([1, 2, 3].map(() => referralCode(db, id)))).toEqual([code, code, code]);
  expect(await referralCode(db, crypto.randomUUID())).toBeUndefined();
});

test('the invited gets a coupon at once, and the inviter one for the first course that is kept, and is told, once', async () => {
  const { id, code } = await inviter();
  const friend = await somebody();
  await didSomething(friend, 'register');
  expect(await accept(friend, code)).toMatchObject({
    ok: true,
    coupon: { percent: 10, expiresAt: new Date('2026-12-20T04:00:00Z') },
  });
  expect(await couponsOf(friend)).toMatchObject([{ percent: 10, campaignId: null, createdAt: now }]);
  expect(await accept(friend, code)).toEqual({ ok: false, error: 'referral.known' });
  expect(await creditReferrals(db, terms, later(2))).toBe(0);

  await order(friend);
  expect(await creditReferrals(db, terms, new Date(later(25).getTime() - 1))).toBe(0);
  const sweeps = await Promise.all(Array.from({ length: 6 }, () => creditReferrals(db, terms, later(25))));
  expect(sweeps.reduce((sum, count) => sum + count, 0)).toBe(1);
  await order(friend);
  expect(await creditReferrals(db, terms, later(26))).toBe(0);
  const [coupon, ...more] = await couponsOf(id);
  expect(more).toEqual([]);
  expect(coupon).toMatchObject({ percent: 10, expiresAt: new Date('2026-12-21T05:00:00Z') });
  const told = await db.prisma.outboxMessage.findMany({ where: { learnerId: { in: [id, friend] } } });
  expect(told).toMatchObject([{ learnerId: id, kind: 'reward' }]);
  const { text } = told[0]!.reply as unknown as Reply;
  expect(render(text, 'en')).toContain(coupon!.code);
  expect(await invitedBy(db, id)).toEqual({ came: 1, credited: 1 });
});

test('only who is new is invited', async () => {
  const { id, code } = await inviter();
  expect(await accept(id, code)).toEqual({ ok: false, error: 'referral.self' });
  expect(await accept(await somebody(), 'nobody')).toEqual({ ok: false, error: 'referral.unknown' });
  const known = { ok: false, error: 'referral.known' };

  const seen = await somebody();
  await didSomething(seen, 'view');
  expect(await accept(seen, code)).toEqual(known);

  const buyer = await somebody();
  await order(buyer, { status: 'refunded' });
  expect(await accept(buyer, code)).toEqual(known);

  const linked = await somebody();
  await touchAddress(db, { learnerId: linked, channel: 'web', chat: linked });
  expect(await accept(linked, code)).toEqual(known);

  const imported = await somebody();
  await db.prisma.externalId.create({ data: { externalId: imported, learnerId: imported } });
  expect(await accept(imported, code)).toEqual(known);

  // Two who invite each other: the second is no newcomer.
  const friend = await inviter();
  expect((await accept(friend.id, code)).ok).toBe(true);
  expect(await accept(id, friend.code)).toEqual(known);
  expect(await couponsOf(id)).toEqual([]);
});

test('at once by two links, somebody is invited once', async () => {
  const [one, other] = [await inviter(), await inviter()];
  const friend = await somebody();
  const results = await Promise.all([one, other, one, other].map(({ code }) => accept(friend, code)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  expect(await couponsOf(friend)).toHaveLength(1);
});

test('what was refunded before, was free, or came before the invitation brings nothing', async () => {
  const { id, code } = await inviter();
  for (const values of [{ status: 'refunded' }, { status: 'refunding' }, { paidMinor: 0 }, { createdAt: later(-1) }]) {
    const friend = await somebody();
    await accept(friend, code);
    await order(friend, values);
  }
  expect(await creditReferrals(db, terms, later(30))).toBe(0);
  expect(await couponsOf(id)).toEqual([]);
});

test('what is given back within a day brings nothing; what is bought and kept after that does', async () => {
  const { id, code } = await inviter();
  const friend = await somebody();
  await accept(friend, code);
  const { id: orderId } = await order(friend);
  expect((await refund(db, { learnerId: friend, orderId, at: later(23) })).ok).toBe(true);
  expect(await creditReferrals(db, terms, later(30))).toBe(0);
  await order(friend, { createdAt: later(31) });
  expect(await creditReferrals(db, terms, later(54))).toBe(0);
  expect(await creditReferrals(db, terms, later(55))).toBe(1);
  expect(await couponsOf(id)).toHaveLength(1);
});

test('an inviter who was erased gets nothing, and nobody else does', async () => {
  const { id, code } = await inviter();
  const friend = await somebody();
  await accept(friend, code);
  await order(friend);
  await db.prisma.learner.delete({ where: { id } });
  expect(await creditReferrals(db, terms, later(30))).toBe(0);
});

test('two accounts that turn out to be one person’s are no invitation: its coupons go, unless used', async () => {
  const { id, code } = await inviter();
  const again = await somebody();
  await accept(again, code);
  await order(again);
  expect(await creditReferrals(db, terms, later(30))).toBe(1);
  const bought = await db.prisma.coupon.create({
    data: { code: 'KEPT', learnerId: id, percent: 5, expiresAt: later(99), createdAt: now },
  });
  await inTransaction(db.pool, (client) => dissolveReferrals(client, id, again));
  expect(await couponsOf(again)).toEqual([]);
  expect((await couponsOf(id)).map(({ id: left }) => left)).toEqual([bought.id]);
  // The row stays, so that it can not be earned again; joining the accounts takes the inviter out of it.
  expect(await invitedBy(db, id)).toEqual({ came: 1, credited: 1 });
});

test('who was known by another account was not new: the welcome goes when the two become one', async () => {
  const { id, code } = await inviter();
  const [known, visitor, newcomer, telegram] = [await somebody(), await somebody(), await somebody(), await somebody()];
  await didSomething(known, 'view');
  const dayLater = { now: later(24), ...terms };
  await acceptReferral(db, { referredId: visitor, code, ...dayLater });
  await inTransaction(db.pool, (client) => dissolveReferrals(client, known, visitor));
  expect(await couponsOf(visitor)).toEqual([]);
  expect(await invitedBy(db, id)).toEqual({ came: 0, credited: 0 });

  // Who is new in two places is new.
  await acceptReferral(db, { referredId: newcomer, code, ...dayLater });
  await inTransaction(db.pool, (client) => dissolveReferrals(client, telegram, newcomer));
  expect(await couponsOf(newcomer)).toHaveLength(1);

  // Invited twice, in two places: the first counts.
  await acceptReferral(db, { referredId: telegram, code, now: later(25), ...terms });
  await inTransaction(db.pool, (client) => dissolveReferrals(client, telegram, newcomer));
  expect(await couponsOf(telegram)).toEqual([]);
  expect(await couponsOf(newcomer)).toHaveLength(1);
});

test('0 percent switches it off', async () => {
  const { id, code } = await inviter();
  const friend = await somebody();
  expect(await acceptReferral(db, { referredId: friend, code, now, percent: 0, days: 30 })).toEqual({
    ok: false,
    error: 'referral.off',
  });
  await accept(friend, code);
  await order(friend);
  expect(await creditReferrals(db, { percent: 0, days: 30 }, later(30))).toBe(0);
  expect(await couponsOf(id)).toEqual([]);
});
