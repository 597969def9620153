/** Messages that people send, in private and in groups. */

import type { TelegramMessage } from '@gramio/types';
import { moveCommunity } from '../../core/campaign/community/store.ts';
import { meetLearner } from '../../core/learner/store.ts';
import { say } from '../conversation/say.ts';
import { chatInGroup, type Turn } from '../conversation/turn.ts';
import type { Work } from '../update/intake.ts';
import { converse, tell, type AnswerDesk } from './answer.ts';
import { attachmentOf, LONGEST_FILE } from './attachment.ts';
import type { Crowd } from './crowd.ts';
import type { TelegramInline, TelegramPayments } from './desk.ts';
import type { Destination } from './outlet.ts';
import { isGroup, isSent, saidTo, senderOf, timeOf, topicOf, type Said, type Sender } from './turn.ts';

export interface MessageDesk extends AnswerDesk {
  payments: TelegramPayments;
  inline: TelegramInline;
  crowd: Crowd;
}

export async function takeMessage(desk: MessageDesk, message: TelegramMessage, work: Work): Promise<void> {
  const { db } = desk.services;
  if (message.migrate_to_chat_id !== undefined) {
    await moveCommunity(db, 'telegram', String(message.chat.id), String(message.migrate_to_chat_id));
    return;
  }
  const sender = senderOf(message.from, message.chat, message.sender_chat);
  if (!sender) return;
  if (message.successful_payment || message.refunded_payment) {
    await takeMoney(desk, message, sender, work);
    return;
  }
  if (!isSent(message)) return;
  const said = saidTo(desk.me(), message);
  if (!said) return;
  if (isGroup(message.chat)) await inGroup(desk, message, sender, said, work);
  else if (message.chat.type === 'private') await inPrivate(desk, message, sender, said, work);
}

async function inPrivate(desk: MessageDesk, message: TelegramMessage, sender: Sender, said: Said, work: Work) {
  const learner = await meetLearner(desk.services.db, 'telegram', sender.chat, { reachable: true });
  const to = { chat: sender.chat, topic: topicOf(message), learnerId: learner.id };
  const attachment = await fileOf(desk, message);
  const words = wordsOf(message, said);
  if (attachment === 'unread' || (words === '' && !attachment && message.text === undefined)) {
    const language = learner.language ?? sender.locale;
    await tell(desk, to, [attachment === 'unread' ? unread() : say('telegram.media')], language, work);
    return;
  }
  const turn = turnOf(work, sender, learner.id, sender.chat, words, message.date);
  await converse(desk, { ...turn, ...(attachment && { attachment }) }, learner, to, work);
}

async function inGroup(desk: MessageDesk, message: TelegramMessage, sender: Sender, said: Said, work: Work) {
  const { db } = desk.services;
  const chat = String(message.chat.id);
  const topic = topicOf(message);
  const to: Destination = { chat, topic, answers: message.message_id };
  const learner = await meetLearner(db, 'telegram', sender.chat, { reachable: false });
  const attachment = await fileOf(desk, message);
  if (attachment === 'unread') {
    await tell(desk, to, [unread()], learner.language ?? sender.locale, work);
    return;
  }
  const group = await desk.crowd.groupOf(message.chat, sender, topic, attachment ? 'attachment' : said.command);
  const person = chatInGroup(chat, sender.anonymous ? 'admin' : sender.chat);
  const turn = turnOf(work, sender, learner.id, person, wordsOf(message, said), message.date);
  await converse(desk, { ...turn, group, ...(attachment && { attachment }) }, learner, to, work);
}

const unread = () => say('telegram.file', { kilobytes: LONGEST_FILE / 1024 });

/** @returns 'unread' for a file of a kind that is not read. */
async function fileOf({ api }: MessageDesk, { document }: TelegramMessage): Promise<Turn['attachment'] | 'unread'> {
  if (!document) return undefined;
  return (await attachmentOf(api, document)) ?? 'unread';
}

const wordsOf = ({ text, caption }: TelegramMessage, said: Said): string =>
  text === undefined && caption === undefined ? '' : said.text;

/** The part of a turn that is the same wherever it is taken. */
function turnOf(work: Work, sender: Sender, learnerId: string, chat: string, text: string, date: number): Turn {
  return {
    id: work.id,
    channel: 'telegram',
    chat,
    learnerId,
    input: { text },
    locale: sender.locale,
    ...aboutSender(sender),
    at: timeOf(date, new Date()),
  };
}

/** Of an admin who hides behind the group nothing is learned: they are several people. */
export function aboutSender({ name, anonymous }: Sender): Pick<Turn, 'displayName' | 'recordable'> {
  return { ...(name !== undefined && { displayName: name }), ...(anonymous && { recordable: false }) };
}

async function takeMoney(desk: MessageDesk, message: TelegramMessage, sender: Sender, work: Work): Promise<void> {
  const learner = await meetLearner(desk.services.db, 'telegram', sender.chat, { reachable: true });
  const language = learner.language ?? sender.locale;
  const at = new Date(message.date * 1000);
  const payer = { learner, chat: sender.chat, language, update: work.id, at };
  const { successful_payment: paid, refunded_payment: refunded } = message;
  const replies = paid ? await desk.payments.paid(paid, payer) : await desk.payments.refunded(refunded!, payer);
  if (replies.length > 0)
    await tell(desk, { chat: String(message.chat.id), learnerId: learner.id }, replies, language, work);
}
