import { courseTitle, type Course } from '../catalogue/course.ts';
import { eventKey } from '../behaviour/key.ts';
import { momentText } from '../language/moment.ts';
import type { Localised, Reply, Text, TextArgument } from '../language/reply.ts';
import type { Learner } from '../learner/learner.ts';
import { isTimeZone } from '../learner/time-zone.ts';
import type { Slate, SlateItem } from '../recommend/slate.ts';
import type { NewMessage } from './message/message.ts';
import type { Plan } from './plan.ts';
import { button, shownBy } from './push.ts';
import { variablesOf, type CampaignVariable } from './template.ts';

/** A course that the message shows, and what chose it. */
export interface Suggestion {
  slate: Slate;
  item: SlateItem;
  course: Course;
}

/** One message a learner and campaign, for life. */
export function offerKey(campaignId: string, learnerId: string): string {
  return `campaign:${campaignId}:${learnerId}`;
}

/** Whether a plan's words speak of the recommended course: then nobody without one can get them. */
export function needsCourse(plan: Pick<Plan, 'text'>): boolean {
  return uses(plan, 'course') || uses(plan, 'reason');
}

/** A campaign's message to one learner: the manager's words, the code, and the learner's own course. */
export function offerMessage(
  campaign: { id: string; plan: Plan },
  learner: Pick<Learner, 'id' | 'timeZone'>,
  code: string,
  suggestion: Suggestion | undefined,
  now: Date,
  defaultTimeZone: string,
): NewMessage {
  const { plan } = campaign;
  const key = offerKey(campaign.id, learner.id);
  const id = eventKey('message', key);
  const reply: Reply = {
    ...offerReply(plan, learner, code, suggestion, defaultTimeZone),
    buttons: [
      suggestion
        ? [
            button('buy', 'campaign.buy', suggestion.course.id, id, code),
            button('course', 'push.view', suggestion.course.id, id),
            button('dismiss', 'push.dismiss', suggestion.course.id, id),
          ]
        : [button('recommend', 'campaign.choose', undefined, id), button('coupons', 'campaign.coupons', undefined, id)],
      [button('mute', 'push.mute', undefined, id)],
    ],
  };
  return {
    id,
    idempotencyKey: key,
    learnerId: learner.id,
    kind: 'campaign',
    campaignId: campaign.id,
    reply,
    circumstances: suggestion ? shownBy(suggestion.slate, suggestion.item) : { list: 'campaign' },
    notBefore: plan.send_at > now ? plan.send_at : now,
    expiresAt: plan.offer.expires_at,
  };
}

/** The manager's words to one learner, with the learner's own course where they do not speak of it; without buttons. */
export function offerReply(
  plan: Plan,
  learner: Pick<Learner, 'timeZone'>,
  code: string,
  suggestion: Suggestion | undefined,
  defaultTimeZone: string,
): Reply {
  const course = suggestion ? courseTitle(suggestion.course) : '';
  const reason: TextArgument = suggestion ? suggestion.item.reason : '';
  const words: Text = {
    template: { ...(plan.text.zh && { zh: plan.text.zh }), ...(plan.text.en && { en: plan.text.en }) },
    args: {
      code,
      percent: plan.offer.percent,
      expires: expiry(plan.offer.expires_at, learner, defaultTimeZone),
      course,
      reason,
    },
  };
  return {
    // What the words themselves say of the course is not said again.
    text: suggestion ? withCourse(plan, words, course, reason) : words,
    ...(suggestion && { course: suggestion.course.id }),
  };
}

function withCourse(plan: Plan, text: Text, course: TextArgument, reason: TextArgument): Text {
  if (uses(plan, 'reason')) return text;
  if (uses(plan, 'course')) return { key: 'campaign.with-reason', args: { text, reason } };
  return { key: 'campaign.with-course', args: { text, course, reason } };
}

function uses({ text }: Pick<Plan, 'text'>, variable: CampaignVariable): boolean {
  return [text.zh, text.en].some((words) => words !== undefined && variablesOf(words).has(variable));
}

/** When the code expires, on the learner's clock. */
function expiry(at: Date, { timeZone }: Pick<Learner, 'timeZone'>, defaultTimeZone: string): Localised {
  return momentText(at, timeZone && isTimeZone(timeZone) ? timeZone : defaultTimeZone);
}
