import type { TelegramUpdate } from '@gramio/types';

/** Kinds of updates that we ask for; reactions come only by name. */
export const KINDS = [
  'message',
  'callback_query',
  'message_reaction',
  'my_chat_member',
  'poll_answer',
  'pre_checkout_query',
  'inline_query',
  'chosen_inline_result',
] as const satisfies readonly Exclude<keyof TelegramUpdate, 'update_id'>[];

/**
 * What an update waits behind: in private its chat, in a group its person there. What Telegram awaits
 * an answer to within seconds waits behind no turn.
 */
export function lineOf(update: TelegramUpdate): string {
  const { message, callback_query: press, message_reaction: reaction, my_chat_member: member } = update;
  if (message) return lineIn(message.chat.id, message.from?.id);
  if (press) return lineIn(press.message?.chat.id ?? press.from.id, press.from.id);
  if (reaction) return lineIn(reaction.chat.id, reaction.user?.id);
  if (member) return lineIn(member.chat.id, member.from.id);
  const person = update.poll_answer?.user?.id;
  if (person !== undefined) return String(person);
  const payer = update.pre_checkout_query?.from.id;
  return payer === undefined ? `update ${update.update_id}` : `payment ${payer}`;
}

const lineIn = (chat: number, person: number | undefined): string =>
  person === undefined || chat === person ? String(chat) : `${chat}/${person}`;
