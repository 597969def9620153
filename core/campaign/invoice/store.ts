import type { PoolClient } from 'pg';
import type { Database } from '../../../prisma/connect.ts';
import { inTransaction } from '../../../prisma/transaction.ts';
import type { Circumstances } from '../../behaviour/event.ts';
import { STARS } from '../../numerics/money.ts';
import type { Coupon, InvoiceError, Order } from '../checkout.ts';
import { quote, type Quote, type Tariff } from '../price.ts';
import { buyerOf, courseOnSale, insertOrder, orderByKey, owns } from '../sale/store.ts';

/**
 * How long a coupon waits for the payment of an invoice that was let through: as long as Telegram
 * keeps what it could not deliver, so that no payment that is on its way finds its discount given away.
 */
const RESERVED_MS = 24 * 3_600_000;

export interface NewInvoice {
  learnerId: string;
  courseId: string;
  coupon: Pick<Coupon, 'id'> | undefined;
  price: Quote;
  channel: string;
  /** Of the event that the order becomes. */
  circumstances: Circumstances;
  at: Date;
}

/**
 * Writes an invoice down before it is shown. The same offer made again is the same invoice: the
 * coupon that waits for the first is good for the second.
 *
 * @returns its id, which the platform hands back with the payment.
 */
export async function writeInvoice(db: Database, invoice: NewInvoice): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    `with same as (
       select id from invoices
       where learner_id = $1 and course_id = $2 and coupon_id is not distinct from $3::uuid and list_minor = $4
         and paid_minor = $5 and currency = $6 and channel = $7
       order by id = (select reserved_for from coupons where coupons.id = $3) desc nulls last, created_at limit 1
     ), again as (
       update invoices set circumstances = $8, created_at = $9 where id in (select id from same) returning id
     ), made as (
       insert into invoices (id, learner_id, course_id, coupon_id, list_minor, paid_minor, currency, channel, circumstances, created_at)
       select gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, $9 where not exists (select 1 from same)
       returning id
     )
     select id from again union all select id from made`,
    [
      invoice.learnerId,
      invoice.courseId,
      invoice.coupon?.id ?? null,
      invoice.price.listMinor,
      invoice.price.paidMinor,
      invoice.price.currency,
      invoice.channel,
      JSON.stringify(invoice.circumstances),
      invoice.at,
    ],
  );
  return rows[0]!.id;
}

/** What a platform asks before it takes the money. */
export interface PaymentRequest {
  invoiceId: string;
  /** Who is about to pay. */
  learnerId: string;
  /** Minor units. */
  amount: number;
  currency: string;
  at: Date;
  tariff: Tariff;
  /** For a course that names none, ISO 4217. */
  usualCurrency: string;
}

/**
 * Whether an invoice may be paid now, at its price. If so, its coupon waits for the payment, and for
 * nothing else: of any number of invoices with one code a single one is let through.
 */
export async function approveInvoice(
  db: Database,
  request: PaymentRequest,
): Promise<{ ok: true } | { ok: false; error: InvoiceError; courseId: string | undefined }> {
  return inTransaction(db.pool, async (client) => {
    const learnerId = await buyerOf(client, request.learnerId);
    const invoice = await invoiceOf(client, request.invoiceId);
    const error =
      learnerId === null ? 'invoice.not-yours' : await objection(client, invoice, { ...request, learnerId });
    if (error) return { ok: false, error, courseId: invoice?.course_id };
    await client.query('update invoices set approved_at = $2 where id = $1', [request.invoiceId, request.at]);
    return { ok: true };
  });
}

async function objection(
  client: PoolClient,
  invoice: InvoiceRow | undefined,
  { learnerId, amount, currency, at, tariff, usualCurrency }: PaymentRequest,
): Promise<InvoiceError | undefined> {
  if (!invoice) return 'invoice.unknown';
  if (invoice.learner_id !== learnerId) return 'invoice.not-yours';
  if (invoice.currency !== currency || invoice.paid_minor !== amount) return 'invoice.changed';
  const course = await courseOnSale(client, invoice.course_id);
  if (!course) return 'course.unknown';
  if (course.archived) return 'course.archived';
  if (await owns(client, learnerId, invoice.course_id)) return 'course.owned';
  const percent = invoice.coupon_id ? await percentOff(client, invoice, at) : 0;
  if (typeof percent === 'string') return percent;
  const price = quote(course, { percent }, usualCurrency, tariff);
  if (!price) return 'course.no-price';
  if (price.paidMinor !== amount || price.currency !== currency) return 'invoice.changed';
  await client.query('update coupons set reserved_for = $2, reserved_until = $3 where id = $1', [
    invoice.coupon_id,
    invoice.id,
    new Date(at.getTime() + RESERVED_MS),
  ]);
  return undefined;
}

