/** Answers in words to a pushed message: what they ask for and how they sound; the words are not kept. */

import type { SentimentName } from '../../core/language/sentiment.ts';
import { recordOutcome, messageCircumstances } from '../../core/campaign/message/store.ts';
import type { Context } from './context.ts';
import type { Said } from './skill.ts';
import { latestMessage } from './store.ts';

/** How long after a pushed message the next words count as an answer to it. */
const WINDOW_MS = 30 * 60_000;

/** @returns how an answer to a pushed message sounds; undefined for words that are none. */
export async function noteReply(context: Context, said: Said): Promise<SentimentName | undefined> {
  const { records, learner, now, state, turn, exposed } = context;
  if (exposed || !(records || learner.messages)) return undefined;
  const { db, sentiment } = context.services;
  const latest = await latestMessage(db, learner.id, new Date(now.getTime() - WINDOW_MS), now);
  if (!latest || state.answered === latest.id) return undefined;
  const message = latest.id;
  state.answered = message;
  // "This one is useless" means what came last, and not what was talked about yesterday.
  if (latest.course !== null && latest.unanswered)
    Object.assign(state, { course: latest.course, courseRef: `m${message}` });
  const feeling = sentiment.sentiment(said.text).sentiment;
  const circumstances = await messageCircumstances(db, message, learner.id);
  if (!records || turn.recordable === false || !circumstances) return feeling;
  context.record('reply', { circumstances: { ...circumstances, intent: said.intent, sentiment: feeling } });
  await recordOutcome(db, {
    messageId: message,
    learnerId: learner.id,
    outcome: said.intent === 'mute' ? 'opted-out' : 'replied',
    at: now,
  });
  return feeling;
}
