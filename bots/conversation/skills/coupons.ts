import { couponState, type Coupon } from '../../../core/campaign/checkout.ts';
import { checkCoupon, couponsOf } from '../../../core/campaign/sale/store.ts';
import type { Reply, Text } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { mentioned, whichCourse } from '../mention.ts';
import { named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { day } from '../wording.ts';

/** Used and expired ones shown beside those that are open. */
const OLD_SHOWN = 3;

export const coupons = defineSkill({
  name: 'coupons',
  presses: { coupons: list },
  intents: {
    coupons(context, said) {
      const { code } = said.slots;
      if (code === undefined) return list(context);
      const mention = mentioned(context, said);
      return mention ? context.press({ action: 'buy', value: code, ...mention }) : useCode(context, code);
    },
  },
});

/** A code without a course: whether it is good, then which course it is for. */
export async function useCode(context: Context, code: string): Promise<Reply[]> {
  const { services, learner, now } = context;
  const checked = await checkCoupon(services.db, { code, learnerId: learner.id, at: now });
  if (!checked.ok) return [say(`checkout.${checked.error}`), ...(await list(context))];
  return [
    say('coupons', { count: 1, open: [line(context, checked.coupon)], old: [] }),
    whichCourse(context, { action: 'buy', value: checked.coupon.code }),
  ];
}

async function list(context: Context): Promise<Reply[]> {
  const all = await couponsOf(context.services.db, context.learner.id);
  const open = all.filter((coupon) => couponState(coupon, context.now) === 'open');
  const old = all.filter((coupon) => !open.includes(coupon)).slice(-OLD_SHOWN);
  const buttons = [[named('recommend', { action: 'recommend' }), named('search', { action: 'search' })]];
  if (open.length === 0) {
    const settings = named(context.learner.messages ? 'settings' : 'messages-on', {
      action: context.learner.messages ? 'settings' : 'unmute',
    });
    return [say('coupons.none', { old: old.map((coupon) => line(context, coupon)) }, [...buttons, [settings]])];
  }
  return [
    say(
      'coupons',
      {
        count: open.length,
        open: open.map((coupon) => line(context, coupon)),
        old: old.map((coupon) => line(context, coupon)),
      },
      buttons,
    ),
  ];
}

function line(context: Context, coupon: Coupon): Text {
  return text(`coupon.${couponState(coupon, context.now)}`, {
    code: coupon.code,
    percent: coupon.percent,
    until: day(coupon.expiresAt, context.timeZone),
  });
}
