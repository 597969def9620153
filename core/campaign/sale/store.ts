import type { PoolClient } from 'pg';
import type { Database } from '../../../prisma/connect.ts';
import { inTransaction } from '../../../prisma/transaction.ts';
import type { Course } from '../../catalogue/course.ts';
import { couponState, type CheckoutError, type Coupon, type CouponError } from '../checkout.ts';
import type { Order } from '../checkout.ts';
import { normaliseCode } from '../coupon.ts';
import { quote, type Quote, type Tariff } from '../price.ts';

export interface CheckoutRequest {
  learnerId: string;
  courseId: string;
  /** As the learner typed it. */
  couponCode?: string;
  channel: string;
  at: Date;
  /** The same key gives the same order again, without paying twice. */
  idempotencyKey: string;
  /** For a course that names none, ISO 4217. */
  currency: string;
  /** Of a platform that takes money: only what costs nothing there is handed out without an invoice. */
  tariff?: Tariff | undefined;
}

/** `repeated` tells an order that an earlier call with the same key has made. */
export type CheckoutResult = { ok: true; order: Order; repeated: boolean } | { ok: false; error: CheckoutError };

/**
 * Buys a course in the sandbox: no money moves. The order and the redemption of the coupon are one
 * transaction, and a learner's checkouts take turns, so that of any number at once one code redeems
 * once and a course is bought once. The purchase event is the caller's to record
 * (`purchaseEvent`), if the learner agreed to recording.
 *
 * @throws when there is no such learner (erased meanwhile).
 */
export async function checkout(db: Database, request: CheckoutRequest): Promise<CheckoutResult> {
  return inTransaction(db.pool, async (client) => {
    const learnerId = await buyerOf(client, request.learnerId);
    if (learnerId === null) throw new Error('Nobody is there to buy');
    const earlier = await orderByKey(client, request.idempotencyKey);
    if (earlier) {
      const same = earlier.learnerId === learnerId && earlier.order.courseId === request.courseId;
      return same ? { ok: true, order: earlier.order, repeated: true } : refused('order.conflict');
    }
    const course = await courseOnSale(client, request.courseId);
    if (!course) return refused('course.unknown');
    if (course.archived) return refused('course.archived');
    if (await owns(client, learnerId, request.courseId)) return refused('course.owned');
    let coupon: Coupon | undefined;
    if (request.couponCode !== undefined) {
      const found = await claimable(client, request.couponCode, learnerId, request.at);
      if (typeof found === 'string') return refused(found);
      coupon = found;
    }
    const price = quote(course, coupon, request.currency, request.tariff);
    if (!price) return refused('course.no-price');
    if (price.provider !== 'sandbox') return refused('order.unpaid');
    if (coupon) await client.query('update coupons set redeemed_at = $2 where id = $1', [coupon.id, request.at]);
    const order = await insertOrder(client, {
      ...request,
      learnerId,
      ...price,
      chargeId: null,
      status: 'paid',
      coupon,
    });
    // Another learner's checkout took the key between our look and our write.
    if (!order) throw new Error('An idempotency key was used by two learners at once');
    return { ok: true, order, repeated: false };
  });
}

/**
 * Takes the turn of who buys, and holds them: until the transaction ends their other purchases, an
 * erasure and a merge of accounts wait. Who has become one with another account is that one.
 *
 * @returns null when there is no such learner (any more).
 */
export async function buyerOf(client: PoolClient, learnerId: string): Promise<string | null> {
  await client.query("select pg_advisory_xact_lock(hashtextextended('checkout:' || $1::text, 0))", [learnerId]);
  const held = await client.query('select 1 from learners where id = $1 for key share', [learnerId]);
  if (held.rowCount === 1) return learnerId;
  const { rows } = await client.query<{ current: string }>(
    'select learner_id as current from former_ids where id = $1',
    [learnerId],
  );
  return rows[0] ? buyerOf(client, rows[0].current) : null;
}

