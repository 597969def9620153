import { eventKey } from '../../behaviour/key.ts';
import { encodePress } from '../../language/reply.ts';
import type { NewMessage } from '../message/message.ts';

/** Tells an inviter of the coupon that an invited learner has brought them. */
export function creditMessage({
  referrerId,
  referredId,
  coupon: { code, percent, expiresAt },
  days,
  now,
}: {
  referrerId: string;
  referredId: string;
  coupon: { code: string; percent: number; expiresAt: Date };
  days: number;
  now: Date;
}): NewMessage {
  const key = `referral:${referredId}:inviter`;
  const id = eventKey('message', key);
  const press = (action: string) => ({
    id: encodePress({ action, ref: `m${id}` }),
    label: { key: `button.${action}` },
  });
  return {
    id,
    idempotencyKey: key,
    learnerId: referrerId,
    kind: 'reward',
    campaignId: null,
    reply: {
      text: { key: 'referral.credit', args: { code, percent, days } },
      buttons: [[press('coupons'), press('recommend')]],
    },
    circumstances: { list: 'referral' },
    notBefore: now,
    expiresAt,
  };
}
