/** Handing words to a person: they go only when the learner presses the button that says so. */

import type { Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { named, say } from './say.ts';
import type { Said } from './skill.ts';

const send = named('ask-send', { action: 'ask', value: 'send' });

/** Under an answer to a push that sounded unhappy: a person could read it. */
export function offerPerson(context: Context, said: Said): Reply {
  holdWords(context, said);
  return say('ask.offer', {}, [[send]]);
}

/** Shows what would be handed over, and by which press. */
export function confirmWords(context: Context, said: Said): Reply {
  holdWords(context, said);
  return say('ask.confirm', { words: said.text }, [[send, named('cancel', { action: 'cancel' })]]);
}

function holdWords(context: Context, { text, intent }: Said) {
  const feeling = context.services.sentiment.sentiment(text).sentiment;
  const noted = context.records && context.turn.recordable !== false;
  context.state.asking = { words: text, ...(noted && { intent, sentiment: feeling }) };
}
