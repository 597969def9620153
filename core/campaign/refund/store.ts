import type { Database } from '../../../prisma/connect.ts';
import { eventKey } from '../../behaviour/key.ts';
import type { Order, RefundError } from '../checkout.ts';
import { asOrder, ORDER_COLUMNS, type OrderRow } from '../sale/store.ts';

export type RefundResult = { ok: true; order: Order } | { ok: false; error: RefundError };

/**
 * Takes back an order of the learner's own. Its coupon stays used. The course can be bought again.
 *
 * What was paid in Stars is 'refunding' afterwards: whoever asks has the platform give the money back,
 * which may be asked for again, and then calls `finishRefund`. After a crash in between the same is
 * done once more.
 */
export async function refund(
  db: Database,
  { learnerId, orderId, at }: { learnerId: string; orderId: string; at: Date },
): Promise<RefundResult> {
  const { rows } = await db.pool.query<OrderRow>(
    `update orders set status = case provider when 'sandbox' then 'refunded' else 'refunding' end,
                       refunded_at = case provider when 'sandbox' then $3::timestamptz end
     where id = $2 and learner_id = $1 and status <> 'refunded' and provider <> 'telegram' returning ${ORDER_COLUMNS}`,
    [learnerId, orderId, at],
  );
  if (rows[0]) return { ok: true, order: asOrder(rows[0]) };
  const mine = await db.pool.query<{ status: string }>('select status from orders where id = $2 and learner_id = $1', [
    learnerId,
    orderId,
  ]);
  if (!mine.rows[0]) return { ok: false, error: 'order.unknown' };
  return { ok: false, error: mine.rows[0].status === 'refunded' ? 'order.refunded' : 'order.paid-outside' };
}

export interface Returned {
  order: Order;
  learnerId: string | null;
  /** What the order was until now. */
  before: Order['status'];
}

/** Notes that the platform has given the money of a charge back, whoever asked for it. @returns undefined for an unknown charge. */
export async function finishRefund(
  db: Database,
  { chargeId, at }: { chargeId: string; at: Date },
): Promise<Returned | undefined> {
  const { rows } = await db.pool.query<OrderRow & { learner_id: string | null; before: Order['status'] }>(
    `with old as (select id as old_id, status as before from orders where charge_id = $1 for no key update)
     update orders set status = 'refunded', refunded_at = coalesce(refunded_at, $2) from old where id = old_id
     returning learner_id, before, ${ORDER_COLUMNS}`,
    [chargeId, at],
  );
  const row = rows[0];
  return row && { order: asOrder(row), learnerId: row.learner_id, before: row.before };
}

/**
 * What the purchase of an order was recorded to be worth (see `worthOf`), and whether the learner has
 * the course by another order, so that giving this one back takes nothing from them.
 */
export async function standingOf(
  db: Database,
  order: Pick<Order, 'id' | 'courseId'>,
  learnerId: string,
): Promise<{ worth: number | null | undefined; boughtTwice: boolean }> {
  const { rows } = await db.pool.query<{ recorded: boolean; worth: number | null; twice: boolean }>(
    `select e.id is not null as recorded, e.value as worth,
       exists (select 1 from orders where learner_id = $2 and course_id = $3 and id <> $4 and status <> 'refunded') as twice
     from (select 1) one left join events e on e.idempotency_key = $1 and e.learner_id = $2`,
    [eventKey('order', order.id), learnerId, order.courseId, order.id],
  );
  const row = rows[0]!;
  return { worth: row.recorded ? row.worth : undefined, boughtTwice: row.twice };
}

/** Places of a learner's on a channel, the latest used first, those that no message reaches too: one of them paid. */
export async function payersOf(db: Database, learnerId: string, channel: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ chat: string }>(
    'select chat from addresses where learner_id = $1 and channel = $2 order by used_at desc, id',
    [learnerId, channel],
  );
  return rows.map(({ chat }) => chat);
}
