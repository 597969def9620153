/** How a challenge is shown: the buttons that everybody may press, and one member's own place in it. */

import { challengeDay, daysDone, type Challenge } from '../../core/campaign/challenge/standing.ts';
import type { Membership } from '../../core/campaign/challenge/store.ts';
import type { Button, Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { habitOf } from './habit.ts';
import { named, say } from './say.ts';

/** Under what everybody reads. */
export const openButtons = ({ id }: Challenge): Button[][] => [
  [named('challenge-join', { action: 'enter', value: id }), named('checkin', { action: 'checkin' })],
  [named('challenge-status', { action: 'challenge' })],
];

/** Chooses whether the member's name stands on the leaderboard. */
const boardButton = ({ challenge, shownAs }: Membership): Button =>
  shownAs === null
    ? named('board', { action: 'board', value: challenge.id })
    : named('unboard', { action: 'unboard', value: challenge.id });

/** A member's own place, for them alone. */
export async function membershipReply(
  context: Context,
  key: 'challenge.mine' | 'challenge.joined',
  membership: Membership,
): Promise<Reply> {
  const { challenge, shownAs } = membership;
  const checkIns = (await habitOf(context))?.checkIns ?? [];
  const today = challengeDay(challenge, context.now);
  const done = today !== undefined && checkIns.some((at) => challengeDay(challenge, at) === today);
  return say(
    key,
    {
      name: challenge.name,
      firstDay: challenge.firstDay,
      lastDay: challenge.lastDay,
      days: daysDone(challenge, checkIns),
      needed: challenge.daysNeeded,
      percent: challenge.percent,
      shown: shownAs ?? '',
    },
    [
      [...(today !== undefined && !done ? [named('checkin', { action: 'checkin' })] : []), boardButton(membership)],
      [
        named('challenge-status', { action: 'challenge', value: `show:${challenge.id}` }),
        named('challenge-leave', { action: 'leave', value: challenge.id }),
      ],
    ],
  );
}
