import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCashier, type Cashier } from '../../../bots/conversation/cashier.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { refund } from '../../../core/campaign/refund/store.ts';
import { couponsOf, ordersOf } from '../../../core/campaign/sale/store.ts';
import { newCodes } from '../../../core/campaign/store.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { render } from '../../../core/language/render.ts';
import type { Reply } from '../../../core/language/reply.ts';
import { setConsent, touchAddress } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';
import { fixtureCourses } from './courses.ts';

const db = testDatabase();
let services: Services;
let cashier: Cashier;
let problems: string[];
/** Charges that were given back, as `charge chat`. */
let returned: string[];
/** Why the platform gives nothing back now. */
let refusal: ((chat: string) => boolean) | undefined;

beforeAll(async () => {
  problems = [];
  services = await fixtureServices(db, (line) => problems.push(line));
});

beforeEach(async () => {
  await db.pool.query('truncate learners, orders, coupons, invoices cascade');
  await upsertCourses(db, fixtureCourses);
  await services.catalogue.refresh();
  problems.length = 0;
  returned = [];
  refusal = undefined;
  services.payments.telegram = {
    starsPerUnit: 2,
    ownCurrency: true,
    refund({ chargeId, chat }) {
      if (refusal?.(chat)) return Promise.reject(new Error('CHARGE_NOT_FOUND'));
      returned.push(`${chargeId} ${chat}`);
      return Promise.resolve();
    },
  };
  cashier = createCashier(services);
});

async function onTelegram(locale: 'en' | 'zh' = 'en', recording = true): Promise<Person> {
  const person = await Person.arrive(services, locale);
  person.channel = 'telegram';
  person.chat = '4711';
  await touchAddress(db, { learnerId: person.id, channel: 'telegram', chat: '4711' });
  const consent = { learnerId: person.id, kind: 'recording' as const, wording: '1', at: person.now };
  if (recording) await setConsent(db, { ...consent, granted: true, channel: 'telegram' });
  return person;
}

async function coupon(learnerId: string, percent: number) {
  const [code] = newCodes(1);
  const expiresAt = new Date('2026-12-31T00:00:00Z');
  return db.prisma.coupon.create({ data: { code: code!, learnerId, percent, expiresAt } });
}

async function change(id: string, more: Partial<(typeof fixtureCourses)[number]>) {
  await upsertCourses(db, [{ ...fixtureCourses.find((course) => course.id === id)!, ...more }]);
  await services.catalogue.refresh();
}

const invoiceIn = (replies: readonly Reply[]) => replies.find((reply) => reply.invoice)?.invoice;
const words = (replies: readonly Reply[], language: 'en' | 'zh' = 'en') =>
  replies.map((reply) => render(reply.text, language)).join('\n---\n');

/** What Telegram asks, then says, when the person pays the invoice of their last answer. */
async function pays(person: Person, chargeId: string = randomUUID()): Promise<Reply[]> {
  const { id, amount, currency } = invoiceIn(person.replies)!;
  const paid = { invoiceId: id, learnerId: person.id, channel: 'telegram' as const, amount, currency, at: person.now };
  const objection = await cashier.approve(paid);
  if (objection) throw new Error(render(objection, 'en'));
  return cashier.paid({ ...paid, chargeId, chat: person.chat });
}

