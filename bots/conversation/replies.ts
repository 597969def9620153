/** Answers in words to a pushed message: what they ask for and how they sound; the words are not kept. */

import { recordOutcome, messageCircumstances } from '../../core/campaign/message/store.ts';
import type { Context } from './context.ts';
import type { Said } from './skill.ts';
import { latestMessage } from './store.ts';

/** How long after a pushed message the next words count as an answer to it. */
const WINDOW_MS = 30 * 60_000;

export async function noteReply(context: Context, said: Said): Promise<void> {
  if (!context.records) return;
  const { db, sentiment } = context.services;
  const { learner, now, state } = context;
  const message = await latestMessage(db, learner.id, new Date(now.getTime() - WINDOW_MS), now);
  if (!message || state.answered === message) return;
  const circumstances = await messageCircumstances(db, message, learner.id);
  if (!circumstances) return;
  state.answered = message;
  context.record('reply', {
    circumstances: { ...circumstances, intent: said.intent, sentiment: sentiment.sentiment(said.text).sentiment },
  });
  await recordOutcome(db, {
    messageId: message,
    learnerId: learner.id,
    outcome: said.intent === 'mute' ? 'opted-out' : 'replied',
    at: now,
  });
}
