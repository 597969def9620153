/** Which replies make one message of a platform. */

import type { Reply } from '../../core/language/reply.ts';

/** One reply, or the items of a list that are shown one at a time with buttons to turn, under the words that open it. */
export type Message = { reply: Reply } | { intro?: Reply; pages: Reply[] };

/** A list of fewer has nothing to turn. */
const FEWEST_PAGES = 2;

/** Consecutive replies of one list become the pages of one message; every reply stands in exactly one message, in order. */
export function groupReplies(replies: readonly Reply[]): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < replies.length;) {
    const pages = listFrom(replies, at);
    if (pages.length < FEWEST_PAGES) messages.push({ reply: replies[at++]! });
    else {
      const intro = introOf(messages.at(-1));
      if (intro) messages.pop();
      messages.push({ ...(intro && { intro }), pages });
      at += pages.length;
    }
  }
  return messages;
}

function listFrom(replies: readonly Reply[], from: number): Reply[] {
  const list = replies[from]!.list;
  if (list === undefined) return [];
  let to = from + 1;
  while (replies[to]?.list === list) to++;
  return replies.slice(from, to);
}

/** Words alone: what has buttons, a picture or a course of its own is a message of its own. */
function introOf(message: Message | undefined): Reply | undefined {
  if (!message || !('reply' in message)) return undefined;
  const { text, ...rest } = message.reply;
  return Object.keys(rest).length === 0 ? { text } : undefined;
}