describe('buying for Stars', () => {
  test('shows a price in Stars, applies the best coupon, and asks with an invoice', async () => {
    const me = await onTelegram();
    await coupon(me.id, 10);
    const best = await coupon(me.id, 20);
    // 109 CNY at 2 Stars: 218; 80 % of that is 174.4.
    expect(await me.presses('course|c1')).toContain('⭐ 218');
    const said = await me.presses('buy|c1');
    expect(said).toContain('Price: ⭐ 218');
    expect(said).toContain(best.code);
    expect(said).toContain('To pay: ⭐ 174');
    expect(said).not.toMatch(/sandbox|CNY|¥|http/i);
    expect(me.buttons).toEqual(['code|c1', 'buy|c1|-']);
    expect(invoiceIn(me.replies)).toMatchObject({ course: 'c1', amount: 174, currency: 'XTR' });
  });

  test('a payment is delivered with its receipt, its event and its coupon redeemed; once', async () => {
    const me = await onTelegram('zh');
    const { id } = await coupon(me.id, 20);
    await me.says('搜索 python');
    await me.presses(me.buttons.find((each) => each.startsWith('buy|c1|'))!);
    const receipt = await pays(me, 'charge');
    expect(words(receipt, 'zh')).toContain('购买成功：《Python 数据处理》');
    expect(words(receipt, 'zh')).toContain('实付：⭐ 174（已省 ⭐ 44）');
    expect(words(receipt, 'zh')).not.toContain('沙盒');
    await expect(pays(me, 'another')).rejects.toThrow('is yours already');
    const { id: invoiceId } = invoiceIn(me.replies)!;
    const again = {
      invoiceId,
      learnerId: me.id,
      channel: 'telegram' as const,
      amount: 174,
      currency: 'XTR',
      at: me.now,
    };
    expect(words(await cashier.paid({ ...again, chargeId: 'charge', chat: me.chat }), 'zh')).toBe(words(receipt, 'zh'));
    expect(await ordersOf(db, me.id)).toMatchObject([
      { courseId: 'c1', paidMinor: 174, currency: 'XTR', provider: 'stars', chargeId: 'charge', couponId: id },
    ]);
    expect((await couponsOf(db, me.id))[0]!.redeemedAt).toEqual(me.now);
    const bought = (await me.log()).filter(({ type }) => type === 'purchase');
    // 10,900 × 174 / 218.
    expect(bought).toMatchObject([
      { courseId: 'c1', value: 8_700, channel: 'telegram', circumstances: { list: 'search' } },
    ]);
    expect(await me.presses('course|c1')).not.toContain('⭐ 174');
    expect(me.buttons.some((each) => each.startsWith('buy'))).toBe(false);
  });

  test('words do not pay, nor does a button of elsewhere', async () => {
    const me = await onTelegram();
    await me.presses('buy|c1');
    const invoice = invoiceIn(me.replies)!.id;
    for (const words of ['yes', 'pay']) {
      expect(await me.says(words)).toContain('Only you can pay');
      expect(invoiceIn(me.replies)!.id).toBe(invoice);
    }
    await me.presses('pay|c1|-');
    await me.presses('pay|c1');
    expect(await ordersOf(db, me.id)).toEqual([]);
  });

  test('what costs nothing is taken without an invoice', async () => {
    const me = await onTelegram();
    const free = await me.presses('buy|c3');
    expect(free).toContain('nothing to pay');
    expect(invoiceIn(me.replies)).toBeUndefined();
    expect(await me.chooses('pay|c3')).toContain('cost you nothing');
    await coupon(me.id, 100);
    expect(await me.presses('buy|c1')).toContain('−⭐ 218');
    expect(invoiceIn(me.replies)).toBeUndefined();
    await me.says('yes');
    expect(await ordersOf(db, me.id)).toMatchObject([
      { courseId: 'c1', paidMinor: 0, listMinor: 218, currency: 'XTR' },
      { courseId: 'c3', paidMinor: 0 },
    ]);
    expect((await couponsOf(db, me.id))[0]!.redeemedAt).not.toBeNull();
    expect(await me.presses('refund|c1')).toContain('cost you nothing');
    expect(await me.chooses('refund|c1|yes')).toContain('out of your courses');
    expect(returned).toEqual([]);
  });

  test('what has no price in Stars is not sold, and not sent elsewhere', async () => {
    services.payments.telegram!.starsPerUnit = undefined;
    services.links = { to: () => 'https://shop.example' };
    const me = await onTelegram('zh');
    expect(await me.presses('course|c1')).not.toContain('¥');
    expect(me.buttons.some((each) => each.startsWith('buy'))).toBe(false);
    const said = await me.presses('buy|c1');
    expect(said).toContain('暂时不能在这里购买');
    expect(said).not.toContain('http');
    expect(me.replies.flatMap(({ buttons = [] }) => buttons.flat()).some(({ url }) => url)).toBe(false);
    await change('c1', { attributes: { price_stars: '30' }, priceMinor: null });
    expect(await me.presses('buy|c1')).toContain('⭐ 30');
  });

  test('what is physical or live is paid in its own currency, or not at all', async () => {
    await change('c1', { attributes: { delivery: 'live' } });
    const me = await onTelegram();
    await me.presses('buy|c1');
    expect(invoiceIn(me.replies)).toMatchObject({ amount: 10_900, currency: 'CNY' });
    await pays(me);
    expect(await ordersOf(db, me.id)).toMatchObject([{ provider: 'telegram', currency: 'CNY' }]);
    expect(await me.presses('refund|c1|yes')).toContain('only the seller');
    expect(returned).toEqual([]);
    services.payments.telegram!.ownCurrency = false;
    await change('c2', { attributes: { delivery: 'physical' } });
    expect(await me.presses('buy|c2')).toContain("can't be bought in this chat yet");
  });

  test('a coupon that waits for an invoice is still good for it, and for nothing else', async () => {
    const me = await onTelegram();
    const { code } = await coupon(me.id, 20);
    await me.presses('buy|c1');
    const { id, amount, currency } = invoiceIn(me.replies)!;
    const asked = { invoiceId: id, learnerId: me.id, channel: 'telegram' as const, amount, currency, at: me.now };
    expect(await cashier.approve(asked)).toBeUndefined();
    await me.presses('buy|c1');
    expect(invoiceIn(me.replies)).toMatchObject({ id, amount: 174 });
    await me.presses(`buy|c1|${code}`);
    expect(invoiceIn(me.replies)).toMatchObject({ id, amount: 174 });
    expect(await me.presses(`buy|c2|${code}`)).toContain('waiting for a payment');
    expect(invoiceIn(me.replies)).toMatchObject({ amount: 238 });
    expect(await me.says('my coupons')).toContain('waits for a payment');
    me.channel = 'web';
    expect(await me.presses(`buy|c1|${code}`)).toContain('waiting for a payment');
  });

  test('what refuses a payment is said in the language of the person', async () => {
    const me = await onTelegram();
    await me.presses('buy|c1');
    const { id, amount, currency } = invoiceIn(me.replies)!;
    const asked = { invoiceId: id, learnerId: me.id, channel: 'telegram' as const, amount, currency, at: me.now };
    const said = async (more: Partial<typeof asked> = {}) =>
      render((await cashier.approve({ ...asked, ...more }))!, 'zh');
    expect(await said({ amount: 1 })).toContain('价格变了');
    expect(await said({ invoiceId: 'x' })).toContain('已失效');
    expect(await said({ learnerId: randomUUID() })).toContain('别人');
    await change('c1', { archived: true });
    expect(await said()).toBe('《Python 数据处理》已停售。');
    cashier = createCashier({ ...services, payments: {} });
    expect(await said()).toContain('暂时无法收款');
  });

  test('who records nothing still gets what they paid for', async () => {
    const me = await onTelegram('en', false);
    expect(await me.presses('buy|c1')).toContain('nothing else is recorded');
    expect(words(await pays(me))).toContain('is yours');
    expect(await ordersOf(db, me.id)).toHaveLength(1);
    expect(await me.log()).toEqual([]);
  });
});

