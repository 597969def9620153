import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { campaignResults } from '../../../core/campaign/result/store.ts';
import { quote, type Tariff } from '../../../core/campaign/price.ts';
import { approveInvoice, settlePayment, writeInvoice } from '../../../core/campaign/invoice/store.ts';
import { finishRefund, refund } from '../../../core/campaign/refund/store.ts';
import { checkCoupon, checkout, couponsOf, ordersOf } from '../../../core/campaign/sale/store.ts';
import { newCodes } from '../../../core/campaign/store.ts';
import { mergeLearners } from '../../../core/privacy/merge.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const now = new Date('2027-03-01T12:00:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const tariff: Tariff = { starsPerUnit: 2, ownCurrency: true };

beforeEach(async () => {
  await db.pool.query('truncate learners, courses, orders, coupons, campaigns, invoices cascade');
});

const learner = async () => (await db.prisma.learner.create({ data: {} })).id;

async function course(id: string, more: { attributes?: Record<string, string>; archived?: boolean } = {}) {
  await db.prisma.course.create({ data: { id, title: id, priceMinor: 10_000, currency: 'CNY', ...more } });
}

async function coupon(learnerId: string, percent = 20, expiresAt = hours(240)) {
  const [code] = newCodes(1);
  return db.prisma.coupon.create({ data: { code: code!, learnerId, percent, expiresAt } });
}

async function invoice(learnerId: string, courseId: string, off?: { id: string; percent: number }) {
  const sold = await db.prisma.course.findUniqueOrThrow({ where: { id: courseId } });
  const price = quote({ ...sold, attributes: sold.attributes as Record<string, string> }, off, 'CNY', tariff)!;
  const id = await writeInvoice(db, {
    learnerId,
    courseId,
    coupon: off,
    price,
    channel: 'telegram',
    circumstances: { list: 'search' },
    at: now,
  });
  return { id, learnerId, ...price };
}
type Bill = Awaited<ReturnType<typeof invoice>>;

const approve = (bill: Bill, more: Partial<Parameters<typeof approveInvoice>[1]> = {}) =>
  approveInvoice(db, {
    invoiceId: bill.id,
    learnerId: bill.learnerId,
    amount: bill.paidMinor,
    currency: bill.currency,
    at: now,
    tariff,
    usualCurrency: 'CNY',
    ...more,
  });

const pay = (bill: Bill, more: Partial<Parameters<typeof settlePayment>[1]> = {}) =>
  settlePayment(db, {
    chargeId: `charge-of-${bill.id}`,
    invoiceId: bill.id,
    learnerId: bill.learnerId,
    amount: bill.paidMinor,
    currency: bill.currency,
    channel: 'telegram',
    at: now,
    ...more,
  });

