import type { Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { orderedTitle, orderNumber } from '../receipt.ts';
import { named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { money } from '../wording.ts';

const LISTED = 5;

/** Help with payments and the terms of buying: Telegram wants both of whoever sells there. */
export const paysupport = defineSkill({
  name: 'payment support',
  presses: { paysupport: help, terms: () => [say('terms', {}, [[named('paysupport', { action: 'paysupport' })]])] },
});

async function help(context: Context): Promise<Reply[]> {
  const orders = await context.orders();
  const lines = orders.slice(0, LISTED).map((order) =>
    text('paysupport.order', {
      number: orderNumber(order),
      title: orderedTitle(context.services.catalogue.get(order.courseId), order),
      amount: money(order.paidMinor, order.currency),
      status: text(`order.${order.status}`),
    }),
  );
  const refundable = orders.some(({ status }) => status !== 'refunded');
  return [
    say('paysupport', { orders: lines }, [
      [...(refundable ? [named('refund', { action: 'refund' })] : []), named('ask-seller', { action: 'ask' })],
      [named('terms', { action: 'terms' })],
    ]),
  ];
}
