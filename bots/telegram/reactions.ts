import type { TelegramMessageReactionUpdated, TelegramReactionType } from '@gramio/types';

/** What a reaction says of a course. */
export type Feeling = 'like' | 'love' | 'dislike' | 'none';

const MEANING: Record<Exclude<Feeling, 'none'>, string> = {
  love: '❤ 😍 🥰 💘 ❤‍🔥 🤩 🏆 💯',
  like: '👍 🔥 👏 🎉 ⚡ 😁 🙏 👌 🤝 🤗 🆒 😎 🤓 🕊 🍾 💋 🫡 😇',
  dislike: '👎 💩 🤮 🤬 😡 🥱 🖕 💔 🤡',
};
const feelings = new Map(
  Object.entries(MEANING).flatMap(([feeling, emoji]) =>
    emoji.split(' ').map((one) => [bare(one), feeling as Feeling] as const),
  ),
);

/** @returns what is felt now; undefined for a change among reactions that say nothing of liking. */
export function feelingOf({
  old_reaction: before,
  new_reaction: after,
}: TelegramMessageReactionUpdated): Feeling | undefined {
  const now = strongest(after);
  if (now) return now;
  return strongest(before) ? 'none' : undefined;
}

function strongest(reactions: readonly TelegramReactionType[]): Feeling | undefined {
  const found = new Set(
    reactions.flatMap((one) => (one.type === 'emoji' ? (feelings.get(bare(one.emoji)) ?? []) : [])),
  );
  return (['dislike', 'love', 'like'] as const).find((feeling) => found.has(feeling));
}

/** Without the mark that asks for colours: some clients send it, others do not. */
function bare(emoji: string): string {
  return emoji.replaceAll('\uFE0F', '');
}
