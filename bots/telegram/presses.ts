/** What people do under the bot's own messages: press, turn, react, answer a quiz. */

import type {
  TelegramCallbackQuery,
  TelegramMaybeInaccessibleMessage,
  TelegramMessage,
  TelegramMessageReactionUpdated,
  TelegramPollAnswer,
} from '@gramio/types';
import { render } from '../../core/language/render.ts';
import { encodePress } from '../../core/language/reply.ts';
import { meetLearner } from '../../core/learner/store.ts';
import { chatInGroup, type Turn } from '../conversation/turn.ts';
import { findSent, keepSent } from '../message/store.ts';
import type { Work } from '../update/intake.ts';
import { converse } from './answer.ts';
import { page } from './compose.ts';
import { TelegramFailure } from './failure.ts';
import { pageOf, type Keyboard } from './keyboard.ts';
import { aboutSender, type MessageDesk } from './messages.ts';
import type { Destination } from './outlet.ts';
import { feelingOf } from './reactions.ts';
import { findPoll } from './store.ts';
import { isGroup, senderOf, timeOf, topicOf } from './turn.ts';

export async function takePress(desk: MessageDesk, query: TelegramCallbackQuery, work: Work): Promise<void> {
  const { db } = desk.services;
  const { message, data, from } = query;
  const sender = senderOf(from, message?.chat ?? { id: from.id, type: 'private' });
  // Telegram shows that it waits until the press is answered; a late answer is refused, and changes nothing.
  if (!message || data === undefined || !sender) return answerPress(desk, query.id);
  const learner = await meetLearner(db, 'telegram', sender.chat, { reachable: message.chat.type === 'private' });
  const index = pageOf(data);
  if (index !== undefined) return turnPage(desk, query.id, message, index, learner.language ?? sender.locale);
  void answerPress(desk, query.id);
  const press = (await desk.composer.presses.expand(data)) ?? data;
  const chat = String(message.chat.id);
  const topic = topicOf(wholeOf(message));
  const common = {
    id: work.id,
    channel: 'telegram',
    learnerId: learner.id,
    input: { press },
    locale: sender.locale,
  } as const;
  const turn: Turn = { ...common, ...aboutSender(sender), chat, at: new Date() };
  const pressed = {
    message: message.message_id,
    data,
    keyboard: wholeOf(message)?.reply_markup as Keyboard | undefined,
  };
  if (!isGroup(message.chat)) {
    await converse(desk, turn, learner, { chat, topic, learnerId: learner.id }, work, pressed);
    return;
  }
  const group = await desk.crowd.groupOf(message.chat, sender, topic, press);
  const to: Destination = { chat, topic, answers: message.message_id };
  await converse(desk, { ...turn, chat: chatInGroup(chat, sender.chat), group }, learner, to, work);
}

const wholeOf = (message: TelegramMaybeInaccessibleMessage): TelegramMessage | undefined =>
  message.date === 0 ? undefined : message;

async function answerPress({ api }: MessageDesk, id: string, text?: string): Promise<void> {
  await api.call('answerCallbackQuery', { callback_query_id: id, ...(text !== undefined && { text }) }).catch(() => {
    // Older than Telegram remembers: nobody waits any more.
  });
}

/** Shows another page in the same message; presses that come late or twice show what they ask for, and no more. */
async function turnPage(
  desk: MessageDesk,
  query: string,
  message: TelegramMaybeInaccessibleMessage,
  index: number,
  language: 'zh' | 'en',
): Promise<void> {
  const { api, composer, services } = desk;
  const chat = String(message.chat.id);
  const sent = await findSent(services.db, 'telegram', chat, String(message.message_id));
  const gone = () => answerPress(desk, query, render({ key: 'telegram.page-gone' }, language));
  if (!sent?.pages?.[index]) return gone();
  const { text, keyboard, shown } = await page(composer, sent.pages, index, language);
  try {
    await api.call('editMessageText', {
      chat_id: chat,
      message_id: message.message_id,
      text,
      link_preview_options: { is_disabled: true },
      ...(keyboard && { reply_markup: keyboard }),
    });
  } catch (error) {
    if (!(error instanceof TelegramFailure) || error.kind !== 'permanent') throw error;
    return /not modified/i.test(error.reason) ? answerPress(desk, query) : gone();
  }
  const { course, ref } = shown ?? {};
  await Promise.all([keepSent(services.db, { ...sent, course, ref }), answerPress(desk, query)]);
}

/** Silent: a reaction is no question. */
export async function takeReaction(
  { services }: MessageDesk,
  reaction: TelegramMessageReactionUpdated,
  work: Work,
): Promise<void> {
  const { db, conversation } = services;
  const value = feelingOf(reaction);
  const sender = senderOf(reaction.user, reaction.chat);
  if (!value || !sender) return;
  const chat = String(reaction.chat.id);
  const sent = await findSent(db, 'telegram', chat, String(reaction.message_id));
  if (sent?.course === undefined) return;
  const inPrivate = reaction.chat.type === 'private';
  const learner = await meetLearner(db, 'telegram', sender.chat, { reachable: inPrivate });
  const { course, ref } = sent;
  await conversation.handle({
    id: work.id,
    channel: 'telegram',
    chat: inPrivate ? chat : chatInGroup(chat, sender.chat),
    learnerId: learner.id,
    input: { press: encodePress({ action: 'react', course, value, ...(ref !== undefined && { ref }) }) },
    locale: sender.locale,
    at: timeOf(reaction.date, new Date()),
  });
}

export async function takePollAnswer(
  desk: MessageDesk,
  { poll_id: id, user, option_ids: [option] }: TelegramPollAnswer,
  work: Work,
): Promise<void> {
  const poll = option === undefined ? undefined : await findPoll(desk.services.db, id);
  const press = poll?.presses[option!];
  const sender = user && poll && senderOf(user, { id: user.id, type: 'private' });
  // A quiz is one person's: what others answer to a copy of it says nothing of them here.
  if (!press || !sender || sender.chat !== poll.chat) return;
  const learner = await meetLearner(desk.services.db, 'telegram', sender.chat, { reachable: true });
  const turn: Turn = {
    id: work.id,
    channel: 'telegram',
    chat: poll.chat,
    learnerId: learner.id,
    input: { press },
    locale: sender.locale,
    ...aboutSender(sender),
    at: new Date(),
  };
  await converse(desk, turn, learner, { chat: poll.chat, learnerId: learner.id }, work);
}
