/** Buttons found again by their words: who types what a button says has pressed it. */

import { render } from '../../core/language/render.ts';
import type { Button, Language, Reply, Text } from '../../core/language/reply.ts';

/** Labels that are words for an act; a topic or a title is also what one may ask for. */
const ACT = /^(?:button|goal|level|language)\./;

/** Button ids by label; a label that stands under several courses names none of them. */
export function offeredBy(replies: readonly Reply[], language: Language): Record<string, string> {
  const offered = new Map<string, string | undefined>();
  for (const { id, label } of replies.flatMap(({ buttons = [] }) => buttons.flat())) {
    if (!isText(label) || !('key' in label) || !ACT.test(label.key)) continue;
    const words = plain(render(label, language));
    offered.set(words, offered.has(words) ? undefined : id);
  }
  return Object.fromEntries([...offered].filter((each): each is [string, string] => each[1] !== undefined));
}

/** The button that the words say, if it is on offer. */
export function offeredAs(offered: Readonly<Record<string, string>>, text: string): string | undefined {
  const label = plain(text);
  return Object.hasOwn(offered, label) ? offered[label] : undefined;
}

const isText = (label: Button['label']): label is Text => 'key' in label || 'template' in label;

/** "Pay (sandbox)" is said "pay". */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[(（][^)）]*[)）]/g, '')
    .replace(/[\s?？!！。.，,“”"]+/gu, ' ')
    .trim();
}
