import { eventKey } from '../behaviour/key.ts';
import type { Circumstances, NewEvent } from '../behaviour/event.ts';
import type { Course } from '../catalogue/course.ts';
import { STARS } from '../numerics/money.ts';
import type { Provider } from './price.ts';

/** One learner's code for one offer. */
export interface Coupon {
  id: string;
  code: string;
  percent: number;
  expiresAt: Date;
  redeemedAt: Date | null;
  campaignId: string | null;
  /** While an invoice with its discount may be paid, nothing else redeems it. */
  reserved: { invoiceId: string; courseId: string | null; until: Date } | null;
}

export type CouponState = 'open' | 'reserved' | 'used' | 'expired';

export type CouponError = 'coupon.unknown' | 'coupon.expired' | 'coupon.used' | 'coupon.reserved' | 'coupon.not-yours';

export type CheckoutError =
  | CouponError
  | 'course.unknown'
  | 'course.archived'
  | 'course.owned'
  | 'course.no-price'
  /** The idempotency key has already made an order for somebody or something else. */
  | 'order.conflict'
  /** There is something to pay, and the platform has not been paid. */
  | 'order.unpaid';

/** Why an invoice may not be paid now. */
export type InvoiceError =
  | Exclude<CheckoutError, 'order.conflict' | 'order.unpaid'>
  | 'invoice.unknown'
  | 'invoice.not-yours'
  /** The price is another one by now, or what is to be paid is not what was asked for. */
  | 'invoice.changed';

/** 'order.paid-outside': a payment provider has the money, and gives it back only to whom it belongs to: the seller. */
export type RefundError = 'order.unknown' | 'order.refunded' | 'order.paid-outside';

export interface Order {
  id: string;
  courseId: string;
  listMinor: number;
  paidMinor: number;
  /** ISO 4217, or XTR. */
  currency: string;
  /** 'refunding': to be given back, and not known yet to have arrived; owned until then. */
  status: 'paid' | 'refunding' | 'refunded';
  provider: Provider;
  /** The platform's own id of the payment. */
  chargeId: string | null;
  channel: string;
  couponId: string | null;
  campaignId: string | null;
  createdAt: Date;
  refundedAt: Date | null;
}

/** A used code stays used when its order is refunded; it expires at its instant, not after it. */
export function couponState(
  coupon: Pick<Coupon, 'redeemedAt' | 'expiresAt'> & Partial<Pick<Coupon, 'reserved'>>,
  now: Date,
): CouponState {
  if (coupon.redeemedAt) return 'used';
  if (coupon.expiresAt <= now) return 'expired';
  return coupon.reserved && coupon.reserved.until > now ? 'reserved' : 'open';
}

/**
 * What an order is worth in its course's own currency, in which behaviour counts money: what was paid
 * in Stars, as the same share of the price.
 *
 * @returns null for a course that has no price of its own.
 */
export function worthOf(
  order: Pick<Order, 'listMinor' | 'paidMinor' | 'currency'>,
  course: Pick<Course, 'priceMinor' | 'currency'> | undefined,
): number | null {
  if (order.currency !== STARS || course?.currency === STARS) return order.paidMinor;
  if (order.paidMinor === 0) return 0;
  if (!course || course.priceMinor === null) return null;
  return Math.round((course.priceMinor * order.paidMinor) / Math.max(order.listMinor, 1));
}

/**
 * The behaviour that an order is: recorded once however often it is asked for.
 *
 * @param value in the course's currency, see `worthOf`.
 */
export function purchaseEvent(
  order: Order,
  learnerId: string,
  channel: string,
  circumstances: Circumstances,
  value: number | null = order.paidMinor,
): NewEvent {
  return {
    idempotencyKey: eventKey('order', order.id),
    learnerId,
    courseId: order.courseId,
    type: 'purchase',
    value,
    occurredAt: order.createdAt,
    channel,
    circumstances: { ...circumstances, ...(order.campaignId && { campaign: order.campaignId }) },
  };
}

/** The behaviour that a refund is. @param value the purchase's, in the course's currency. */
export function refundEvent(
  order: Order,
  learnerId: string,
  channel: string,
  value: number | null = order.paidMinor,
): NewEvent {
  return {
    idempotencyKey: eventKey('refund', order.id),
    learnerId,
    courseId: order.courseId,
    type: 'refund',
    value,
    occurredAt: order.refundedAt ?? order.createdAt,
    channel,
    circumstances: order.campaignId ? { campaign: order.campaignId } : {},
  };
}