describe('giving back', () => {
  async function bought(): Promise<Person> {
    const me = await onTelegram();
    await me.presses('buy|c1');
    await pays(me, 'charge');
    return me;
  }
  const status = async (me: Person) => (await ordersOf(db, me.id))[0]!.status;

  test('Stars go back to the chat that paid, also when asked for elsewhere', async () => {
    const me = await bought();
    await touchAddress(db, { learnerId: me.id, channel: 'telegram', chat: 'another phone' });
    refusal = (chat) => chat !== '4711';
    me.channel = 'web';
    me.chat = me.id;
    expect(await me.presses('refund|c1')).toContain('⭐ 218');
    expect(await me.chooses('refund|c1|yes')).toContain('is given back');
    expect(returned).toEqual(['charge 4711']);
    expect(await status(me)).toBe('refunded');
    expect((await me.log()).filter(({ type }) => type === 'refund')).toMatchObject([{ courseId: 'c1', value: 10_900 }]);
    expect(await cashier.refunded({ chargeId: 'charge', at: me.now })).toEqual([]);
    expect(await me.presses('refund|c1|yes')).toContain('no purchase');
  });

  test('what did not go through is tried again; the course is theirs until then', async () => {
    const me = await bought();
    refusal = () => true;
    expect(await me.presses('refund|c1|yes')).toContain('has not gone through yet');
    expect(await status(me)).toBe('refunding');
    expect(problems.join('\n')).not.toContain('4711');
    expect(problems).toHaveLength(1);
    expect(await me.presses('buy|c1')).toContain('is yours already');
    expect(await me.says('refund')).toContain('back for ⭐ 218?');
    refusal = undefined;
    expect(await me.presses('refund|c1|yes')).toContain('is given back');
    expect(await status(me)).toBe('refunded');
    expect((await me.events()).filter((type) => type === 'refund')).toHaveLength(1);
    await me.presses('buy|c1');
    expect(invoiceIn(me.replies)).toBeDefined();
  });

  test('a crash on the way is made good by asking again, or by what Telegram says', async () => {
    const me = await bought();
    const [order] = await ordersOf(db, me.id);
    // The process fell after it had written down what it was about to do …
    await refund(db, { learnerId: me.id, orderId: order!.id, at: me.now });
    await me.presses('refund|c1|yes');
    expect([await status(me), returned]).toEqual(['refunded', ['charge 4711']]);
    // … or after the money had gone back.
    await db.pool.query("update orders set status = 'refunding', refunded_at = null");
    expect(await cashier.refunded({ chargeId: 'charge', at: me.now })).toEqual([]);
    expect(await status(me)).toBe('refunded');
    expect((await me.events()).filter((type) => type === 'refund')).toHaveLength(1);
  });

  test('what the seller gave back by other means is noted and told', async () => {
    const me = await bought();
    expect(words(await cashier.refunded({ chargeId: 'charge', at: me.now }))).toContain('is given back');
    expect(await status(me)).toBe('refunded');
    expect((await me.events()).filter((type) => type === 'refund')).toHaveLength(1);
    expect(await cashier.refunded({ chargeId: 'of nobody', at: me.now })).toEqual([]);
  });
});

