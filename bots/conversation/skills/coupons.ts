import { couponState, type Coupon } from '../../../core/campaign/checkout.ts';
import { couponsOf } from '../../../core/campaign/sale/store.ts';
import type { Reply, Text } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { mentioned } from '../mention.ts';
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
      const mention = said.slots.code ? mentioned(context, said) : undefined;
      return mention ? context.press({ action: 'buy', value: said.slots.code!, ...mention }) : list(context);
    },
  },
});

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