describe('an invoice', () => {
  test('is let through at its price, and its payment is an order that redeems the coupon', async () => {
    const me = await learner();
    await course('a');
    const off = await coupon(me);
    const bill = await invoice(me, 'a', off);
    // 100 CNY at 2 Stars, 20 % off.
    expect([bill.listMinor, bill.paidMinor, bill.currency]).toEqual([200, 160, 'XTR']);
    expect(await approve(bill)).toEqual({ ok: true });
    const settled = await pay(bill);
    expect(settled).toMatchObject({ repeated: false, needless: false, known: true, circumstances: { list: 'search' } });
    expect(await ordersOf(db, me)).toEqual([settled.order]);
    expect(settled.order).toMatchObject({
      courseId: 'a',
      listMinor: 200,
      paidMinor: 160,
      currency: 'XTR',
      status: 'paid',
      provider: 'stars',
      channel: 'telegram',
      chargeId: `charge-of-${bill.id}`,
      couponId: off.id,
    });
    expect(await couponsOf(db, me)).toMatchObject([{ redeemedAt: now, reserved: null }]);
  });

  test('is the same one when the same is offered again', async () => {
    const me = await learner();
    await course('a');
    const off = await coupon(me);
    const first = await invoice(me, 'a', off);
    await approve(first);
    expect((await invoice(me, 'a', off)).id).toBe(first.id);
    expect((await invoice(me, 'a')).id).not.toBe(first.id);
    expect(await approve(await invoice(me, 'a', off))).toEqual({ ok: true });
  });

  test('is not let through for another amount, another currency, another person, or when it is none of ours', async () => {
    const [me, other] = [await learner(), await learner()];
    await course('a');
    const bill = await invoice(me, 'a');
    const refused = { ok: false, error: 'invoice.changed' };
    expect(await approve(bill, { amount: bill.paidMinor - 1 })).toMatchObject(refused);
    expect(await approve(bill, { amount: 0 })).toMatchObject(refused);
    expect(await approve(bill, { currency: 'CNY' })).toMatchObject(refused);
    expect(await approve(bill, { learnerId: other })).toMatchObject({ error: 'invoice.not-yours' });
    expect(await approve(bill, { invoiceId: randomUUID() })).toMatchObject({ error: 'invoice.unknown' });
    expect(await approve(bill, { invoiceId: "x' or 1=1" })).toMatchObject({ error: 'invoice.unknown' });
  });

  test('is not let through once the price, the course or the coupon is another one', async () => {
    const me = await learner();
    for (const id of ['dearer', 'gone', 'archived', 'owned', 'coupon-used', 'coupon-over']) await course(id);
    const [used, over] = [await coupon(me), await coupon(me, 20, hours(1))];
    const bills = {
      'invoice.changed': await invoice(me, 'dearer'),
      'course.unknown': await invoice(me, 'gone'),
      'course.archived': await invoice(me, 'archived'),
      'course.owned': await invoice(me, 'owned'),
      'coupon.used': await invoice(me, 'coupon-used', used),
    };
    const late = await invoice(me, 'coupon-over', over);
    await db.pool.query("update courses set price_minor = 10050 where id = 'dearer'");
    await db.pool.query("delete from courses where id = 'gone'");
    await db.pool.query("update courses set archived = true where id = 'archived'");
    const sandbox = { learnerId: me, channel: 'web', at: now, currency: 'CNY' };
    await checkout(db, { ...sandbox, courseId: 'owned', couponCode: used.code, idempotencyKey: 'k' });
    for (const [error, bill] of Object.entries(bills)) expect(await approve(bill)).toMatchObject({ ok: false, error });
    expect(await approve(late, { at: hours(1) })).toMatchObject({ error: 'coupon.expired' });
    // What was refused keeps no coupon from anybody.
    expect((await couponsOf(db, me)).map(({ reserved }) => reserved)).toEqual([null, null]);
  });

  test('keeps its coupon from everything else for a day, and from itself never', async () => {
    const me = await learner();
    await course('a');
    await course('b');
    const off = await coupon(me);
    const bill = await invoice(me, 'a', off);
    await approve(bill);
    const sandbox = { learnerId: me, courseId: 'a', couponCode: off.code, channel: 'web', currency: 'CNY' };
    const reserved = { ok: false, error: 'coupon.reserved' };
    expect(await checkout(db, { ...sandbox, at: hours(23), idempotencyKey: 'k' })).toEqual(reserved);
    expect(await approve(await invoice(me, 'b', off), { at: hours(23) })).toMatchObject(reserved);
    const check = { code: off.code, learnerId: me, at: hours(23) };
    expect(await checkCoupon(db, check)).toEqual(reserved);
    expect(await checkCoupon(db, { ...check, payingFor: 'b' })).toEqual(reserved);
    expect(await checkCoupon(db, { ...check, payingFor: 'a' })).toMatchObject({ ok: true });
    expect(await approve(bill)).toEqual({ ok: true });
    expect(await checkout(db, { ...sandbox, at: hours(25), idempotencyKey: 'k' })).toMatchObject({ ok: true });
  });
});

