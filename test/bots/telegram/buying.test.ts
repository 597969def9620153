import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BotServices } from '../../../bots/bot.ts';
import type { TelegramBot } from '../../../bots/telegram/bot.ts';
import { createTelegramApi } from '../../../bots/telegram/call.ts';
import { createOutlet } from '../../../bots/telegram/outlet.ts';
import { recoverPayments } from '../../../bots/telegram/recover.ts';
import { createPresses } from '../../../bots/press/presses.ts';
import { ordersOf } from '../../../core/campaign/sale/store.ts';
import { newCodes } from '../../../core/campaign/store.ts';
import { learnerAt } from '../../../core/learner/store.ts';
import { createTelegramDouble, personOf, type Call, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { botFor, buttonsOf, dataOf, idOf } from './bot.ts';
import { botServices } from './services.ts';

const db = testDatabase();
let telegram: TelegramDouble;
let services: BotServices;
let bot: TelegramBot;
let problems: string[];
let person = 700;

beforeAll(async () => {
  services = await botServices(db, (line) => problems.push(line));
});
beforeEach(async () => {
  person++;
  problems = [];
  await db.pool.query("delete from updates; delete from settings where name like 'telegram.transactions%'");
  telegram = await createTelegramDouble();
  bot = botFor(telegram, services);
  await bot.start();
  // What the bot looks up by itself is over: the book is empty.
  await telegram.next('getStarTransactions');
});
afterEach(async () => {
  await bot.close();
  await telegram.close();
});
afterAll(() => {
  expect(problems).toEqual([]);
});

const text = ({ params }: Call): string => String(params['text'] ?? params['caption']);
const me = () => personOf(person, 'zh-hans');
const learner = async () => (await learnerAt(db, 'telegram', String(person)))!;

async function says(words: string, method = 'sendMessage'): Promise<Call> {
  telegram.message(person, words, { from: me() });
  return telegram.next(method);
}
/** The card of a course, with its cover. */
const opens = () => says('/course Python 数据处理', 'sendPhoto');
async function presses(call: Call, start: string): Promise<Call> {
  telegram.press(person, idOf(call), dataOf(call, start), me());
  return telegram.next('sendMessage');
}

interface Bill {
  payload: string;
  currency: 'XTR';
  prices: { amount: number }[];
}

/** What Telegram does when the person presses the button of a bill and confirms. */
async function pays(bill: Bill, chargeId: string): Promise<{ allowed: Call; receipt?: Call }> {
  const amount = bill.prices[0]!.amount;
  const about = { currency: bill.currency, total_amount: amount, invoice_payload: bill.payload };
  telegram.push({ pre_checkout_query: { id: `q${chargeId}`, from: me(), ...about } });
  const allowed = await telegram.next('answerPreCheckoutQuery');
  if (allowed.params['ok'] !== true) return { allowed };
  paid(bill, chargeId);
  return { allowed, receipt: await telegram.next('sendMessage') };
}

function paid(bill: Bill, chargeId: string) {
  const about = { currency: bill.currency, total_amount: bill.prices[0]!.amount, invoice_payload: bill.payload };
  telegram.message(person, '', {
    from: me(),
    successful_payment: { ...about, telegram_payment_charge_id: chargeId, provider_payment_charge_id: '' },
  });
}

const billed = async () => (await telegram.next('sendInvoice')).params as unknown as Bill;

describe('a learner in Telegram', () => {
  test('finds a course, pays for it with a coupon, and gives it back', async () => {
    const card = await opens();
    const [code] = newCodes(1);
    const { id } = await learner();
    await db.prisma.coupon.create({
      data: { code: code!, learnerId: id, percent: 20, expiresAt: new Date(Date.now() + 1e9) },
    });
    expect(text(card)).toContain('⭐ 218');
    const quote = await presses(card, 'buy|c1');
    expect(text(quote)).toContain('应付：⭐ 174');
    expect(buttonsOf(quote).map((button) => button.text)).toEqual(['输入优惠码', '不用优惠券']);
    const bill = await billed();
    expect(bill).toMatchObject({ currency: 'XTR', prices: [{ amount: 174 }], title: 'Python 数据处理' });
    const { receipt } = await pays(bill, 'charge-1');
    expect(text(receipt!)).toContain('购买成功：《Python 数据处理》');
    const ask = await presses(receipt!, 'refund|c1');
    expect(text(ask)).toContain('退款 ⭐ 174');
    const done = await presses(ask, 'refund|c1|yes');
    expect((await telegram.next('refundStarPayment')).params).toEqual({
      user_id: person,
      telegram_payment_charge_id: 'charge-1',
    });
    expect(text(done)).toContain('已原路退回');
    expect(await ordersOf(db, id)).toMatchObject([{ status: 'refunded', paidMinor: 174 }]);
  });

  test('is told why a bill can not be paid any more', async () => {
    const quote = await opens().then((card) => presses(card, 'buy|c1'));
    expect(text(quote)).toContain('价格：⭐ 218');
    const bill = await billed();
    await pays(bill, `a-${person}`);
    const { allowed } = await pays(bill, `b-${person}`);
    expect(allowed.params).toMatchObject({
      ok: false,
      error_message: '《Python 数据处理》你已经拥有了，直接开始学吧！',
    });
  });

  test('/paysupport and /terms are there', async () => {
    expect(text(await says('/paysupport'))).toContain('付款帮助');
    expect(text(await says('/terms'))).toContain('购买条款');
  });
});

test('a payment that fails on our side is tried again, and delivered once', async () => {
  await opens().then((card) => presses(card, 'buy|c1'));
  const bill = await billed();
  const { cashier } = services;
  let failures = 0;
  const settle = cashier.paid.bind(cashier);
  cashier.paid = (payment) => (failures++ === 0 ? Promise.reject(new Error('away')) : settle(payment));
  const { receipt } = await pays(bill, `retried-${person}`);
  cashier.paid = settle;
  expect(text(receipt!)).toContain('购买成功');
  expect(failures).toBe(2);
  expect(await ordersOf(db, (await learner()).id)).toHaveLength(1);
  expect(problems.splice(0).join()).toContain('away');
});

describe('Telegram’s book', () => {
  const hoursAgo = (count: number) => Math.floor(Date.now() / 1000) - count * 3600;
  const desk = () => {
    const api = createTelegramApi({ token: telegram.token, apiRoot: telegram.root });
    const composer = {
      presses: createPresses(db),
      course: (id: string) => services.catalogue.get(id),
      invoice: () => {
        throw new Error('nothing is billed here');
      },
    };
    return { api, services, outlet: createOutlet({ api, services, composer }) };
  };
  const booked = (id: string, bill: Bill, date: number) => ({
    id,
    amount: bill.prices[0]!.amount,
    date,
    source: {
      type: 'user' as const,
      transaction_type: 'invoice_payment' as const,
      user: me(),
      invoice_payload: bill.payload,
    },
  });

  test('delivers what no update has told, once, and leaves alone what is not ours', async () => {
    await opens().then((card) => presses(card, 'buy|c1'));
    const bill = await billed();
    const strange = { ...bill, payload: 'of the bot’s former life' };
    telegram.transactions.push(
      booked('old', strange, hoursAgo(900)),
      booked(`lost-${person}`, bill, hoursAgo(30)),
      booked(`just-now-${person}`, bill, hoursAgo(0)),
    );
    expect(await recoverPayments(desk(), new Date())).toBe(1);
    expect(text(await telegram.next('sendMessage'))).toContain('购买成功');
    const { id } = await learner();
    expect(await ordersOf(db, id)).toMatchObject([{ chargeId: `lost-${person}`, status: 'paid' }]);
    expect(problems.splice(0).join()).not.toContain(String(person));
    expect(await recoverPayments(desk(), new Date())).toBe(0);
    expect(telegram.calls.filter(({ method }) => method === 'refundStarPayment')).toEqual([]);
    // Not known to have been told of within its ten minutes: then it is lost, too, and was one too many.
    expect(await recoverPayments(desk(), new Date(Date.now() + 3_600_000))).toBe(1);
    expect((await telegram.next('refundStarPayment')).params['telegram_payment_charge_id']).toBe(`just-now-${person}`);
    problems.splice(0);
  });

  test('notes what went back', async () => {
    await opens().then((card) => presses(card, 'buy|c1'));
    await pays(await billed(), `returned-${person}`);
    const receiver = { type: 'user' as const, transaction_type: 'invoice_payment' as const, user: me() };
    telegram.transactions.push({ id: `returned-${person}`, amount: 218, date: hoursAgo(1), receiver });
    await recoverPayments(desk(), new Date());
    expect(await ordersOf(db, (await learner()).id)).toMatchObject([{ status: 'refunded' }]);
  });

  test('is gone through page by page', async () => {
    for (let i = 0; i < 230; i++)
      telegram.transactions.push({ id: `t${i}`, amount: 1, date: hoursAgo(400 - i), source: { type: 'other' } });
    await recoverPayments(desk(), new Date());
    const offsets = telegram.calls
      .filter(({ method }) => method === 'getStarTransactions')
      .map(({ params }) => Number(params['offset']));
    expect(offsets.slice(-3)).toEqual([0, 100, 200]);
    await recoverPayments(desk(), new Date());
    expect(telegram.calls.at(-1)!.params['offset']).toBe(230);
  });
});
