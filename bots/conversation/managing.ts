/** Who may manage what: admins of a community that the operator trusts. */

import { communityOf, type Community } from '../../core/campaign/community/store.ts';
import type { Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { say } from './say.ts';
import { managedSince } from './store.ts';

/** Hours after a command in their community in which an admin may answer questions in the private chat. */
const KNOWN_HOURS = 24;

/**
 * The community in which the turn is taken, when the platform has just said that the person manages
 * it; else what to answer. Never in the private chat, where who was an admin may be one no more.
 */
export async function managed(context: Context): Promise<Community | Reply> {
  const { turn, services, state, now } = context;
  if (!turn.group) return say('manager.where');
  if (!turn.group.admin) {
    delete state.managed;
    return say('manager.only');
  }
  const community = await communityOf(services.db, turn.group.id);
  if (!community?.trusted) return say('manager.untrusted', { id: turn.group.id });
  state.managed = { community: community.id, at: now.toISOString() };
  return community;
}

/** Who may read and answer what learners asked, which others must not read: for a day in the private chat too. */
export async function answering(context: Context): Promise<Community | Reply> {
  const { turn, services, now, learner } = context;
  if (turn.group) return managed(context);
  const since = new Date(now.getTime() - KNOWN_HOURS * 3_600_000);
  for (const id of await managedSince(services.db, learner.id, since)) {
    const community = await communityOf(services.db, id);
    if (community?.trusted && community.active) return community;
  }
  return say('questions.where');
}

export const isRefusal = (result: Community | Reply): result is Reply => 'text' in result;