export type NewOrder = Pick<Quote, 'listMinor' | 'paidMinor' | 'currency' | 'provider'> &
  Pick<Order, 'courseId' | 'channel' | 'chargeId' | 'status'> & {
    /** Null when the person was erased while they paid. */
    learnerId: string | null;
    coupon: Pick<Coupon, 'id' | 'campaignId'> | undefined;
    idempotencyKey: string;
    at: Date;
  };

/** @returns undefined when the idempotency key is taken. */
export async function insertOrder(client: PoolClient, order: NewOrder): Promise<Order | undefined> {
  const { rows } = await client.query<OrderRow>(
    `insert into orders (learner_id, course_id, list_minor, paid_minor, currency, status, provider, channel,
                         coupon_id, idempotency_key, created_at, campaign_id, arm, charge_id)
     select $1::uuid, $2, $3, $4, $5, $11, $12, $6, $7::uuid, $8, $9::timestamptz, counted.campaign_id, counted.arm, $13
     from (select 1) one left join lateral (${COUNTED_FOR}) counted on true
     on conflict (idempotency_key) do nothing
     returning ${ORDER_COLUMNS}`,
    [
      order.learnerId,
      order.courseId,
      order.listMinor,
      order.paidMinor,
      order.currency,
      order.channel,
      order.coupon?.id ?? null,
      order.idempotencyKey,
      order.at,
      order.coupon?.campaignId ?? null,
      order.status,
      order.provider,
      order.chargeId,
    ],
  );
  return rows[0] && asOrder(rows[0]);
}

/**
 * The campaign that an order stays counted for when its learner is erased, and the arm: the
 * coupon's, else the newest one that has the learner in an arm and whose offer is open.
 * $1 learner, $9 now, $10 coupon's campaign.
 */
const COUNTED_FOR = `
  select m.campaign_id, m.arm from campaign_members m join campaigns c on c.id = m.campaign_id
  where m.learner_id = $1::uuid and m.created_at <= $9::timestamptz and m.excluded is null
    and (m.campaign_id = $10::uuid or ($10::uuid is null and (c.plan #>> '{offer,expires_at}')::timestamptz >= $9::timestamptz))
  order by m.created_at desc limit 1`;

/** A learner's orders, newest first. */
export async function ordersOf(db: Database, learnerId: string): Promise<Order[]> {
  const { rows } = await db.pool.query<OrderRow>({
    name: 'orders-of',
    text: `select ${ORDER_COLUMNS} from orders where learner_id = $1 order by created_at desc, id`,
    values: [learnerId],
  });
  return rows.map(asOrder);
}

/** A learner's coupons: what expires first comes first. Whether one is open: `couponState`. */
export async function couponsOf(db: Database, learnerId: string): Promise<Coupon[]> {
  const { rows } = await db.pool.query<CouponRow>(
    `select ${COUPON_COLUMNS} from coupons where learner_id = $1 order by expires_at, id`,
    [learnerId],
  );
  return rows.map(asCoupon);
}

/**
 * The coupon of a code as typed, if the learner could use it now.
 *
 * @param options.payingFor a course whose own invoice may be what the coupon is reserved for.
 */
export async function checkCoupon(
  db: Database,
  { code, learnerId, at, payingFor }: { code: string; learnerId: string; at: Date; payingFor?: string | undefined },
): Promise<{ ok: true; coupon: Coupon } | { ok: false; error: CouponError }> {
  return inTransaction(db.pool, async (client) => {
    const found = await claimable(client, code, learnerId, at, payingFor);
    return typeof found === 'string' ? { ok: false, error: found } : { ok: true, coupon: found };
  });
}

/** The coupon, locked until the transaction ends, or why it can not be redeemed. */
async function claimable(
  client: PoolClient,
  typed: string,
  learnerId: string,
  at: Date,
  payingFor?: string,
): Promise<Coupon | CouponError> {
  const code = normaliseCode(typed);
  if (code === undefined) return 'coupon.unknown';
  const { rows } = await client.query<CouponRow & { learner_id: string | null }>(
    `select learner_id, ${COUPON_COLUMNS} from coupons where code = $1 for no key update`,
    [code],
  );
  const row = rows[0];
  if (!row) return 'coupon.unknown';
  if (row.learner_id !== learnerId) return 'coupon.not-yours';
  const coupon = asCoupon(row);
  const state = couponState(coupon, at);
  if (state === 'reserved' && payingFor !== undefined && coupon.reserved?.courseId === payingFor) return coupon;
  return state === 'open' ? coupon : `coupon.${state}`;
}