describe('money that nobody needed', () => {
  test('a course that is owned by then: Stars go back at once, and it stays owned', async () => {
    const me = await onTelegram();
    await me.presses('buy|c1');
    const { id: invoiceId, amount, currency } = invoiceIn(me.replies)!;
    await pays(me, 'first');
    const twice = { invoiceId, learnerId: me.id, channel: 'telegram' as const, amount, currency, at: me.now };
    const second = { ...twice, chargeId: 'second', chat: me.chat };
    refusal = () => true;
    const [failed] = await cashier.paid(second);
    expect(render(failed!.text, 'en')).toContain('did not work just now');
    // The button under it goes on with the second payment, and does not give the course back.
    refusal = undefined;
    await me.presses(failed!.buttons![0]![0]!.id);
    expect(returned).toEqual(['second 4711']);
    expect(words(await cashier.paid(second))).toContain('did not charge you twice');
    expect(returned).toEqual(['second 4711']);
    expect((await me.events()).filter((type) => type === 'purchase' || type === 'refund')).toEqual(['purchase']);
    expect(await me.presses('buy|c1')).toContain('is yours already');
    const statuses = (await ordersOf(db, me.id)).map((order) => [order.chargeId, order.status]);
    expect(Object.fromEntries(statuses)).toEqual({ first: 'paid', second: 'refunded' });
  });

  test('a provider keeps it, and the person is told whom to ask', async () => {
    await change('c1', { attributes: { delivery: 'live' } });
    const me = await onTelegram();
    await me.presses('buy|c1');
    const { id: invoiceId, amount, currency } = invoiceIn(me.replies)!;
    await pays(me);
    const twice = { invoiceId, learnerId: me.id, channel: 'telegram' as const, amount, currency, at: me.now };
    const [told] = await cashier.paid({ ...twice, chargeId: 'second', chat: me.chat });
    expect(render(told!.text, 'en')).toMatch(/second time \(order [0-9A-F]{8}\)/);
    expect(told!.buttons![0]![0]!.id).toBe('ask');
  });

  test('an invoice that nobody knows', async () => {
    const me = await onTelegram();
    const payment = { invoiceId: randomUUID(), learnerId: me.id, amount: 50, currency: 'XTR', at: me.now };
    const told = await cashier.paid({ ...payment, channel: 'telegram', chargeId: 'lost', chat: me.chat });
    expect(words(told)).toContain('A payment of ⭐ 50 has arrived');
    expect(returned).toEqual(['lost 4711']);
    expect(await ordersOf(db, me.id)).toMatchObject([{ status: 'refunded', paidMinor: 50 }]);
  });

  test('somebody who was erased while they paid', async () => {
    const me = await onTelegram();
    await me.presses('buy|c1');
    const { id: invoiceId, amount, currency } = invoiceIn(me.replies)!;
    await db.pool.query('delete from learners where id = $1', [me.id]);
    const paid = { invoiceId, learnerId: me.id, channel: 'telegram' as const, amount, currency, at: me.now };
    expect(words(await cashier.paid({ ...paid, chargeId: 'c', chat: '4711' }))).toContain('is yours');
    expect(await db.prisma.order.findMany()).toMatchObject([{ learnerId: null, status: 'paid', courseId: 'c1' }]);
  });
});

