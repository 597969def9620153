import { courseTitle, type Course } from '../../../core/catalogue/course.ts';
import {
  couponState,
  purchaseEvent,
  type CheckoutError,
  type Coupon,
  worthOf,
} from '../../../core/campaign/checkout.ts';
import { writeInvoice } from '../../../core/campaign/invoice/store.ts';
import type { Quote } from '../../../core/campaign/price.ts';
import { normaliseCode } from '../../../core/campaign/coupon.ts';
import { checkCoupon, checkout, couponsOf } from '../../../core/campaign/sale/store.ts';
import { encodePress, type Button, type Invoice, type Press, type Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { mentioned, whichCourse } from '../mention.ts';
import { circumstancesFor, messageOf } from '../origin.ts';
import { receipt } from '../receipt.ts';
import { named, say, text } from '../say.ts';
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

/**
 * A quote and a confirmation; then the sandbox checkout, in which no money moves, or where the channel
 * takes money an invoice, which `cashier.ts` hears of.
 */
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
  const list = context.quote(course);
  if (!list) return [notSold(context, about)];
  if (value === WITHOUT || list.listMinor === 0) return [await quoted(context, about, undefined)];
  if (value === '') return [await quoted(context, about, await bestCoupon(context, course))];
  const payingFor = context.tariff && course.id;
  const checked = await checkCoupon(services.db, { code: value, learnerId: learner.id, at: now, payingFor });
  if (checked.ok) return [await quoted(context, about, checked.coupon)];
  return [say(`checkout.${checked.error}`), await quoted(context, about, await bestCoupon(context, course))];
}

interface Target {
  course: Course;
  ref: string | undefined;
}

/** The most off; among equals the one that expires first. */
async function bestCoupon(context: Context, course: Course): Promise<Coupon | undefined> {
  const { services, learner, now } = context;
  const usable = (await couponsOf(services.db, learner.id)).filter((coupon) => {
    const state = couponState(coupon, now);
    // One that waits for an invoice of this very course is good for it still.
    return state === 'open' || (state === 'reserved' && context.tariff && coupon.reserved?.courseId === course.id);
  });
  return usable.sort((a, b) => b.percent - a.percent || a.expiresAt.getTime() - b.expiresAt.getTime())[0];
}

async function quoted(context: Context, about: Target, coupon: Coupon | undefined): Promise<Reply> {
  const { course, ref } = about;
  const price = context.quote(course, coupon)!;
  const act = (name: string, action: string, value = ''): Button =>
    named(name, { action, course: course.id, value, ...(ref && { ref }) });
  const confirm = { action: 'pay', course: course.id, value: coupon?.code ?? WITHOUT, ...(ref && { ref }) };
  context.state.yes = encodePress(confirm);
  context.state.no = encodePress({ action: 'cancel' });
  context.state.question = { kind: 'pay', course: course.id, value: confirm.value, ...(ref && { ref }) };
  const free = price.listMinor === 0;
  const codes = free ? [] : [act('code', 'code'), ...(coupon ? [act('without-coupon', 'buy', WITHOUT)] : [])];
  const args = {
    title: courseTitle(course),
    list: money(price.listMinor, price.currency),
    off: coupon ? money(price.discountMinor, price.currency) : '',
    percent: coupon?.percent ?? 0,
    code: coupon?.code ?? '',
    until: coupon ? day(coupon.expiresAt, context.timeZone) : '',
    total: money(price.paidMinor, price.currency),
    recorded: context.records,
  };
  if (price.provider !== 'sandbox') {
    const invoice = await billed(context, about, price, coupon);
    return { ...say('quote.invoice', args, codes.length > 0 ? [codes] : undefined), invoice, course: course.id };
  }
  const enrols = free || context.tariff !== undefined;
  const text = context.tariff ? 'quote.nothing' : free ? 'quote.free' : 'quote';
  return {
    ...say(text, args, [
      [named(enrols ? 'confirm-free' : 'confirm', confirm), named('cancel', { action: 'cancel' })],
      ...(codes.length > 0 ? [codes] : []),
    ]),
    course: course.id,
  };
}

/** The invoice of a quote, written down before it is shown. */
async function billed(
  context: Context,
  { course, ref }: Target,
  price: Quote,
  coupon: Coupon | undefined,
): Promise<Invoice> {
  const message = messageOf(ref);
  const circumstances = await circumstancesFor(context, course.id, ref);
  const id = await writeInvoice(context.services.db, {
    learnerId: context.learner.id,
    courseId: course.id,
    coupon,
    price,
    channel: context.turn.channel,
    // What a message came to is kept with or without consent to recording.
    circumstances: message ? { ...circumstances, message } : circumstances,
    at: context.now,
  });
  const title = courseTitle(course);
  return {
    id,
    course: course.id,
    title,
    description: text('invoice.description', { title, code: coupon?.code ?? '', percent: coupon?.percent ?? 0 }),
    amount: price.paidMinor,
    currency: price.currency,
  };
}

function askCode(context: Context, { course: id, ref }: Press): Reply[] {
  if (id === undefined || !context.services.catalogue.get(id)) return [gone()];
  context.state.question = { kind: 'code', course: id, ...(ref && { ref }) };
  return [say('code.ask', {}, [[named('cancel', { action: 'cancel' })]])];
}

async function pay(context: Context, press: Press): Promise<Reply[]> {
  const { services, learner, turn, now } = context;
  const { course: id, value = WITHOUT, ref } = press;
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
    tariff: context.tariff,
  });
  if (!result.ok) {
    const { error } = result;
    // Said, or pressed where it meant another price: the invoice is what pays.
    if (error === 'order.unpaid' || (error === 'coupon.reserved' && context.tariff))
      return [say('invoice.press'), ...(await offer(context, { ...press, action: 'buy', value }))];
    if (error === 'course.no-price') return [notSold(context, { course, ref })];
    if (error.startsWith('coupon.'))
      return [say(`checkout.${error}`), await quoted(context, { course, ref }, await bestCoupon(context, course))];
    return [refused({ course, ref }, error)];
  }
  const circumstances = await circumstancesFor(context, course.id, ref);
  const worth = worthOf(result.order, course);
  if (context.records) context.keep(purchaseEvent(result.order, learner.id, turn.channel, circumstances, worth));
  context.outcome = 'bought';
  focus(context, course.id, ref);
  return [receipt(course, result.order, context.timeZone, context.tariff ? 'receipt.nothing' : 'receipt')];
}

/** Not here, or nowhere. */
function notSold(context: Context, { course, ref }: Target): Reply {
  if (!context.tariff) return refused({ course, ref }, 'course.no-price');
  const about = { course: course.id, ...(ref && { ref }) };
  return say('checkout.not-here', { title: courseTitle(course) }, [
    [named('save', { action: 'save', ...about }), named('similar', { action: 'similar', ...about })],
  ]);
}

function refused({ course }: Target, error: CheckoutError): Reply {
  const buttons =
    error === 'course.owned'
      ? [named('progress', { action: 'progress', course: course.id }), named('courses', { action: 'courses' })]
      : [named('similar', { action: 'similar', course: course.id }), ...shortcuts.slice(0, 1)];
  return say(`checkout.${error}`, { title: courseTitle(course) }, [buttons]);
}
