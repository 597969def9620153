import { beforeEach, describe, expect, test } from 'vitest';
import { couponState } from '../../../core/campaign/checkout.ts';
import { discounted, quote } from '../../../core/campaign/price.ts';
import { refund } from '../../../core/campaign/refund/store.ts';
import { checkCoupon, checkout, couponsOf, ordersOf } from '../../../core/campaign/sale/store.ts';
import { newCodes } from '../../../core/campaign/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const now = new Date('2027-03-01T12:00:00Z');
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

beforeEach(async () => {
  await db.pool.query('truncate learners, courses, orders, coupons, campaigns cascade');
});

async function learner() {
  return (await db.prisma.learner.create({ data: {} })).id;
}
async function course(id: string, priceMinor: number | null = 9900, more = {}) {
  await db.prisma.course.create({ data: { id, title: id, priceMinor, currency: 'CNY', ...more } });
}
async function coupon(learnerId: string, percent = 20, expiresAt = later(7)) {
  const [code] = newCodes(1);
  return db.prisma.coupon.create({ data: { code: code!, learnerId, percent, expiresAt } });
}
let turn = 0;
const buy = (learnerId: string, courseId: string, couponCode?: string, key = `turn-${turn++}`, at = now) =>
  checkout(db, {
    learnerId,
    courseId,
    channel: 'web',
    at,
    idempotencyKey: key,
    currency: 'CNY',
    ...(couponCode !== undefined && { couponCode }),
  });

describe('prices', () => {
  test('what is left after a discount is rounded half up, in minor units', () => {
    // 80 % of 999 = 799.2; 85 % of 10 = 8.5; 67 % of 50 = 33.5; 99 % of 50 = 49.5.
    expect([discounted(999, 20), discounted(10, 15), discounted(50, 33), discounted(50, 1)]).toEqual([799, 9, 34, 50]);
    expect([discounted(9900, 100), discounted(0, 50), discounted(1, 99)]).toEqual([0, 0, 0]);
    expect(discounted(2_000_000_000, 1)).toBe(1_980_000_000);
  });

  test('a quote adds up, and takes the currency of the installation where a course has none', () => {
    expect(quote({ priceMinor: 10, currency: null }, { percent: 15 }, 'EUR')).toEqual({
      listMinor: 10,
      discountMinor: 1,
      paidMinor: 9,
      currency: 'EUR',
      provider: 'sandbox',
    });
    expect(quote({ priceMinor: null, currency: 'CNY' }, undefined, 'CNY')).toBeUndefined();
  });

  test('a coupon ends at its instant', () => {
    expect(couponState({ redeemedAt: null, expiresAt: now }, now)).toBe('expired');
    expect(couponState({ redeemedAt: null, expiresAt: new Date(now.getTime() + 1) }, now)).toBe('open');
    expect(couponState({ redeemedAt: now, expiresAt: later(-1) }, now)).toBe('used');
  });
});

