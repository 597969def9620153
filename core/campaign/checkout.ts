import { eventKey } from '../behaviour/key.ts';
import type { Circumstances, NewEvent } from '../behaviour/event.ts';
import type { Course } from '../catalogue/course.ts';

/** One learner's code for one offer. */
export interface Coupon {
  id: string;
  code: string;
  percent: number;
  expiresAt: Date;
  redeemedAt: Date | null;
  campaignId: string | null;
}

export type CouponState = 'open' | 'used' | 'expired';

export type CouponError = 'coupon.unknown' | 'coupon.expired' | 'coupon.used' | 'coupon.not-yours';

export type CheckoutError =
  | CouponError
  | 'course.unknown'
  | 'course.archived'
  | 'course.owned'
  | 'course.no-price'
  /** The idempotency key has already made an order for somebody or something else. */
  | 'order.conflict';

export type RefundError = 'order.unknown' | 'order.refunded';

export interface Order {
  id: string;
  courseId: string;
  listMinor: number;
  paidMinor: number;
  /** ISO 4217. */
  currency: string;
  status: 'paid' | 'refunded';
  couponId: string | null;
  campaignId: string | null;
  createdAt: Date;
  refundedAt: Date | null;
}

export interface Quote {
  listMinor: number;
  discountMinor: number;
  paidMinor: number;
  currency: string;
}

/**
 * What a course costs, with a coupon or without.
 *
 * @param currency for a course that names none.
 * @returns undefined when the course has no price.
 */
export function quote(
  course: Pick<Course, 'priceMinor' | 'currency'>,
  coupon: Pick<Coupon, 'percent'> | undefined,
  currency: string,
): Quote | undefined {
  if (course.priceMinor === null) return undefined;
  const paidMinor = discounted(course.priceMinor, coupon?.percent ?? 0);
  return {
    listMinor: course.priceMinor,
    discountMinor: course.priceMinor - paidMinor,
    paidMinor,
    currency: course.currency ?? currency,
  };
}

/** The price that is left after `percent` off, in minor units, half a unit rounded up. */
export function discounted(minor: number, percent: number): number {
  return Math.floor((minor * (100 - percent) + 50) / 100);
}

/** A used code stays used when its order is refunded; it expires at its instant, not after it. */
export function couponState(coupon: Pick<Coupon, 'redeemedAt' | 'expiresAt'>, now: Date): CouponState {
  if (coupon.redeemedAt) return 'used';
  return coupon.expiresAt <= now ? 'expired' : 'open';
}

/** The behaviour that an order is: recorded once however often it is asked for. */
export function purchaseEvent(
  order: Order,
  learnerId: string,
  channel: string,
  circumstances: Circumstances,
): NewEvent {
  return {
    idempotencyKey: eventKey('order', order.id),
    learnerId,
    courseId: order.courseId,
    type: 'purchase',
    value: order.paidMinor,
    occurredAt: order.createdAt,
    channel,
    circumstances: { ...circumstances, ...(order.campaignId && { campaign: order.campaignId }) },
  };
}

/** The behaviour that a refund is. */
export function refundEvent(order: Order, learnerId: string, channel: string): NewEvent {
  return {
    idempotencyKey: eventKey('refund', order.id),
    learnerId,
    courseId: order.courseId,
    type: 'refund',
    value: order.paidMinor,
    occurredAt: order.refundedAt ?? order.createdAt,
    channel,
    circumstances: order.campaignId ? { campaign: order.campaignId } : {},
  };
}
