import { joinCampaign } from '../../../core/campaign/join.ts';
import { needsCourse, offerReply } from '../../../core/campaign/offer.ts';
import { shownBy } from '../../../core/campaign/push.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';

/** Coming to a campaign by the button of its post: the press's value is the campaign's id. */
export const join = defineSkill({
  name: 'join',
  presses: { join: answer },
});

async function answer(context: Context, { value: campaignId = '' }: Press): Promise<Reply[]> {
  const { services, learner, now, timeZone } = context;
  const { db, catalogue } = services;
  const recommender = () => services.recommender();
  const joined = await joinCampaign(db, { campaignId, learnerId: learner.id, now, catalogue, recommender });
  if (!joined.ok) return [say(joined.error, {}, [shortcuts.slice(0, 2)])];
  const { campaign, coupon, suggestion } = joined;
  const coupons = named('coupons', { action: 'coupons' });
  if (!suggestion) {
    const words = needsCourse(campaign.plan)
      ? say('campaign.your-code', { code: coupon.code, percent: coupon.percent })
      : offerReply(campaign.plan, learner, coupon.code, undefined, timeZone);
    return [{ ...words, buttons: [[named('recommend', { action: 'recommend' }), coupons]] }];
  }
  const { course, slate, item } = suggestion;
  context.record('impression', {
    course: course.id,
    circumstances: { ...shownBy(slate, item), campaign: campaign.id },
  });
  context.state.course = course.id;
  return [
    {
      ...offerReply(campaign.plan, learner, coupon.code, suggestion, timeZone),
      buttons: [
        [
          named('buy-with-coupon', { action: 'buy', course: course.id, value: coupon.code }),
          named('details', { action: 'course', course: course.id }),
        ],
        [coupons],
      ],
    },
  ];
}
