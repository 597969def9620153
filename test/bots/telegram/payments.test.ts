import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTelegramApi } from '../../../bots/telegram/call.ts';
import type { Payer, TelegramPayments } from '../../../bots/telegram/desk.ts';
import { clipped, createTelegramPayments } from '../../../bots/telegram/payments.ts';
import type { Payments } from '../../../bots/conversation/services.ts';
import { ordersOf } from '../../../core/campaign/sale/store.ts';
import { writeInvoice } from '../../../core/campaign/invoice/store.ts';
import { quote } from '../../../core/campaign/price.ts';
import { render } from '../../../core/language/render.ts';
import { findLearner, meetLearner, updateLearner } from '../../../core/learner/store.ts';
import { createTelegramDouble, personOf, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { botServices } from './services.ts';

const db = testDatabase();
let double: TelegramDouble;
let payments: TelegramPayments & Payments;
let problems: string[];
let services: Awaited<ReturnType<typeof botServices>>;

beforeAll(async () => {
  services = await botServices(db, (line) => problems.push(line));
});

beforeEach(async () => {
  await db.pool.query('truncate learners, orders, coupons, invoices cascade');
  problems = [];
  double = await createTelegramDouble();
  const api = createTelegramApi({ token: double.token, apiRoot: double.root });
  payments = createTelegramPayments({ api, services }, { starsPerUnit: 2, providerToken: 'provider:token' });
  services.payments.telegram = payments;
});

afterEach(() => double.close());

async function billed(chat: number, courseId = 'c1') {
  const learner = await meetLearner(db, 'telegram', String(chat), { reachable: true });
  const course = services.catalogue.get(courseId)!;
  const price = quote(course, undefined, 'CNY', payments)!;
  const at = new Date();
  const id = await writeInvoice(db, {
    learnerId: learner.id,
    courseId,
    coupon: undefined,
    price,
    channel: 'telegram',
    circumstances: {},
    at,
  });
  return { learner, id, amount: price.paidMinor, currency: price.currency as 'XTR' };
}

const asks = (from: number, { id, amount, currency }: Awaited<ReturnType<typeof billed>>, language = 'zh') =>
  payments.preCheckout({
    id: `query of ${id}`,
    from: personOf(from, language),
    currency,
    total_amount: amount,
    invoice_payload: id,
  });

async function paid(chat: number, bill: Awaited<ReturnType<typeof billed>>, chargeId = 'charge') {
  const payer: Payer = {
    learner: (await findLearner(db, bill.learner.id))!,
    chat: String(chat),
    language: 'zh',
    update: '1',
    at: new Date(),
  };
  const payment = {
    currency: bill.currency,
    total_amount: bill.amount,
    invoice_payload: bill.id,
    telegram_payment_charge_id: chargeId,
    provider_payment_charge_id: '',
  };
  return { replies: await payments.paid(payment, payer), payer, payment };
}

describe('an invoice', () => {
  const invoice = {
    id: '6b3ad4d8-1f0a-4f5e-9f57-3b6a0d7a4a11',
    course: 'c1',
    title: { zh: '用 Python 处理数据、画图并自动生成每周报告的完整实战课程（第二版）', en: 'A'.repeat(80) },
    description: { key: 'invoice.description', args: { title: { zh: '长'.repeat(300) }, code: '', percent: 0 } },
    amount: 120,
  };

  test('for Stars names no provider, fits, and leads who gets it forwarded to the course', async () => {
    const api = createTelegramApi({ token: double.token, apiRoot: double.root });
    const params = payments.invoice({ ...invoice, currency: 'XTR' }, 'zh');
    await api.call('sendInvoice', { chat_id: 4711, ...params });
    const call = await double.next('sendInvoice');
    expect(call.params).toMatchObject({
      provider_token: '',
      currency: 'XTR',
      prices: [{ amount: 120 }],
      payload: invoice.id,
      start_parameter: 'course_c1',
    });
    for (const language of ['zh', 'en'] as const) {
      const { title, description } = payments.invoice({ ...invoice, currency: 'XTR' }, language);
      expect(title.length).toBeLessThanOrEqual(32);
      expect(description.length).toBeLessThanOrEqual(255);
      expect(title.length * description.length).toBeGreaterThan(0);
    }
  });

  test('in another currency goes to the provider', () => {
    expect(payments.invoice({ ...invoice, currency: 'CNY' }, 'en')).toMatchObject({
      provider_token: 'provider:token',
      currency: 'CNY',
    });
  });

  test('is cut where nobody minds', () => {
    expect(clipped('  Excel\n for   Accountants ', 32)).toBe('Excel for Accountants');
    expect(clipped('👩‍👩‍👧‍👦'.repeat(4), 32)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦…');
  });
});

describe('before the money is taken', () => {
  test('what may be paid is let through', async () => {
    await asks(4711, await billed(4711));
    const { params } = await double.next('answerPreCheckoutQuery');
    expect(params).toMatchObject({ ok: true });
    expect(params).not.toHaveProperty('error_message');
  });

  test('what may not is refused in a sentence, in the language of the person', async () => {
    const bill = await billed(4711);
    await asks(4711, { ...bill, amount: bill.amount - 1 });
    expect((await double.next('answerPreCheckoutQuery')).params).toMatchObject({
      ok: false,
      error_message: render({ key: 'checkout.invoice.changed' }, 'zh'),
    });
    await updateLearner(db, bill.learner.id, { language: 'en' });
    await asks(4711, { ...bill, currency: 'CNY' as 'XTR' });
    expect((await double.next('answerPreCheckoutQuery')).params['error_message']).toMatch(/^The price has changed/);
    // Somebody else, whom nobody knows: by what Telegram says they speak.
    await asks(5000, bill, 'en-GB');
    expect((await double.next('answerPreCheckoutQuery')).params['error_message']).toMatch(/somebody else/);
  });

  test('an error of ours is answered too, and logged without what was asked', async () => {
    const bill = await billed(4711);
    const broken = createTelegramPayments(
      {
        api: createTelegramApi({ token: double.token, apiRoot: double.root }),
        services: { ...services, cashier: { ...services.cashier, approve: () => Promise.reject(new Error('broken')) } },
      },
      { starsPerUnit: 2, providerToken: undefined },
    );
    await broken.preCheckout({
      id: 'q',
      from: personOf(4711, 'zh'),
      currency: 'XTR',
      total_amount: bill.amount,
      invoice_payload: bill.id,
    });
    expect((await double.next('answerPreCheckoutQuery')).params).toMatchObject({
      ok: false,
      error_message: render({ key: 'checkout.later' }, 'zh'),
    });
    expect(problems.join('\n')).toContain('broken');
    expect(problems.join('\n')).not.toContain('4711');
  });

  test('an answer that comes too late is no failure', async () => {
    double.refuse('answerPreCheckoutQuery', {
      error: 400,
      description: 'Bad Request: query is too old and response timeout expired or query ID is invalid',
    });
    await asks(4711, await billed(4711));
  });
});

describe('the money', () => {
  test('is delivered once, also when told twice, and Stars go back when asked', async () => {
    const bill = await billed(4711);
    await asks(4711, bill);
    const { replies, payer, payment } = await paid(4711, bill);
    expect(render(replies[0]!.text, 'zh')).toContain('实付：⭐ 218');
    expect(replies[0]!.buttons!.flat().map(({ id }) => id)).toContain('refund|c1');
    await payments.paid(payment, payer);
    expect(await ordersOf(db, bill.learner.id)).toMatchObject([{ chargeId: 'charge', provider: 'stars' }]);
    await payments.refund({ chargeId: 'charge', chat: '4711', provider: 'stars' });
    expect((await double.next('refundStarPayment')).params).toEqual({
      user_id: 4711,
      telegram_payment_charge_id: 'charge',
    });
    expect(await payments.refunded(payment, payer)).toHaveLength(1);
    expect(await ordersOf(db, bill.learner.id)).toMatchObject([{ status: 'refunded' }]);
    expect(await payments.refunded(payment, payer)).toEqual([]);
  });

  test('that is back already counts as given back; other refusals do not', async () => {
    const refund = () => payments.refund({ chargeId: 'charge', chat: '4711', provider: 'stars' });
    double.refuse('refundStarPayment', { error: 400, description: 'Bad Request: CHARGE_ALREADY_REFUNDED' });
    await refund();
    double.refuse('refundStarPayment', { error: 400, description: 'Bad Request: CHARGE_NOT_FOUND' });
    await expect(refund()).rejects.toThrow('CHARGE_NOT_FOUND');
    await expect(payments.refund({ chargeId: 'c', chat: '4711', provider: 'telegram' })).rejects.toThrow('Only Stars');
  });
});
