/** What happens to money on a channel's own way of paying; what a person says and presses is `conversation.ts`. */

import { recordEvents } from '../../core/behaviour/store.ts';
import { purchaseEvent, refundEvent, worthOf, type Order } from '../../core/campaign/checkout.ts';
import { approveInvoice, settlePayment, type Payment, type Settled } from '../../core/campaign/invoice/store.ts';
import { recordOutcome } from '../../core/campaign/message/store.ts';
import { finishRefund, standingOf } from '../../core/campaign/refund/store.ts';
import type { Reply, Text } from '../../core/language/reply.ts';
import { mayRecord } from '../../core/learner/consent.ts';
import type { ChannelName, Learner } from '../../core/learner/learner.ts';
import { findLearner } from '../../core/learner/store.ts';
import { errorText } from '../../core/numerics/error-text.ts';
import { orderedTitle, orderNumber, receipt } from './receipt.ts';
import { named, say, text } from './say.ts';
import type { Services } from './services.ts';
import { money } from './wording.ts';

export interface Cashier {
  /** Whether an invoice may be paid now. @returns why not, in words for the person; undefined when it may. */
  approve(request: PaymentRequest): Promise<Text | undefined>;
  /** Delivers what a payment was for, whatever has changed since it was let through; the same charge again changes nothing. */
  paid(payment: Payment & { channel: ChannelName; chat: string }): Promise<Reply[]>;
  /** The platform says that it has given a charge back, whoever asked it to. @returns what the payer is told of what they have not asked for. */
  refunded(refund: { chargeId: string; at: Date }): Promise<Reply[]>;
}

export interface PaymentRequest {
  invoiceId: string;
  learnerId: string;
  channel: ChannelName;
  amount: number;
  currency: string;
  at: Date;
}

type CashierServices = Pick<Services, 'db' | 'catalogue' | 'payments' | 'currency' | 'timeZone' | 'log'>;

export function createCashier(services: CashierServices): Cashier {
  const { db } = services;
  return {
    async approve({ channel, ...request }) {
      const tariff = services.payments[channel];
      if (!tariff) return text('checkout.later');
      const result = await approveInvoice(db, { ...request, tariff, usualCurrency: services.currency });
      if (result.ok) return undefined;
      const title = orderedTitle(services.catalogue.get(result.courseId ?? ''), { courseId: result.courseId ?? '' });
      if (result.error === 'course.no-price') return text('checkout.not-here', { title });
      return text(`checkout.${result.error}`, result.error.startsWith('course.') ? { title } : {});
    },

    async paid(payment) {
      const settled = await settlePayment(db, payment);
      const { order } = settled;
      if (settled.needless) return [await needless(services, settled, payment)];
      const course = services.catalogue.get(order.courseId);
      const learner = await findLearner(db, payment.learnerId);
      if (learner) {
        const { circumstances } = settled;
        const worth = worthOf(order, course);
        if (mayRecord(learner))
          await recordEvents(db, [purchaseEvent(order, learner.id, payment.channel, circumstances, worth)]);
        if (circumstances.message) {
          const of = { messageId: circumstances.message, learnerId: learner.id };
          await recordOutcome(db, { ...of, outcome: 'bought', at: payment.at });
        }
      }
      return [receipt(course, order, learner?.timeZone ?? services.timeZone, 'receipt.paid')];
    },

    async refunded({ chargeId, at }) {
      const returned = await finishRefund(db, { chargeId, at });
      if (!returned) return [];
      const { order, learnerId, before } = returned;
      const learner = learnerId === null ? undefined : await findLearner(db, learnerId);
      if (learner && mayRecord(learner)) await recordRefund(services, order, learner.id, order.channel);
      // Who asked for it here was told already.
      if (before !== 'paid') return [];
      const title = orderedTitle(services.catalogue.get(order.courseId), order);
      return [say('refund.paid-back', { title, amount: money(order.paidMinor, order.currency) })];
    },
  };
}

/** Records that a course was given back, unless the learner still has it by another order. */
async function recordRefund(
  services: Pick<Services, 'db' | 'catalogue'>,
  order: Order,
  learnerId: string,
  channel: string,
): Promise<void> {
  const { worth, boughtTwice } = await standingOf(services.db, order, learnerId);
  if (boughtTwice) return;
  const value = worth === undefined ? worthOf(order, services.catalogue.get(order.courseId)) : worth;
  await recordEvents(services.db, [refundEvent(order, learnerId, channel, value)]);
}

/** Money for what the person has already, or for nothing that is known: it goes back at once where it can. */
async function needless(
  services: CashierServices,
  { order, known }: Settled,
  { channel, chat, at }: { channel: ChannelName; chat: string; at: Date },
): Promise<Reply> {
  const amount = money(order.paidMinor, order.currency);
  const number = orderNumber(order);
  const title = orderedTitle(services.catalogue.get(order.courseId), order);
  const ask = [named('ask-seller', { action: 'ask' })];
  let back = order.status === 'refunded';
  // Nothing was handed out for it: neither the purchase nor its return is behaviour.
  if (order.status === 'refunding') back = await giveBack(services, { order, chats: [chat], channel, at });
  if (!known) return say('payment.unknown', { amount, number, back: order.status !== 'paid' }, [ask]);
  if (back) return say('payment.given-back', { title, amount });
  if (order.status === 'paid') return say('payment.twice', { title, amount, number }, [ask]);
  const again = named('refund-again', { action: 'refund', course: order.courseId, value: 'yes' });
  return say('payment.giving-back', { title, amount }, [[again]]);
}

/**
 * Has the platform give an order's money back, and notes it. One of the chats has paid; asked for
 * another's charge the platform refuses.
 *
 * @param refund.learner for whom the return is recorded, if they agreed to recording.
 * @returns whether the money is back.
 */
export async function giveBack(
  services: Pick<Services, 'db' | 'catalogue' | 'payments' | 'log'>,
  refund: { order: Order; chats: readonly string[]; channel: ChannelName; at: Date; learner?: Learner },
): Promise<boolean> {
  const { order, chats, channel, at, learner } = refund;
  const payments = services.payments[channel];
  const { chargeId, provider } = order;
  if (!payments || chargeId === null) return false;
  let failure: unknown = new Error('nobody here has paid on the channel');
  for (const chat of chats) {
    try {
      await payments.refund({ chargeId, chat, provider });
    } catch (error) {
      failure = error;
      continue;
    }
    // The event first: when we fall in between, asking again does both, and its key makes it one.
    if (learner && mayRecord(learner)) await recordRefund(services, { ...order, refundedAt: at }, learner.id, channel);
    await finishRefund(services.db, { chargeId, at });
    return true;
  }
  services.log(`A refund did not go through: ${errorText(failure)}`);
  return false;
}
