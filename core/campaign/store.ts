/** The database work of campaigns: sales, messages, and (below) the campaigns themselves. */
export { checkCoupon, checkout, couponsOf, ordersOf, refund } from './sale/store.ts';
export type { CheckoutRequest, CheckoutResult, RefundResult } from './sale/store.ts';
export { markSilent, messageCircumstances, recordOutcome, writeMessages } from './message/store.ts';