test('a payment for what a message showed is what the message came to', async () => {
  const me = await onTelegram('en', false);
  const message = randomUUID();
  await db.pool.query(
    `insert into outbox_messages (id, idempotency_key, learner_id, kind, reply, status, sent_at, expires_at)
     values ($1, 'k', $2, 'push', '{}', 'sent', now(), now() + interval '1 day')`,
    [message, me.id],
  );
  await me.presses(`buy|c1||m${message}`);
  await pays(me);
  expect(await db.prisma.outboxMessage.findMany()).toMatchObject([{ outcome: 'bought' }]);
});

test('a code that is typed is no change of language', async () => {
  const me = await onTelegram('zh');
  await me.presses('buy|c1');
  await me.chooses('code|c1');
  expect(await me.says('ABCD-EFGH-12345')).toContain('没有找到这个优惠码');
});

test('help with payments names the orders, and the terms are there', async () => {
  const me = await onTelegram('zh');
  expect(await me.says('/paysupport')).toContain('付款帮助');
  expect(me.buttons).toEqual(['ask', 'terms']);
  expect(await me.says('/terms')).toContain('购买条款');
  await me.presses('buy|c1');
  await pays(me);
  expect(await me.says('/terms')).toContain('购买条款');
  for (const words of [
    '怎么付款',
    '怎么用星星付款',
    '支持微信支付吗',
    '支付方式',
    'How do I pay?',
    'Can I pay by card',
  ])
    expect(await me.says(words), words).toMatch(/⭐/);
  for (const words of ['你们的退款政策是什么', '购买条款', 'refund policy'])
    expect(await me.says(words), words).toMatch(/购买条款：|Terms of buying/);
  for (const words of [
    '为什么扣了我的钱',
    '付了钱没有收到课程',
    '支付失败',
    'I was charged twice',
    'problem with my payment',
  ])
    expect(await me.says(words), words).toMatch(/付款帮助|Help with payments/);
  for (const words of ['微信小程序', '支付系统设计', 'payment systems'])
    expect(await me.says(words), words).not.toMatch(/付款帮助|Help with payments|充值|too few/);
  await me.presses('language||zh');
  const number = (await ordersOf(db, me.id))[0]!.id.slice(0, 8).toUpperCase();
  expect(await me.says('/paysupport')).toContain(`${number} · Python 数据处理 · ⭐ 218 · 已付款`);
  expect(me.buttons).toContain('refund');
});
