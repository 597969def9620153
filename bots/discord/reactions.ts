/** Reactions to the bot's own course messages; others are not looked at. */

import { encodePress } from '../../core/language/reply.ts';
import { findSent } from '../message/store.ts';
import type { Desk } from './desk.ts';
import { takeTurn } from './turns.ts';
import { type ReactionUpdate } from './update.ts';

type Feeling = 'love' | 'like' | 'dislike';

const feelings: readonly (readonly [Feeling, string])[] = [
  ['love', '❤ ❤️ 😍 🥰 💖 💕 💗 💛 💚 💙 💜 🧡 ♥ ♥️ 🔥 🤩 💯 🏆 ⭐ 🌟'],
  ['like', '👍 👏 🙌 😀 😃 😄 😊 🙂 🎉 👌 ✅ 💪 🙏 😁 ➕'],
  ['dislike', '👎 😠 😡 🤮 💩 😞 🙁 ☹ ☹️ 😒 ❌ 🥱 ➖'],
];
const byEmoji = new Map(feelings.flatMap(([feeling, emoji]) => emoji.split(' ').map((one) => [one, feeling] as const)));

/** Skin tones do not change what is meant. */
const feelingOf = (emoji: string): Feeling | undefined => byEmoji.get(emoji.replace(/\p{Emoji_Modifier}/u, ''));

/** Whether a reaction says something about a course that we showed: only then is it kept. */
export async function concernsCourse({ services }: Desk, update: ReactionUpdate): Promise<boolean> {
  if (!feelingOf(update.emoji)) return false;
  const sent = await findSent(services.db, 'discord', update.channel, update.message);
  return sent?.course !== undefined;
}

/** Counts it, without a word. */
export async function countReaction(desk: Desk, update: ReactionUpdate): Promise<void> {
  const { channel, message, emoji, added, guild, person, id } = update;
  const sent = await findSent(desk.services.db, 'discord', channel, message);
  const feeling = feelingOf(emoji);
  if (sent?.course === undefined || !feeling) return;
  const press = encodePress({
    action: 'react',
    course: sent.course,
    value: added ? feeling : 'none',
    ...(sent.ref !== undefined && { ref: sent.ref }),
  });
  await takeTurn(
    desk,
    {
      id,
      person,
      ...(guild !== undefined && { server: { guild, channel, admin: false } }),
      discreet: true,
      locale: 'en',
      at: new Date(update.at),
    },
    { input: { press } },
  );
}