/** What a sale needs to know of a course, as it is in the catalogue now. */
export async function courseOnSale(client: PoolClient, courseId: string) {
  const { rows } = await client.query<Pick<Course, 'priceMinor' | 'currency' | 'archived' | 'attributes'>>(
    'select price_minor as "priceMinor", currency, archived, attributes from courses where id = $1',
    [courseId],
  );
  return rows[0];
}

/** Bought here and not refunded, or taken by what the log says (the same rule as `CourseTrack.owned`). */
export async function owns(client: PoolClient, learnerId: string, courseId: string): Promise<boolean> {
  const { rows } = await client.query<{ owned: boolean }>(
    `select exists (select 1 from orders where learner_id = $1 and course_id = $2 and status <> 'refunded')
         or (select coalesce(bool_or(type <> 'refund'), false) and not coalesce(
               max(occurred_at) filter (where type = 'refund') >=
               coalesce(max(occurred_at) filter (where type in ('purchase', 'enrol')), '-infinity'), false)
             from events where learner_id = $1 and course_id = $2 and set_aside is null
               and type in ('purchase', 'enrol', 'progress', 'complete', 'refund')) as owned`,
    [learnerId, courseId],
  );
  return rows[0]!.owned;
}

export async function orderByKey(client: PoolClient, key: string) {
  const { rows } = await client.query<OrderRow & { learner_id: string | null }>(
    `select learner_id, ${ORDER_COLUMNS} from orders where idempotency_key = $1`,
    [key],
  );
  return rows[0] && { learnerId: rows[0].learner_id, order: asOrder(rows[0]) };
}

function refused(error: CheckoutError): CheckoutResult {
  return { ok: false, error };
}

export interface OrderRow {
  id: string;
  course_id: string;
  list_minor: number;
  paid_minor: number;
  currency: string;
  status: Order['status'];
  provider: Order['provider'];
  charge_id: string | null;
  channel: string;
  coupon_id: string | null;
  campaign_id: string | null;
  created_at: Date;
  refunded_at: Date | null;
}
export const ORDER_COLUMNS =
  'id, course_id, list_minor, paid_minor, currency, status, provider, charge_id, channel, coupon_id, campaign_id, created_at, refunded_at';

export const asOrder = (row: OrderRow): Order => ({
  id: row.id,
  courseId: row.course_id,
  listMinor: row.list_minor,
  paidMinor: row.paid_minor,
  currency: row.currency,
  status: row.status,
  provider: row.provider,
  chargeId: row.charge_id,
  channel: row.channel,
  couponId: row.coupon_id,
  campaignId: row.campaign_id,
  createdAt: row.created_at,
  refundedAt: row.refunded_at,
});

interface CouponRow {
  id: string;
  code: string;
  percent: number;
  expires_at: Date;
  redeemed_at: Date | null;
  campaign_id: string | null;
  reserved_for: string | null;
  reserved_until: Date | null;
  reserved_course: string | null;
}
const COUPON_COLUMNS = `id, code, percent, expires_at, redeemed_at, campaign_id, reserved_for, reserved_until,
  (select course_id from invoices where invoices.id = reserved_for) as reserved_course`;

const asCoupon = (row: CouponRow): Coupon => ({
  id: row.id,
  code: row.code,
  percent: row.percent,
  expiresAt: row.expires_at,
  redeemedAt: row.redeemed_at,
  campaignId: row.campaign_id,
  reserved:
    row.reserved_for && row.reserved_until
      ? { invoiceId: row.reserved_for, courseId: row.reserved_course, until: row.reserved_until }
      : null,
});
