/** What is done with an update, by its kind. */

import type { TelegramUpdate } from '@gramio/types';
import { errorText } from '../../core/numerics/error-text.ts';
import { say } from '../conversation/say.ts';
import type { Work } from '../update/intake.ts';
import { tell } from './answer.ts';
import { TelegramFailure } from './failure.ts';
import { takeMessage, type MessageDesk } from './messages.ts';
import type { Destination } from './outlet.ts';
import { takePresence } from './presence.ts';
import { takePollAnswer, takePress, takeReaction } from './presses.ts';
import { localeOf, topicOf } from './turn.ts';

/**
 * Answers one update. A failure is told to the person in a sentence and to the log without their
 * data; only what may pass by itself is thrown, to be tried again, and what tells of money.
 */
export async function receive(desk: MessageDesk, work: Work): Promise<void> {
  const update = work.payload as TelegramUpdate;
  try {
    await take(desk, update, work);
  } catch (error) {
    if (error instanceof TelegramFailure && (error.kind === 'temporary' || error.kind === 'rate-limited')) throw error;
    if (update.message?.successful_payment ?? update.message?.refunded_payment) throw error;
    desk.services.log(`A Telegram update failed: ${errorText(error)}`);
    const to = placeOf(update);
    if (to) await tell(desk, to, [say('error')], localeOf((update.message ?? update.callback_query)?.from), work);
  }
}

async function take(desk: MessageDesk, update: TelegramUpdate, work: Work): Promise<void> {
  if (update.message) await takeMessage(desk, update.message, work);
  else if (update.callback_query) await takePress(desk, update.callback_query, work);
  else if (update.message_reaction) await takeReaction(desk, update.message_reaction, work);
  else if (update.poll_answer) await takePollAnswer(desk, update.poll_answer, work);
  else if (update.my_chat_member) await takePresence(desk, update.my_chat_member, work);
  else if (update.chosen_inline_result) await desk.inline.chosen(update.chosen_inline_result);
  else if (update.pre_checkout_query) await desk.payments.preCheckout(update.pre_checkout_query);
}

/** Where somebody waits for an answer. */
function placeOf({ message, callback_query: press }: TelegramUpdate): Destination | undefined {
  const asked = message ?? press?.message;
  return asked && { chat: String(asked.chat.id), topic: topicOf(asked) };
}
