import { courseTitle, type Course } from '../../../core/catalogue/course.ts';
import {
  couponState,
  purchaseEvent,
  type CheckoutError,
  type Coupon,
  type Order,
} from '../../../core/campaign/checkout.ts';
import { quote } from '../../../core/campaign/price.ts';
import { normaliseCode } from '../../../core/campaign/coupon.ts';
import { checkCoupon, checkout, couponsOf } from '../../../core/campaign/sale/store.ts';
import { encodePress, type Button, type Press, type Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { mentioned, whichCourse } from '../mention.ts';
import { circumstancesFor } from '../origin.ts';
import { named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Said } from '../skill.ts';
import { day, money } from '../wording.ts';
import { useCode } from './coupons.ts';
import { focus, gone } from './course.ts';

/** Stands in a button's value for "without a coupon", where an empty one means "with the best I have". */
const WITHOUT = '-';

/** "Pay" to a quote is a yes to it. */
const PAYS =
  /^(?:ok(?:ay)?,? |yes,? )?(?:please )?pay(?: now| it| please)?$|^(?:好的?，?|我要|马上|立即|直接)?(?:确认)?(?:付款|支付|付钱|付吧|结账)(?:吧)?$/i;

/** A quote, a confirmation, and the sandbox checkout: no money moves. */
export const buy = defineSkill({
  name: 'buy',
  presses: { buy: offer, code: askCode, pay },
  intents: {
    buy(context, said) {
      const { code } = said.slots;
      const press = { action: 'buy', ...(code && { value: code }) };
      const mention = mentioned(context, said);
      if (mention) return offer(context, { ...press, ...mention });
      return code ? useCode(context, code) : [whichCourse(context, press)];
    },
  },
  answers: {
    pay: (context, { text: said }, { course, ref, value }) =>
      PAYS.test(said.replace(/[\s!！。.]+$/u, ''))
        ? context.press({ action: 'pay', ...(course && { course }), ...(ref && { ref }), ...(value && { value }) })
        : undefined,
    code(context, said, { course, ref }) {
      const code = said.slots.code ?? typedCode(said);
      return code === undefined
        ? undefined
        : offer(context, { action: 'buy', value: code, ...(course && { course }), ...(ref && { ref }) });
    },
  },
});

/** A single word with a digit in it, however the message was read: a code that is wrong still asks for an answer. */
function typedCode({ text, intent }: Said): string | undefined {
  if (normaliseCode(text) !== undefined) return text;
  return /^\S{4,40}$/.test(text) && (intent === 'other' || /\d/.test(text)) ? text : undefined;
}

async function offer(context: Context, { course: id, value = '', ref }: Press): Promise<Reply[]> {
  const { services, learner, now } = context;
  const course = id === undefined ? undefined : services.catalogue.get(id);
  if (!course) return [gone()];
  focus(context, course.id, ref);
  const about: Target = { course, ref };
  if ((await context.owned()).has(course.id)) return [refused(about, 'course.owned')];
  if (course.archived) return [refused(about, 'course.archived')];
  if (course.priceMinor === null) return [refused(about, 'course.no-price')];
  if (value === WITHOUT || course.priceMinor === 0) return [quoted(context, about, undefined)];
  if (value === '') return [quoted(context, about, await bestCoupon(context))];
  const checked = await checkCoupon(services.db, { code: value, learnerId: learner.id, at: now });
  if (checked.ok) return [quoted(context, about, checked.coupon)];
  return [say(`checkout.${checked.error}`), quoted(context, about, await bestCoupon(context))];
}

interface Target {
  course: Course;
  ref: string | undefined;
}

/** The most off; among equals the one that expires first. */
async function bestCoupon({ services, learner, now }: Context): Promise<Coupon | undefined> {
  const open = (await couponsOf(services.db, learner.id)).filter((coupon) => couponState(coupon, now) === 'open');
  return open.sort((a, b) => b.percent - a.percent || a.expiresAt.getTime() - b.expiresAt.getTime())[0];
}

function quoted(context: Context, { course, ref }: Target, coupon: Coupon | undefined): Reply {
  const price = quote(course, coupon, context.services.currency)!;
  const act = (name: string, action: string, value = ''): Button =>
    named(name, { action, course: course.id, value, ...(ref && { ref }) });
  const confirm = { action: 'pay', course: course.id, value: coupon?.code ?? WITHOUT, ...(ref && { ref }) };
  context.state.yes = encodePress(confirm);
  context.state.no = encodePress({ action: 'cancel' });
  context.state.question = { kind: 'pay', course: course.id, value: confirm.value, ...(ref && { ref }) };
  const free = price.listMinor === 0;
  const codes = free ? [] : [act('code', 'code'), ...(coupon ? [act('without-coupon', 'buy', WITHOUT)] : [])];
  return {
    ...say(
      free ? 'quote.free' : 'quote',
      {
        title: courseTitle(course),
        list: money(price.listMinor, price.currency),
        off: coupon ? money(price.discountMinor, price.currency) : '',
        percent: coupon?.percent ?? 0,
        code: coupon?.code ?? '',
        until: coupon ? day(coupon.expiresAt, context.timeZone) : '',
        total: money(price.paidMinor, price.currency),
        recorded: context.records,
      },
      [
        [named(free ? 'confirm-free' : 'confirm', confirm), named('cancel', { action: 'cancel' })],
        ...(codes.length > 0 ? [codes] : []),
      ],
    ),
    course: course.id,
  };
}

function askCode(context: Context, { course: id, ref }: Press): Reply[] {
  if (id === undefined || !context.services.catalogue.get(id)) return [gone()];
  context.state.question = { kind: 'code', course: id, ...(ref && { ref }) };
  return [say('code.ask', {}, [[named('cancel', { action: 'cancel' })]])];
}

async function pay(context: Context, { course: id, value = WITHOUT, ref }: Press): Promise<Reply[]> {
  const { services, learner, turn, now } = context;
  const course = id === undefined ? undefined : services.catalogue.get(id);
  if (!course) return [gone()];
  const result = await checkout(services.db, {
    learnerId: learner.id,
    courseId: course.id,
    ...(value !== WITHOUT && { couponCode: value }),
    channel: turn.channel,
    at: now,
    idempotencyKey: context.key('checkout', course.id),
    currency: services.currency,
  });
  if (!result.ok) {
    if (result.error.startsWith('coupon.'))
      return [say(`checkout.${result.error}`), quoted(context, { course, ref }, await bestCoupon(context))];
    return [refused({ course, ref }, result.error)];
  }
  const circumstances = await circumstancesFor(context, course.id, ref);
  if (context.records) context.events.push(purchaseEvent(result.order, learner.id, turn.channel, circumstances));
  context.outcome = 'bought';
  focus(context, course.id, ref);
  return [receipt(context, course, result.order)];
}

function receipt(context: Context, course: Course, order: Order): Reply {
  const act = (name: string) => named(name, { action: name, course: course.id });
  return {
    ...say(
      'receipt',
      {
        title: courseTitle(course),
        paid: money(order.paidMinor, order.currency),
        saved: order.listMinor > order.paidMinor ? money(order.listMinor - order.paidMinor, order.currency) : '',
        number: order.id.slice(0, 8).toUpperCase(),
        at: day(order.createdAt, context.timeZone),
      },
      [[act('progress'), named('courses', { action: 'courses' }), act('similar'), act('refund')]],
    ),
    course: course.id,
  };
}

function refused({ course }: Target, error: CheckoutError): Reply {
  const buttons =
    error === 'course.owned'
      ? [named('progress', { action: 'progress', course: course.id }), named('courses', { action: 'courses' })]
      : [named('similar', { action: 'similar', course: course.id }), ...shortcuts.slice(0, 1)];
  return say(`checkout.${error}`, { title: courseTitle(course) }, [buttons]);
}