/** Of the invoice's coupon, locked until the transaction ends; or why it can not be redeemed. */
async function percentOff(client: PoolClient, invoice: InvoiceRow, at: Date): Promise<number | InvoiceError> {
  const { rows } = await client.query<{ percent: number; redeemed: boolean; expired: boolean; taken: boolean }>(
    `select percent, redeemed_at is not null as redeemed, expires_at <= $4 as expired,
       reserved_for is not null and reserved_for <> $2 and reserved_until > $4 as taken
     from coupons where id = $1 and learner_id = $3 for no key update`,
    [invoice.coupon_id, invoice.id, invoice.learner_id, at],
  );
  const coupon = rows[0];
  if (!coupon) return 'coupon.not-yours';
  if (coupon.redeemed) return 'coupon.used';
  if (coupon.expired) return 'coupon.expired';
  if (coupon.taken) return 'coupon.reserved';
  return coupon.percent;
}

/** Money that has arrived. */
export interface Payment {
  /** The platform's own id of it. */
  chargeId: string;
  /** As the platform hands it back. */
  invoiceId: string;
  /** Who paid. */
  learnerId: string;
  amount: number;
  currency: string;
  channel: string;
  at: Date;
}

export interface Settled {
  order: Order;
  circumstances: Circumstances;
  /** An earlier call has made the order. */
  repeated: boolean;
  /** The learner had the course already, or nobody knows what was paid for: there is nothing to hand out. */
  needless: boolean;
  /** Whether the invoice is one of ours. */
  known: boolean;
}

/**
 * Makes the order of a payment, whatever has changed since its invoice was let through: what is paid
 * is delivered, to whoever paid. A course that they have already, or an invoice of which nothing is
 * known, makes an order that is 'refunding' from the start where its money can be given back (Stars).
 * The same charge again is the same order.
 */
export async function settlePayment(db: Database, payment: Payment): Promise<Settled> {
  return inTransaction(db.pool, async (client) => {
    // Null when they were erased while they paid.
    const learnerId = await buyerOf(client, payment.learnerId);
    const invoice = await invoiceOf(client, payment.invoiceId);
    const circumstances = invoice?.circumstances ?? {};
    const key = `charge:${payment.chargeId}`;
    const earlier = await orderByKey(client, key);
    if (earlier) {
      const { order } = earlier;
      return { order, circumstances, repeated: true, needless: !invoice || order.status !== 'paid', known: !!invoice };
    }
    const needless = !invoice || (learnerId !== null && (await owns(client, learnerId, invoice.course_id)));
    const goesBack = needless && payment.currency === STARS;
    const coupon = invoice?.coupon_id ? await settleCoupon(client, invoice, payment.at, goesBack) : undefined;
    const order = await insertOrder(client, {
      learnerId,
      // What nobody knows any more is at least found again by what the platform calls it.
      courseId: invoice?.course_id ?? payment.invoiceId,
      listMinor: invoice?.currency === payment.currency ? invoice.list_minor : payment.amount,
      paidMinor: payment.amount,
      currency: payment.currency,
      provider: payment.currency === STARS ? 'stars' : 'telegram',
      status: goesBack ? 'refunding' : 'paid',
      channel: payment.channel,
      chargeId: payment.chargeId,
      coupon,
      idempotencyKey: key,
      at: payment.at,
    });
    // The key holds the charge, which one learner has paid; only two of them at once could get here.
    if (!order) throw new Error('A charge was handed in for two learners at once');
    return { order, circumstances, repeated: false, needless, known: !!invoice };
  });
}

/** Charges for invoices of ours that no order stands for. */
export async function unsettled(
  db: Database,
  charges: readonly { chargeId: string; invoiceId: string }[],
): Promise<Set<string>> {
  const ours = charges.filter(({ invoiceId }) => UUID.test(invoiceId));
  const { rows } = await db.pool.query<{ charge: string }>(
    `select c.charge from unnest($1::text[], $2::uuid[]) as c(charge, invoice) join invoices i on i.id = c.invoice
     where not exists (select 1 from orders where charge_id = c.charge)`,
    [ours.map(({ chargeId }) => chargeId), ours.map(({ invoiceId }) => invoiceId)],
  );
  return new Set(rows.map(({ charge }) => charge));
}

/** Redeems the coupon of a paid invoice, expired or not; for money that goes back it is free again. */
async function settleCoupon(client: PoolClient, invoice: InvoiceRow, at: Date, goesBack: boolean) {
  const { rows } = await client.query<{ id: string; campaignId: string | null }>(
    `update coupons set redeemed_at = case when $4 then null else $3::timestamptz end, reserved_for = null, reserved_until = null
     where id = $1 and redeemed_at is null and (reserved_for is null or reserved_for = $2 or reserved_until <= $3)
     returning id, campaign_id as "campaignId"`,
    [invoice.coupon_id, invoice.id, at, goesBack],
  );
  return goesBack ? undefined : rows[0];
}

interface InvoiceRow {
  id: string;
  learner_id: string | null;
  course_id: string;
  coupon_id: string | null;
  list_minor: number;
  paid_minor: number;
  currency: string;
  circumstances: Circumstances;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function invoiceOf(client: PoolClient, id: string): Promise<InvoiceRow | undefined> {
  if (!UUID.test(id)) return undefined;
  const { rows } = await client.query<InvoiceRow>(
    `select id, learner_id, course_id, coupon_id, list_minor, paid_minor, currency, circumstances
     from invoices where id = $1`,
    [id],
  );
  return rows[0];
}
