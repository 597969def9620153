/** What an update says, as the beginning of a turn. Pure: who it is and what is known is looked up elsewhere. */

import type { TelegramChat, TelegramMaybeInaccessibleMessage, TelegramMessage, TelegramUser } from '@gramio/types';
import type { Language } from '../../core/language/reply.ts';
import { commands } from '../conversation/commands.ts';

/** Telegram's stand-in for an admin who hides behind the group. */
const ANONYMOUS_ADMIN = 1_087_968_824;

/** Who spoke or pressed. */
export interface Sender {
  /** Chat of the learner's address: a private chat has its person's number. */
  chat: string;
  locale: Language;
  name: string | undefined;
  /** An admin who hides behind the group: nobody in particular. */
  anonymous: boolean;
}

/** @returns undefined for bots, and channels that speak in a group. */
export function senderOf(user: TelegramUser | undefined, chat: TelegramChat, as?: TelegramChat): Sender | undefined {
  if (!user) return undefined;
  if (user.id === ANONYMOUS_ADMIN && as?.id === chat.id)
    return { chat: `${chat.id}/admin`, locale: localeOf(user), name: undefined, anonymous: true };
  if (user.is_bot) return undefined;
  const name = [user.first_name, user.last_name].filter(Boolean).join(' ').trim();
  return { chat: String(user.id), locale: localeOf(user), name: name || undefined, anonymous: false };
}

export const localeOf = (user: TelegramUser | undefined): Language =>
  user?.language_code?.toLowerCase().startsWith('zh') ? 'zh' : 'en';

export const isGroup = (chat: TelegramChat): boolean => chat.type === 'group' || chat.type === 'supergroup';

/** The forum topic of a message; threads of mere replies are none. */
export const topicOf = (message: TelegramMaybeInaccessibleMessage | undefined): number | undefined =>
  message && 'is_topic_message' in message ? message.message_thread_id : undefined;

const knownCommands = new Set(commands.map(({ name }) => name));

/** What is said to the bot: the text without its own name. */
export interface Said {
  text: string;
  /** Name of the command, if it is one. */
  command?: string;
}

/**
 * What a message says to the bot.
 *
 * @param me the bot.
 * @returns undefined when it is not meant for the bot: another bot's command, and in a group
 *   what neither names nor answers the bot nor is a command of ours.
 */
export function saidTo(me: TelegramUser, message: TelegramMessage): Said | undefined {
  const text = message.text ?? message.caption ?? '';
  const [, name, bot, rest = ''] = /^\/([a-z0-9_]+)(?:@(\w+))?(?=\s|$)([^]*)$/i.exec(text) ?? [];
  if (name !== undefined) {
    const command = name.toLowerCase();
    // Whoever writes to the bot alone means it, whatever name they put.
    if (isGroup(message.chat) && bot !== undefined && !isName(me, bot)) return undefined;
    if (isGroup(message.chat) && bot === undefined && !knownCommands.has(command)) return undefined;
    return { text: `/${command}${rest}`, command };
  }
  const plain = withoutName(me, text);
  if (!isGroup(message.chat)) return { text: plain };
  const names = plain !== text || namesUs(me, message);
  const answers = message.reply_to_message?.from?.id === me.id;
  return names || answers ? { text: plain } : undefined;
}

const isName = (me: TelegramUser, name: string): boolean => name.toLowerCase() === me.username?.toLowerCase();

function withoutName(me: TelegramUser, text: string): string {
  if (me.username === undefined || !text.includes('@')) return text;
  const named = new RegExp(`@${me.username}(?!\\w)`, 'gi');
  return named.test(text)
    ? text
        .replace(named, ' ')
        .replaceAll(/[ \t]+/g, ' ')
        .trim()
    : text;
}

/** A mention of a bot by its shown name, without `@`. */
const namesUs = (me: TelegramUser, { entities = [], caption_entities: more = [] }: TelegramMessage): boolean =>
  [...entities, ...more].some((entity) => entity.type === 'text_mention' && entity.user?.id === me.id);

const MEDIA = [
  'photo',
  'video',
  'audio',
  'voice',
  'video_note',
  'animation',
  'sticker',
  'document',
  'location',
  'venue',
  'contact',
  'dice',
  'poll',
  'story',
  'game',
  'paid_media',
  'checklist',
] as const satisfies readonly (keyof TelegramMessage)[];

/** Something that somebody sent, and not a note of Telegram's own about the chat. */
export const isSent = (message: TelegramMessage): boolean =>
  message.text !== undefined || MEDIA.some((kind) => message[kind] !== undefined);

/** A message that waited this long is dated as it was sent. */
const LATE_MS = 60_000;

/** When something was done: now, unless the update waited for us. Telegram dates to the second only. */
export function timeOf(seconds: number | undefined, now: Date): Date {
  const sent = seconds === undefined ? undefined : new Date(seconds * 1000);
  return sent && now.getTime() - sent.getTime() > LATE_MS ? sent : now;
}
