/** Who may manage what: admins of a community that the operator trusts. */

import { communityOf, type Community } from '../../core/campaign/community/store.ts';
import type { Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { say } from './say.ts';
import { managedSince } from './store.ts';

export interface Managed {
  community: Community;
  /** Whether the turn was taken in the community, and not in the private chat. */
  here: boolean;
}

/** Hours after a command in their community in which an admin is known as one in the private chat. */
const KNOWN_HOURS = 24;

/** The community that the person manages, or what to answer to who manages none. */
export async function managed(context: Context): Promise<Managed | Reply> {
  const { turn, services, state, now, learner } = context;
  if (turn.group) {
    if (!turn.group.admin) {
      delete state.managed;
      return say('manager.only');
    }
    const community = await communityOf(services.db, turn.group.id);
    if (!community?.trusted) return say('manager.untrusted', { id: turn.group.id });
    state.managed = { community: community.id, at: now.toISOString() };
    return { community, here: true };
  }
  const since = new Date(now.getTime() - KNOWN_HOURS * 3_600_000);
  for (const id of await managedSince(services.db, learner.id, since)) {
    const community = await communityOf(services.db, id);
    if (community?.trusted && community.active) return { community, here: false };
  }
  return say('manager.where');
}

export const isRefusal = (result: Managed | Reply): result is Reply => 'text' in result;
