import { refundEvent, type Order } from '../../../core/campaign/checkout.ts';
import { payersOf, refund as takeBack } from '../../../core/campaign/refund/store.ts';
import { encodePress, type Localised, type Press, type Reply } from '../../../core/language/reply.ts';
import type { ChannelName } from '../../../core/learner/learner.ts';
import { giveBack } from '../cashier.ts';
import type { Context } from '../context.ts';
import { mentioned } from '../mention.ts';
import { orderedTitle, orderNumber } from '../receipt.ts';
import { button, named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { money } from '../wording.ts';

const LISTED = 8;

/** Takes back a purchase, after a confirmation. */
export const refund = defineSkill({
  name: 'refund',
  presses: { refund: answer },
  intents: {
    async refund(context, said) {
      const named = said.slots.ordinal !== undefined || said.slots.courseQuery !== undefined || context.state.course;
      const mention = named ? mentioned(context, said) : undefined;
      const order = mention && (await orderOf(context, mention.course));
      return answer(context, { action: 'refund', ...(order && { course: order.courseId }) });
    },
  },
});

async function answer(context: Context, { course, value }: Press): Promise<Reply[]> {
  if (course === undefined) return [await choose(context)];
  const order = await orderOf(context, course);
  const title = titleOf(context, course);
  if (!order) return [none(title)];
  const amount = money(order.paidMinor, order.currency);
  if (order.provider === 'telegram') return [outside(title, amount, order)];
  if (value !== 'yes') {
    const confirm: Press = { action: 'refund', course, value: 'yes' };
    context.state.yes = encodePress(confirm);
    context.state.no = encodePress({ action: 'cancel' });
    const buttons = [[named('confirm-refund', confirm), named('cancel', { action: 'cancel' })]];
    if (order.paidMinor === 0) return [say('refund.nothing-paid', { title }, buttons)];
    return [say(order.provider === 'sandbox' ? 'refund.ask' : 'refund.ask-paid', { title, amount }, buttons)];
  }
  const result = await takeBack(context.services.db, {
    learnerId: context.learner.id,
    orderId: order.id,
    at: context.now,
  });
  if (!result.ok) return [none(title)];
  if (result.order.status === 'refunding') return [await payBack(context, result.order, title, amount)];
  if (context.records) context.keep(refundEvent(result.order, context.learner.id, context.turn.channel));
  const done = order.paidMinor === 0 ? say('refund.removed', { title }) : say('refund.done', { title, amount });
  return [{ ...done, buttons: [shortcuts.slice(0, 2)] }];
}

/** Money goes back on the channel on which it came, wherever that is asked for. */
async function payBack(context: Context, order: Order, title: Localised, amount: Localised): Promise<Reply> {
  const { services, learner, now } = context;
  const channel = order.channel as ChannelName;
  const chats = await payersOf(services.db, learner.id, channel);
  if (await giveBack(services, { order, chats, channel, at: now, learner }))
    return say('refund.paid-back', { title, amount }, [shortcuts.slice(0, 2)]);
  return say('refund.later', { title, amount }, [
    [named('refund-again', { action: 'refund', course: order.courseId, value: 'yes' }), askSeller],
  ]);
}

/** The platform has no way to give a provider's money back. */
function outside(title: Localised, amount: Localised, order: Order): Reply {
  return say('refund.outside', { title, amount, number: orderNumber(order) }, [[askSeller]]);
}

const askSeller = named('ask-seller', { action: 'ask' });

const none = (title: Localised): Reply => say('refund.none', { title }, [[named('courses', { action: 'courses' })]]);

async function choose(context: Context): Promise<Reply> {
  const orders = (await context.orders()).filter((order) => order.status !== 'refunded').slice(0, LISTED);
  if (orders.length === 0) return say('refund.nothing', {}, [shortcuts.slice(0, 2)]);
  const choices = orders.map((order) => [
    button({ action: 'refund', course: order.courseId }, titleOf(context, order.courseId)),
  ]);
  return say('refund.which', {}, choices);
}

/** What is on its way back comes first: asking again goes on with it. */
async function orderOf(context: Context, course: string): Promise<Order | undefined> {
  const orders = (await context.orders()).filter((order) => order.courseId === course);
  return orders.find(({ status }) => status === 'refunding') ?? orders.find(({ status }) => status === 'paid');
}

const titleOf = ({ services }: Context, courseId: string): Localised =>
  orderedTitle(services.catalogue.get(courseId), { courseId });
