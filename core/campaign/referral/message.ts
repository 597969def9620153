import { eventKey } from '../../behaviour/key.ts';
import { encodePress } from '../../language/reply.ts';
import type { NewMessage } from '../message/message.ts';

const DAY = 86_400_000;

/** Tells the inviter of their coupon, and the invited that they have brought it. */
export function creditMessages({
  referrerId,
  referredId,
  coupon,
  days,
  now,
}: {
  referrerId: string;
  referredId: string;
  coupon: { code: string; percent: number; expiresAt: Date };
  days: number;
  now: Date;
}): NewMessage[] {
  const { code, percent, expiresAt } = coupon;
  const common = { kind: 'service' as const, campaignId: null, circumstances: { list: 'referral' }, notBefore: now };
  const forInviter = `referral:${referredId}:inviter`;
  const forInvited = `referral:${referredId}:invited`;
  return [
    {
      ...common,
      id: eventKey('message', forInviter),
      idempotencyKey: forInviter,
      learnerId: referrerId,
      reply: {
        text: { key: 'referral.credit', args: { code, percent, days } },
        buttons: [
          [press('coupons', eventKey('message', forInviter)), press('recommend', eventKey('message', forInviter))],
        ],
      },
      expiresAt,
    },
    {
      ...common,
      id: eventKey('message', forInvited),
      idempotencyKey: forInvited,
      learnerId: referredId,
      reply: {
        text: { key: 'referral.thanks', args: { percent } },
        buttons: [[press('invite', eventKey('message', forInvited))]],
      },
      expiresAt: new Date(now.getTime() + DAY),
    },
  ];
}

const press = (action: string, messageId: string) => ({
  id: encodePress({ action, ref: `m${messageId}` }),
  label: { key: `button.${action}` },
});
