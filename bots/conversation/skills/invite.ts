import { acceptReferral, invitedBy, referralCode } from '../../../core/campaign/referral/store.ts';
import type { Button, Reply } from '../../../core/language/reply.ts';
import { channels } from '../../../core/learner/learner.ts';
import type { Context } from '../context.ts';
import { payloadOf } from '../deep-link.ts';
import { named, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';

/** Links by which friends come; both get a coupon. */
export const invite = defineSkill({
  name: 'invite',
  presses: { invite: show },
  phrases: [
    [
      /^(?:(?:i(?:'d| would)? (?:want|like) to |how (?:do|can) i |can i )?(?:invite|refer)(?: (?:a |my |some )?(?:friends?|people|someone|somebody|others))?|(?:my )?(?:invit(?:e|ation)|referral) (?:link|code)s?)$/i,
      show,
    ],
    [
      /^(?:我要?|我想|怎么|如何|可以)*(?:邀请|推荐)(?:好友|朋友|别人|同事|同学|有奖)(?:吗)?$|^(?:我的)?邀请(?:链接|码|好友)?$/,
      show,
    ],
  ],
});

async function show(context: Context): Promise<Reply[]> {
  const { services, learner } = context;
  const { percent, days } = services.referral;
  const code = percent === 0 ? undefined : await referralCode(services.db, learner.id);
  if (code === undefined) return [say('invite.off', {}, [shortcuts.slice(0, 3)])];
  const links = channels.flatMap((channel) => {
    const url = services.links.to(channel, payloadOf('ref', code));
    return url === undefined ? [] : [text('invite.link', { channel: text(`channel.${channel}`), url })];
  });
  const counts = await invitedBy(services.db, learner.id);
  if (links.length === 0) return [say('invite.no-links', { ...counts }, [shortcuts.slice(0, 3)])];
  return [say('invite', { percent, days, links, ...counts }, [[named('coupons', { action: 'coupons' })]])];
}

/** Greets somebody who came by an invitation link: with their coupon, or without a word of it where they are not new. */
export async function welcomeInvited(context: Context, code: string): Promise<Reply[]> {
  const { services, learner, now } = context;
  const accepted = await acceptReferral(services.db, {
    referredId: learner.id,
    code,
    now,
    ...services.referral,
  });
  if (!accepted.ok) return [say(accepted.error, {}, [shortcuts.slice(0, 3)])];
  const buttons: Button[][] = [[named('recommend', { action: 'recommend' }), named('coupons', { action: 'coupons' })]];
  return [
    say(
      'referral.welcome',
      { code: accepted.coupon.code, percent: accepted.coupon.percent, days: services.referral.days },
      buttons,
    ),
  ];
}
