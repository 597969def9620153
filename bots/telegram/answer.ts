/** A turn from the conversation to the chat: "typing" while it takes long, then the answer. */

import type { TelegramUser } from '@gramio/types';
import type { Language, Reply } from '../../core/language/reply.ts';
import type { Learner } from '../../core/learner/learner.ts';
import { say } from '../conversation/say.ts';
import type { Turn } from '../conversation/turn.ts';
import type { Work } from '../update/intake.ts';
import { noteSent } from '../update/store.ts';
import { compose, type Composer } from './compose.ts';
import type { Desk } from './desk.ts';
import { TelegramFailure } from './failure.ts';
import type { Keyboard } from './keyboard.ts';
import { ANSWERING, type Destination, type Outlet } from './outlet.ts';

/** An answer that takes longer is announced. */
const TYPING_AFTER_MS = 400;
/** Telegram shows it for five seconds. */
const TYPING_AGAIN_MS = 4_500;

export interface AnswerDesk extends Desk {
  /** The bot, as Telegram knows it. */
  me: () => TelegramUser;
  outlet: Outlet;
  composer: Composer;
}

/** The message under which a button was pressed. */
export interface Pressed {
  message: number;
  data: string;
  keyboard: Keyboard | undefined;
}

/** Takes a turn and sends the answer; `learner` as they were when it began. */
export async function converse(
  desk: AnswerDesk,
  turn: Turn,
  learner: Learner,
  to: Destination,
  work: Work,
  pressed?: Pressed,
): Promise<void> {
  await whileTyping(desk, to, async () => {
    const { replies, learner: after } = await desk.services.conversation.handle(turn);
    // Who is erased is answered in the language that they had.
    const language = (after ?? learner).language ?? turn.locale;
    if (pressed && work.sent === 0 && (await changeInPlace(desk, replies, language, to, pressed))) return;
    await tell(desk, to, replies, language, work);
  });
}

/**
 * Sends an answer, from where a crash left it.
 *
 * @throws TelegramFailure for what may pass: the update is to be tried again.
 */
export async function tell(
  { outlet, services }: AnswerDesk,
  to: Destination,
  replies: readonly Reply[],
  language: Language,
  work: Work,
): Promise<void> {
  const sent = async (count: number) => {
    work.sent = count;
    await noteSent(services.db, 'telegram', work.id, count);
  };
  try {
    await outlet.send(to, replies, { language, from: work.sent, sent, patience: ANSWERING });
  } catch (error) {
    if (!(error instanceof TelegramFailure)) throw error;
    // Who blocked the bot, or left, is not to be answered.
    if (error.kind === 'unreachable') return;
    if (error.kind !== 'permanent') throw error;
    services.log(`An answer was refused. ${error.message}`);
    await outlet
      .send(to, [say('error')], { language, patience: ANSWERING })
      .catch((again: unknown) => services.log(`An answer was refused twice. ${(again as Error).message}`));
  }
}

/** Shows that the bot is at work, once that takes longer than people expect. */
async function whileTyping<T>({ api }: Desk, to: Destination, work: () => Promise<T>): Promise<T> {
  const type = () => {
    timer = setTimeout(type, TYPING_AGAIN_MS);
    api
      .call('sendChatAction', {
        chat_id: to.chat,
        action: 'typing',
        ...(to.topic !== undefined && { message_thread_id: to.topic }),
      })
      .catch(() => {
        // A courtesy: the answer itself will meet what is wrong.
      });
  };
  let timer = setTimeout(type, TYPING_AFTER_MS);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A press that only ticks something under its message changes that message instead of adding one.
 *
 * @returns false when the answer is another kind of message, or Telegram does not change it.
 */
async function changeInPlace(
  { api, composer }: AnswerDesk,
  replies: readonly Reply[],
  language: Language,
  to: Destination,
  pressed: Pressed,
): Promise<boolean> {
  const [reply, ...others] = replies;
  if (!reply?.buttons || others.length > 0 || !pressed.keyboard) return false;
  const [step, ...more] = await compose(composer, [reply], { language, polls: false });
  if (step?.kind !== 'text' || more.length > 0 || !isTicked(pressed.keyboard, step.keyboard, pressed.data))
    return false;
  try {
    await api.call('editMessageText', {
      chat_id: to.chat,
      message_id: pressed.message,
      text: step.text,
      link_preview_options: { is_disabled: true },
      ...(step.keyboard && { reply_markup: step.keyboard }),
    });
    return true;
  } catch (error) {
    if (error instanceof TelegramFailure && error.kind === 'permanent') return false;
    throw error;
  }
}

/** Whether both have the same buttons but for the pressed one, which says or does something else now. */
function isTicked(before: Keyboard, after: Keyboard | undefined, data: string): boolean {
  if (!after) return false;
  const labels = (keyboard: Keyboard) =>
    new Map(keyboard.inline_keyboard.flat().map((button) => [button.callback_data, button.text]));
  const was = labels(before);
  const is = labels(after);
  const others = [...was.keys()].filter((id) => id !== data);
  return (
    others.length > 1 && was.size === is.size && others.every((id) => is.has(id)) && was.get(data) !== is.get(data)
  );
}
