/** Where the bot is let in and thrown out: by people, and by groups. */

import type { TelegramChatMember, TelegramChatMemberUpdated } from '@gramio/types';
import { recordEvents } from '../../core/behaviour/store.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import { leaveCommunity, meetCommunity } from '../../core/campaign/community/store.ts';
import { recordOutcome } from '../../core/campaign/message/store.ts';
import { mayRecord } from '../../core/learner/consent.ts';
import { learnerAt, markReachable, markUnreachable } from '../../core/learner/store.ts';
import { say } from '../conversation/say.ts';
import type { Work } from '../update/intake.ts';
import { tell, type AnswerDesk } from './answer.ts';
import { lastPush } from './store.ts';
import { isGroup, localeOf, timeOf } from './turn.ts';

/** A block within this time is an answer to what was sent. */
const ANSWER_MS = 7 * 24 * 3_600_000;

export async function takePresence(
  desk: AnswerDesk,
  { chat, from, date, old_chat_member: before, new_chat_member: after }: TelegramChatMemberUpdated,
  work: Work,
): Promise<void> {
  const { db } = desk.services;
  const address = { channel: 'telegram', chat: String(chat.id) } as const;
  if (chat.type === 'private') {
    if (isIn(after)) await markReachable(db, address);
    else await blocked(desk, address.chat, timeOf(date, new Date()), work);
    return;
  }
  if (!isIn(after)) {
    await leaveCommunity(db, 'telegram', address.chat);
    return;
  }
  await meetCommunity(db, { ...address, title: chat.title ?? '' });
  if (isIn(before) || !isGroup(chat)) return;
  const name = desk.me().username ?? '';
  await tell(desk, { chat: address.chat }, [say('telegram.hello', { name })], localeOf(from), work);
}

const isIn = (member: TelegramChatMember): boolean =>
  member.status !== 'left' && member.status !== 'kicked' && !(member.status === 'restricted' && !member.is_member);

async function blocked({ services: { db } }: AnswerDesk, chat: string, at: Date, work: Work): Promise<void> {
  await markUnreachable(db, { channel: 'telegram', chat });
  const learner = await learnerAt(db, 'telegram', chat);
  if (!learner || !mayRecord(learner)) return;
  const message = await lastPush(db, learner.id, new Date(at.getTime() - ANSWER_MS));
  await recordEvents(db, [
    {
      idempotencyKey: eventKey('block', 'telegram', work.id),
      learnerId: learner.id,
      courseId: null,
      type: 'block',
      value: null,
      occurredAt: at,
      channel: 'telegram',
      circumstances: message === undefined ? {} : { message },
    },
  ]);
  if (message !== undefined)
    await recordOutcome(db, { messageId: message, learnerId: learner.id, outcome: 'blocked', at });
}
