import type { Press, Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { courseOfPayload, ownPages, readPayload, type Arrival } from '../deep-link.ts';
import { say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { welcomeInvited } from './invite.ts';

/** Coming by a link: the press's value is what the link carried, see `deep-link.ts`. */
export const arrive = defineSkill({
  name: 'arrive',
  presses: { arrive: answer },
});

/** What a link stands for stands in the circumstances of what it leads to. */
const ARRIVALS: Readonly<Record<Arrival, string>> = {
  course: 'course',
  campaign: 'campaign',
  ref: 'referral',
  link: 'link',
  challenge: 'challenge',
  own: 'group',
};

/** What they came for comes first; to a newcomer, then who is speaking. */
async function answer(context: Context, { value = '' }: Press): Promise<Reply[]> {
  const { state, learner } = context;
  const payload = readPayload(value);
  if (!payload) return context.press({ action: 'start' });
  const newcomer = !state.met && learner.onboardedAt === null && payload.kind !== 'link';
  context.arrival = ARRIVALS[payload.kind];
  const replies = await lead(context, payload.kind, payload.id);
  // A question of consent that they came upon is asked alone.
  if (newcomer && !state.onboarding && state.waiting === undefined)
    return [...replies, say('onboard.offer', {}, [shortcuts.slice(-2)])];
  return replies;
}

function lead(context: Context, kind: Arrival, id: string): Promise<Reply[]> {
  switch (kind) {
    case 'course': {
      const course = courseOfPayload(id, context.services.catalogue.all());
      return context.press({ action: 'course', course: course ?? id });
    }
    case 'campaign':
      return context.press({ action: 'join', value: id });
    case 'challenge':
      return context.press({ action: 'enter', value: id });
    case 'ref':
      return welcomeInvited(context, id);
    case 'own':
      return context.press({ action: ownPages.has(id) ? id : 'start' });
    case 'link':
      return context.press({ action: 'link', value: id });
  }
}
