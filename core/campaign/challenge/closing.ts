import type { Database } from '../../../prisma/connect.ts';
import { inTransaction } from '../../../prisma/transaction.ts';
import { eventKey } from '../../behaviour/key.ts';
import { writePosts } from '../community/store.ts';
import { encodePress, type Reply } from '../../language/reply.ts';
import { nextAllowedTime } from '../../learner/local-time.ts';
import { isTimeZone } from '../../learner/time-zone.ts';
import type { NewMessage } from '../message/message.ts';
import { writeMessages } from '../message/store.ts';
import { newCodes } from '../store.ts';
import { isDue, LEADERS, standingsOf, type Challenge, type Standings } from './standing.ts';
import { holdMembers, holdOpenChallenge, openChallenges, rewardMembers } from './store.ts';

const DAY = 86_400_000;
/** Local hour of the challenge at which its community is told; nobody is woken by the end of a day. */
const POST_HOUR = 9;

/**
 * Closes the challenges whose last day is over: everyone with enough days gets one coupon and a message,
 * their community a post. All of one challenge is one transaction that holds its row, so that neither
 * a crash nor another process gives a second coupon.
 *
 * @returns challenges closed.
 */
export async function closeChallenges(
  { db, defaultTimeZone }: { db: Database; defaultTimeZone: string },
  now: Date,
): Promise<number> {
  let closed = 0;
  for (const challenge of await openChallenges(db)) {
    if (isDue(challenge, now) && (await close(db, challenge.id, now, defaultTimeZone))) closed++;
  }
  return closed;
}

function close(db: Database, id: string, now: Date, defaultTimeZone: string): Promise<boolean> {
  return inTransaction(db.pool, async (client) => {
    const challenge = await holdOpenChallenge(client, id);
    if (!challenge) return false;
    const members = await holdMembers(client, challenge);
    const winners = members.filter(({ days }) => days >= challenge.daysNeeded);
    const codes = newCodes(winners.length);
    const rewards = winners.map(({ learnerId }, at) => ({ learnerId, code: codes[at]! }));
    const expiresAt = new Date(now.getTime() + challenge.couponDays * DAY);
    const rewarded = await rewardMembers(client, challenge, rewards, { now, expiresAt });
    const messages = winners.flatMap(({ learnerId, days }, at) => {
      const learner = rewarded.get(learnerId);
      if (!learner) return [];
      const notBefore = nextAllowedTime(learner, now, defaultTimeZone);
      return [rewardMessage(challenge, { learnerId, code: codes[at]!, days }, { notBefore, expiresAt })];
    });
    await writeMessages(client, messages, now);
    await writePosts(client, [closingPost(challenge, standingsOf(members, challenge.daysNeeded, LEADERS), now)], now);
    return true;
  });
}

function rewardMessage(
  { id, name, percent, couponDays }: Challenge,
  { learnerId, code, days }: { learnerId: string; code: string; days: number },
  times: { notBefore: Date; expiresAt: Date },
): NewMessage {
  const key = `challenge:${id}:${learnerId}`;
  const messageId = eventKey('message', key);
  const press = (action: string) => encodePress({ action, ref: `m${messageId}` });
  return {
    id: messageId,
    idempotencyKey: key,
    learnerId,
    kind: 'reward',
    campaignId: null,
    reply: {
      text: { key: 'challenge.reward', args: { name, days, percent, code, couponDays } },
      buttons: [
        [
          { id: press('coupons'), label: { key: 'button.coupons' } },
          { id: press('recommend'), label: { key: 'button.recommend' } },
        ],
      ],
    },
    circumstances: { list: 'challenge' },
    ...times,
  };
}

function closingPost(challenge: Challenge, standings: Standings, now: Date) {
  return {
    idempotencyKey: `challenge:${challenge.id}:closed`,
    communityId: challenge.communityId,
    thread: undefined,
    reply: { text: standingsText('challenge.closed', challenge, standings) },
    circumstances: { list: 'challenge' },
    notBefore: nextAllowedTime(
      { timeZone: isTimeZone(challenge.timeZone) ? challenge.timeZone : null, quietFrom: 22, quietTo: POST_HOUR },
      now,
      'UTC',
    ),
    expiresAt: new Date(now.getTime() + 3 * DAY),
  };
}

/** A text about a challenge with its leaderboard: the names are those that members chose to show. */
export function standingsText(key: string, challenge: Challenge, standings: Standings): Reply['text'] {
  return {
    key,
    args: {
      name: challenge.name,
      firstDay: challenge.firstDay,
      lastDay: challenge.lastDay,
      needed: challenge.daysNeeded,
      percent: challenge.percent,
      members: standings.members,
      reached: standings.reached,
      hidden: standings.hidden,
      board: standings.board.map((line) => ({ key: 'challenge.line', args: { ...line } })),
    },
  };
}
