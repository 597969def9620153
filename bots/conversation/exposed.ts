/** What may be said where others read: nothing about the person, and no buttons that are theirs alone. */

import { decodePress, type Button, type Press, type Reply } from '../../core/language/reply.ts';
import { payloadOfPress } from './deep-link.ts';
import { say, text } from './say.ts';
import type { Context } from './context.ts';

/** What a link into the private chat carries when there is nothing to carry on with. */
const HELLO = 'start';

/** Asks the person to go on in private, with a link that carries on there where the channel has links. */
export function privately(context: Context, press?: Press): Reply {
  const link = linkFor(context, press, 'button.private');
  if (press?.action === 'start' || press?.action === 'arrive') return say('group.welcome', {}, link && [[link]]);
  return say('group.private', {}, link && [[link]]);
}

/**
 * Replies as others may see them.
 *
 * @param isOpen whether everybody who reads may press a button of this action.
 */
export function forEverybody(
  context: Context,
  replies: readonly Reply[],
  isOpen: (action: string) => boolean,
): Reply[] {
  return replies.map((reply) => {
    if (!reply.buttons) return reply;
    const kept = reply.buttons
      .map((row) => row.filter(({ id, url }) => url !== undefined || isOpen(decodePress(id)?.action ?? '')))
      .filter((row) => row.length > 0);
    const more = reply.course === undefined ? undefined : linkFor(context, { action: 'course', course: reply.course });
    return { ...reply, buttons: more ? [...kept, [more]] : kept };
  });
}

/** A button into the private chat; undefined where the channel has no links. */
export function linkFor(
  { services, turn }: Pick<Context, 'services' | 'turn'>,
  press: Press | undefined,
  label = 'button.for-you',
): Button | undefined {
  const url = services.links.to(turn.channel, (press && payloadOfPress(press)) ?? HELLO);
  return url === undefined ? undefined : { id: 'start', label: text(label), url };
}
