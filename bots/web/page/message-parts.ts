import { decodePress } from '../../../core/language/reply.ts';
import type { ChatMessage } from '../message.ts';
import type { Theirs } from './entries.ts';

type Buttons = NonNullable<ChatMessage['buttons']>;

/**
 * How a message looks: a card for a course that is shown, an offer for one that was pushed, a
 * bubble for words, also for words about a course.
 */
export function faceOf({ message, inbox }: Theirs): 'bubble' | 'card' | 'offer' {
  if (message.course === undefined) return 'bubble';
  if (inbox) return 'offer';
  const rates = message.buttons?.some(({ id }) => isStar(id, undefined)) ?? false;
  return message.text.includes('\n') && !rates ? 'card' : 'bubble';
}

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
    if (five.length === 5 && five.every(({ id }, index) => isStar(id, String(index + 1)))) {
      parts.push({ stars: five });
      at += 5;
    } else {
      parts.push({ button: buttons[at]! });
      at += 1;
    }
  }
  return parts;
}

/** The one button that buys, where there is one: it stands out among the others. */
export function purchaseButton(buttons: Buttons): string | undefined {
  const of = (action: string) => buttons.find(({ id }) => decodePress(id)?.action === action)?.id;
  return of('pay') ?? of('buy');
}

/** A letter for the cover: of the course's name where the words quote it. */
export function initialOf(text: string): string {
  const name = /[“《](.+?)[”》]/.exec(text)?.[1] ?? text;
  // 一 looks like a line and says nothing.
  return (/[\p{L}\p{N}]/u.exec(name.replaceAll('一', ''))?.[0] ?? '').toUpperCase();
}

function isStar(id: string, stars: string | undefined): boolean {
  const press = decodePress(id);
  return press?.action === 'rate' && press.value !== undefined && (stars === undefined || press.value === stars);
}

const address = /(https?:\/\/[^\s<>"'，。；、（）]+[^\s<>"'，。；、（）.,;:!?)]|(?<![\w/])\/api\/export\b)/;

/** Plain text with its web addresses, and the one of the export, apart. */
export function linkParts(text: string): { text: string; link: boolean }[] {
  return text
    .split(address)
    .filter((part) => part !== '')
    .map((part) => ({ text: part, link: address.test(part) }));
}