describe('of many at once', () => {
  test('200 invoices with one code: one is let through', async () => {
    const me = await learner();
    const off = await coupon(me);
    const ids = Array.from({ length: 200 }, (_, i) => `c${i}`);
    await db.prisma.course.createMany({ data: ids.map((id) => ({ id, title: id, priceMinor: 100, currency: 'CNY' })) });
    const bills = await Promise.all(ids.map((id) => invoice(me, id, off)));
    const answers = await Promise.all(bills.map((bill) => approve(bill)));
    const through = bills.filter((_, i) => answers[i]!.ok);
    expect(through).toHaveLength(1);
    expect(new Set(answers.map((answer) => (answer.ok ? 'ok' : answer.error)))).toEqual(
      new Set(['ok', 'coupon.reserved']),
    );
    await pay(through[0]!);
    expect(await db.prisma.coupon.findMany()).toMatchObject([{ id: off.id, redeemedAt: now }]);
  });

  test('200 payments with one code, none of which was asked about: all are orders, one has redeemed it', async () => {
    const me = await learner();
    const off = await coupon(me);
    const ids = Array.from({ length: 200 }, (_, i) => `c${i}`);
    await db.prisma.course.createMany({ data: ids.map((id) => ({ id, title: id, priceMinor: 100, currency: 'CNY' })) });
    const bills = await Promise.all(ids.map((id) => invoice(me, id, off)));
    await Promise.all(bills.map((bill) => pay(bill)));
    const orders = await ordersOf(db, me);
    expect(orders).toHaveLength(200);
    expect(orders.filter(({ couponId }) => couponId === off.id)).toHaveLength(1);
    expect(orders.every(({ status }) => status === 'paid')).toBe(true);
  });

  test('the sandbox and 50 invoices at one code: one redemption', async () => {
    const me = await learner();
    const off = await coupon(me);
    const ids = Array.from({ length: 51 }, (_, i) => `c${i}`);
    await db.prisma.course.createMany({ data: ids.map((id) => ({ id, title: id, priceMinor: 100, currency: 'CNY' })) });
    const bills = await Promise.all(ids.slice(1).map((id) => invoice(me, id, off)));
    const answers = await Promise.all([
      checkout(db, {
        learnerId: me,
        courseId: 'c0',
        couponCode: off.code,
        channel: 'web',
        at: now,
        idempotencyKey: 'k',
        currency: 'CNY',
      }),
      ...bills.map(async (bill) => {
        const answer = await approve(bill);
        if (answer.ok) await pay(bill);
        return answer;
      }),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await ordersOf(db, me)).filter(({ couponId }) => couponId === off.id)).toHaveLength(1);
  });

  test('one update of a payment, handed in 20 times: one order', async () => {
    const me = await learner();
    await course('a');
    const bill = await invoice(me, 'a');
    const settled = await Promise.all(Array.from({ length: 20 }, () => pay(bill)));
    expect(new Set(settled.map(({ order }) => order.id)).size).toBe(1);
    expect(settled.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(settled.every(({ needless }) => !needless)).toBe(true);
  });
});

describe('money that has arrived', () => {
  test('is honoured whatever happened to course, coupon and price meanwhile', async () => {
    const me = await learner();
    await course('a');
    const off = await coupon(me, 20, hours(1));
    const bill = await invoice(me, 'a', off);
    await approve(bill);
    await db.pool.query("delete from courses where id = 'a'");
    expect((await pay(bill, { at: hours(2) })).order).toMatchObject({
      status: 'paid',
      paidMinor: 160,
      couponId: off.id,
    });
  });

  test('for a course that is owned already goes back when it is Stars, and the coupon is free again', async () => {
    const me = await learner();
    await course('a');
    const off = await coupon(me);
    const [first, second] = [await invoice(me, 'a'), await invoice(me, 'a', off)];
    await approve(first);
    await approve(second);
    await pay(first);
    const settled = await pay(second);
    expect(settled).toMatchObject({ needless: true, known: true, order: { status: 'refunding', couponId: null } });
    expect(await pay(second)).toMatchObject({ needless: true, repeated: true, order: { id: settled.order.id } });
    expect(await checkCoupon(db, { code: off.code, learnerId: me, at: now })).toMatchObject({ ok: true });
  });

  test('for a course that is owned already is kept when a provider has it', async () => {
    const me = await learner();
    await course('a', { attributes: { delivery: 'live' } });
    const bill = await invoice(me, 'a');
    expect([bill.currency, bill.paidMinor]).toEqual(['CNY', 10_000]);
    await pay(bill);
    const again = await pay(bill, { chargeId: 'another' });
    expect(again).toMatchObject({ needless: true, order: { status: 'paid', provider: 'telegram' } });
    expect(await db.prisma.order.count()).toBe(2);
  });

  test('of somebody who is erased by then is recorded without them', async () => {
    const me = await learner();
    await course('a');
    const off = await coupon(me);
    const bill = await invoice(me, 'a', off);
    await approve(bill);
    await db.prisma.learner.delete({ where: { id: me } });
    await pay(bill);
    expect(await db.prisma.order.findMany()).toMatchObject([{ learnerId: null, paidMinor: 160, couponId: off.id }]);
    // And goes to the person who came back by paying, if they did.
    const back = await learner();
    expect(await pay({ ...bill, learnerId: back }, { chargeId: 'second' })).toMatchObject({ needless: false });
    expect(await ordersOf(db, back)).toMatchObject([{ courseId: 'a', status: 'paid' }]);
  });

  test('of somebody whose accounts became one meanwhile is theirs', async () => {
    const [web, telegram] = [await learner(), await learner()];
    await course('a');
    await course('b');
    const [bill, other] = [await invoice(telegram, 'a', await coupon(telegram)), await invoice(telegram, 'b')];
    await approve(bill);
    const merging = await mergeLearners(db, web, telegram, now);
    if (!merging.ok) throw new Error(merging.reason);
    // Whichever of the two ids the payment comes with.
    await pay({ ...bill, learnerId: web });
    await pay({ ...other, learnerId: telegram });
    const orders = await ordersOf(db, merging.learnerId);
    expect(orders.map(({ courseId, paidMinor }) => [courseId, paidMinor]).sort()).toEqual([
      ['a', 160],
      ['b', 200],
    ]);
    expect((await couponsOf(db, merging.learnerId))[0]!.redeemedAt).toEqual(now);
  });

  test('for an invoice that nobody knows is recorded, and goes back', async () => {
    const me = await learner();
    const settled = await settlePayment(db, {
      chargeId: 'c',
      invoiceId: 'of another time',
      learnerId: me,
      amount: 50,
      currency: 'XTR',
      channel: 'telegram',
      at: now,
    });
    expect(settled).toMatchObject({ needless: true, known: false, order: { status: 'refunding', paidMinor: 50 } });
  });
});

describe('giving back', () => {
  async function bought(attributes: Record<string, string> = {}) {
    const me = await learner();
    await course('a', { attributes });
    const { order } = await pay(await invoice(me, 'a'));
    return { me, order };
  }

  test('Stars are on their way until the platform has given them back, and may be asked for again', async () => {
    const { me, order } = await bought();
    const ask = () => refund(db, { learnerId: me, orderId: order.id, at: now });
    expect(await ask()).toMatchObject({ ok: true, order: { status: 'refunding', refundedAt: null } });
    expect(await ask()).toMatchObject({ ok: true, order: { status: 'refunding' } });
    const done = await finishRefund(db, { chargeId: order.chargeId!, at: hours(1) });
    expect(done).toMatchObject({ learnerId: me, order: { status: 'refunded', refundedAt: hours(1) } });
    expect(await ask()).toEqual({ ok: false, error: 'order.refunded' });
    // Told once more, it stays as it was.
    expect(await finishRefund(db, { chargeId: order.chargeId!, at: hours(2) })).toMatchObject({
      order: { refundedAt: hours(1) },
    });
    expect(await finishRefund(db, { chargeId: 'of nobody', at: now })).toBeUndefined();
  });

  test('a provider’s money is not ours to give back', async () => {
    const { me, order } = await bought({ delivery: 'physical' });
    expect(await refund(db, { learnerId: me, orderId: order.id, at: now })).toEqual({
      ok: false,
      error: 'order.paid-outside',
    });
    expect((await ordersOf(db, me))[0]!.status).toBe('paid');
  });

  test('the course is theirs until the money is back', async () => {
    const { me, order } = await bought();
    await refund(db, { learnerId: me, orderId: order.id, at: now });
    const bill = await invoice(me, 'a');
    expect(await approve(bill)).toMatchObject({ error: 'course.owned' });
    await finishRefund(db, { chargeId: order.chargeId!, at: now });
    expect(await approve(bill)).toEqual({ ok: true });
  });

  test('the sandbox hands nothing out that costs money elsewhere', async () => {
    const me = await learner();
    await course('a');
    const gift = await coupon(me, 100);
    const ask = { learnerId: me, courseId: 'a', channel: 'telegram', at: now, currency: 'CNY', tariff };
    expect(await checkout(db, { ...ask, idempotencyKey: '1' })).toEqual({ ok: false, error: 'order.unpaid' });
    expect(await checkout(db, { ...ask, idempotencyKey: '2', couponCode: gift.code })).toMatchObject({
      ok: true,
      order: { paidMinor: 0, listMinor: 200, currency: 'XTR', provider: 'sandbox', couponId: gift.id },
    });
  });
});

test('a campaign counts Stars apart from other money, and only what was kept', async () => {
  const [campaign] = (
    await db.pool.query<{ id: string }>(
      `insert into campaigns (name, plan, status, send_at)
       values ('spring', $1, 'sending', $2) returning id`,
      [JSON.stringify({ offer: { expires_at: hours(100).toISOString() } }), now],
    )
  ).rows;
  for (const id of ['a', 'b', 'c']) await course(id);
  const people = await Promise.all([learner(), learner(), learner()]);
  for (const id of people)
    await db.pool.query(
      `insert into campaign_members (campaign_id, learner_id, arm, created_at) values ($1, $2, 'treatment', $3)`,
      [campaign!.id, id, now],
    );
  const [inStars, both, gaveBack] = people;
  const off = await db.prisma.coupon.create({
    data: { code: newCodes(1)[0]!, learnerId: inStars, percent: 20, expiresAt: hours(100), campaignId: campaign!.id },
  });
  const paid = await pay(await invoice(inStars, 'a', off), { at: hours(1) });
  expect(paid.order.campaignId).toBe(campaign!.id);
  await pay(await invoice(both, 'b'), { at: hours(1) });
  const sandbox = { learnerId: both, courseId: 'c', channel: 'web', at: hours(1), currency: 'CNY' };
  await checkout(db, { ...sandbox, idempotencyKey: 'k' });
  const { order } = await pay(await invoice(gaveBack, 'a'), { at: hours(1) });
  await refund(db, { learnerId: gaveBack, orderId: order.id, at: hours(2) });
  // Paid a second time for what they have: on its way back, it is no sale.
  await pay(await invoice(inStars, 'a'), { at: hours(1), chargeId: 'again' });
  const [result] = await campaignResults(db, { name: 'spring', currency: 'CNY' });
  expect(result?.arms.treatment).toMatchObject({
    bought: 3,
    redeemed: 1,
    revenue: { XTR: 360, CNY: 10_000 },
  });
  // Who is erased leaves what they paid, and where it belongs.
  await db.prisma.learner.delete({ where: { id: inStars } });
  const [after] = await campaignResults(db, { name: 'spring', currency: 'CNY' });
  expect(after?.arms.treatment).toMatchObject({ bought: 3, revenue: { XTR: 360, CNY: 10_000 } });
});
