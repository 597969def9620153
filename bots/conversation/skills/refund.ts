import { courseTitle } from '../../../core/catalogue/course.ts';
import { refundEvent } from '../../../core/campaign/checkout.ts';
import { refund as takeBack } from '../../../core/campaign/refund/store.ts';
import { encodePress, type Localised, type Press, type Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { mentioned } from '../mention.ts';
import { button, everywhere, named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { money } from '../wording.ts';

const LISTED = 8;

/** Takes back a purchase of the sandbox, after a confirmation. */
export const refund = defineSkill({
  name: 'refund',
  presses: { refund: answer },
  intents: {
    async refund(context, said) {
      const named = said.slots.ordinal !== undefined || said.slots.courseQuery !== undefined || context.state.course;
      const mention = named ? mentioned(context, said) : undefined;
      const order = mention && (await paidOrder(context, mention.course));
      return answer(context, { action: 'refund', ...(order && { course: order.courseId }) });
    },
  },
});

async function answer(context: Context, { course, value }: Press): Promise<Reply[]> {
  if (course === undefined) return [await choose(context)];
  const order = await paidOrder(context, course);
  const title = titleOf(context, course);
  if (!order) return [say('refund.none', { title }, [[named('courses', { action: 'courses' })]])];
  const amount = money(order.paidMinor, order.currency);
  if (value !== 'yes') {
    const confirm: Press = { action: 'refund', course, value: 'yes' };
    context.state.yes = encodePress(confirm);
    context.state.no = encodePress({ action: 'cancel' });
    return [
      say('refund.ask', { title, amount }, [[named('confirm-refund', confirm), named('cancel', { action: 'cancel' })]]),
    ];
  }
  const result = await takeBack(context.services.db, {
    learnerId: context.learner.id,
    orderId: order.id,
    at: context.now,
  });
  if (!result.ok) return [say('refund.none', { title }, [[named('courses', { action: 'courses' })]])];
  if (context.records) context.events.push(refundEvent(result.order, context.learner.id, context.turn.channel));
  return [say('refund.done', { title, amount }, [shortcuts.slice(0, 2)])];
}

async function choose(context: Context): Promise<Reply> {
  const orders = (await context.orders()).filter((order) => order.status === 'paid').slice(0, LISTED);
  if (orders.length === 0) return say('refund.nothing', {}, [shortcuts.slice(0, 2)]);
  const choices = orders.map((order) => [
    button({ action: 'refund', course: order.courseId }, titleOf(context, order.courseId)),
  ]);
  return say('refund.which', {}, choices);
}

async function paidOrder(context: Context, course: string) {
  return (await context.orders()).find((order) => order.courseId === course && order.status === 'paid');
}

/** A course that left the catalogue can still be given back. */
function titleOf({ services }: Context, id: string): Localised {
  const course = services.catalogue.get(id);
  return course ? courseTitle(course) : everywhere(id);
}