describe('checkout', () => {
  test('a coupon is redeemed with the order, and its discount is paid', async () => {
    const me = await learner();
    await course('a', 999);
    const { code, id } = await coupon(me);
    const result = await buy(me, 'a', ` ${code.toLowerCase().replaceAll('-', ' ')} `);
    expect(result).toMatchObject({
      ok: true,
      repeated: false,
      order: { listMinor: 999, paidMinor: 799, couponId: id },
    });
    expect(await couponsOf(db, me)).toMatchObject([{ code, redeemedAt: now }]);
    expect(await ordersOf(db, me)).toMatchObject([{ courseId: 'a', status: 'paid' }]);
  });

  test('of 200 redemptions of one code at once exactly one succeeds', async () => {
    const me = await learner();
    const { code } = await coupon(me);
    const ids = Array.from({ length: 200 }, (_, i) => `c${i}`);
    await db.prisma.course.createMany({ data: ids.map((id) => ({ id, title: id, priceMinor: 100, currency: 'CNY' })) });
    const results = await Promise.all(ids.map((id) => buy(me, id, code)));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(new Set(results.flatMap((result) => (result.ok ? [] : [result.error])))).toEqual(new Set(['coupon.used']));
    expect(await db.prisma.order.count()).toBe(1);
  });

  test('a course is bought once, however often at once', async () => {
    const me = await learner();
    await course('a');
    const results = await Promise.all(Array.from({ length: 20 }, () => buy(me, 'a')));
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(results.filter((result) => !result.ok && result.error === 'course.owned')).toHaveLength(19);
  });

  test('the same key gives the same order again, for the same person and course only', async () => {
    const [me, other] = [await learner(), await learner()];
    await course('a');
    await course('b');
    const results = await Promise.all(Array.from({ length: 10 }, () => buy(me, 'a', undefined, 'k')));
    expect(new Set(results.map((result) => (result.ok ? result.order.id : result.error))).size).toBe(1);
    expect(results.filter((result) => result.ok && !result.repeated)).toHaveLength(1);
    expect(await buy(me, 'b', undefined, 'k')).toEqual({ ok: false, error: 'order.conflict' });
    expect(await buy(other, 'a', undefined, 'k')).toEqual({ ok: false, error: 'order.conflict' });
  });

  test('what can not be bought says why, and leaves the coupon as it was', async () => {
    const [me, other] = [await learner(), await learner()];
    await course('a');
    await course('free of a price', null);
    await course('old', 100, { archived: true });
    const mine = await coupon(me);
    const theirs = await coupon(other);
    const old = await coupon(me, 10, now);
    expect(await buy(me, 'a', '0000-0000-00000')).toEqual({ ok: false, error: 'coupon.unknown' });
    expect(await buy(me, 'a', 'not a code')).toEqual({ ok: false, error: 'coupon.unknown' });
    expect(await buy(me, 'a', theirs.code)).toEqual({ ok: false, error: 'coupon.not-yours' });
    expect(await buy(me, 'a', old.code)).toEqual({ ok: false, error: 'coupon.expired' });
    expect(await buy(me, 'nothing')).toEqual({ ok: false, error: 'course.unknown' });
    expect(await buy(me, 'old', mine.code)).toEqual({ ok: false, error: 'course.archived' });
    expect(await buy(me, 'free of a price', mine.code)).toEqual({ ok: false, error: 'course.no-price' });
    expect(await checkCoupon(db, { code: mine.code, learnerId: me, at: now })).toMatchObject({ ok: true });
    expect(await db.prisma.order.count()).toBe(0);
  });

  test('what the log says is owned is not sold again', async () => {
    const me = await learner();
    await course('a');
    const event = (type: string, occurredAt: Date) =>
      db.pool.query(
        `insert into events (idempotency_key, learner_id, course_id, type, occurred_at, channel) values (gen_random_uuid(), $1, 'a', $2, $3, 'import')`,
        [me, type, occurredAt],
      );
    await event('enrol', later(-9));
    expect(await buy(me, 'a')).toEqual({ ok: false, error: 'course.owned' });
    await event('refund', later(-8));
    expect(await buy(me, 'a')).toMatchObject({ ok: true });
  });

  test('a refund is the learner’s own and once; the coupon stays used, the course can be bought again', async () => {
    const [me, other] = [await learner(), await learner()];
    await course('a');
    const { code } = await coupon(me);
    const bought = await buy(me, 'a', code);
    if (!bought.ok) throw new Error(bought.error);
    const orderId = bought.order.id;
    expect(await refund(db, { learnerId: other, orderId, at: now })).toEqual({ ok: false, error: 'order.unknown' });
    expect(await refund(db, { learnerId: me, orderId, at: later(1) })).toMatchObject({
      ok: true,
      order: { status: 'refunded', refundedAt: later(1) },
    });
    expect(await refund(db, { learnerId: me, orderId, at: now })).toEqual({ ok: false, error: 'order.refunded' });
    expect(await buy(me, 'a', code)).toEqual({ ok: false, error: 'coupon.used' });
    expect(await buy(me, 'a')).toMatchObject({ ok: true, order: { paidMinor: 9900 } });
  });

  test('an erased learner’s order and coupon stay, without the person', async () => {
    const me = await learner();
    await course('a');
    const { code } = await coupon(me);
    await buy(me, 'a', code);
    await db.prisma.learner.delete({ where: { id: me } });
    expect(await db.prisma.order.findMany()).toMatchObject([{ learnerId: null, paidMinor: 7920 }]);
    expect(await db.prisma.coupon.findMany()).toMatchObject([{ learnerId: null, redeemedAt: now }]);
  });
});
