import { decodePress } from '../../../core/language/reply.ts';
import type { ChatMessage } from '../message.ts';

type Buttons = NonNullable<ChatMessage['buttons']>;

/** A course message: its first line is the title, a second one with ` · ` the facts. */
export function courseParts(text: string): { title: string; facts: string[]; rest: string } {
  const [title = '', ...lines] = text.split('\n');
  const facts = lines[0]?.includes(' · ') ? lines.shift()!.split(' · ') : [];
  return { title, facts, rest: lines.join('\n').trim() };
}

/** Buttons in the order given; those that rate one course from 1 to 5 form a row of stars. */
export function buttonParts(buttons: Buttons): ({ stars: Buttons } | { button: Buttons[number] })[] {
  const parts: ({ stars: Buttons } | { button: Buttons[number] })[] = [];
  for (let at = 0; at < buttons.length;) {
    const five = buttons.slice(at, at + 5);
    const presses = five.map(({ id }) => decodePress(id));
    if (
      five.length === 5 &&
      presses.every((press, index) => press?.action === 'rate' && press.value === String(index + 1))
    ) {
      parts.push({ stars: five });
      at += 5;
    } else {
      parts.push({ button: buttons[at]! });
      at += 1;
    }
  }
  return parts;
}

/** Plain text with its web addresses apart. */
export function linkParts(text: string): { text: string; link: boolean }[] {
  return text
    .split(/(https?:\/\/[^\s<>"'，。；、（）]+[^\s<>"'，。；、（）.,;:!?)])/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, link: /^https?:\/\//.test(part) }));
}
