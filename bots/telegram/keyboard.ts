import type { TelegramInlineKeyboardButton, TelegramInlineKeyboardMarkup } from '@gramio/types';
import { localised, render } from '../../core/language/render.ts';
import type { Button, Language } from '../../core/language/reply.ts';
import type { Presses } from '../press/presses.ts';

/** Bytes of what a button sends back. */
const DATA_BYTES = 64;
/** Telegram takes no more under one message. */
const MOST_BUTTONS = 100;
const MOST_IN_A_ROW = 8;
const LONGEST_LABEL = 100;
/** Latin letters that a row shows on a phone before labels are cut; a Chinese one, a star or an emoji takes two. */
const ROW_WIDTH = 40;
const PADDING = 2;

/** What the buttons that turn pages send back: no button id of ours begins so. */
const PAGE = '#';

export type Keyboard = TelegramInlineKeyboardMarkup;

/** Rows of buttons, long ones broken so that their labels can be read. @returns undefined without buttons. */
export async function keyboardOf(
  rows: readonly (readonly Button[])[],
  language: Language,
  presses: Presses,
  more: TelegramInlineKeyboardButton[][] = [],
): Promise<Keyboard | undefined> {
  const buttons = rows.flat();
  const pressed = buttons.filter(({ url }) => url === undefined).map(({ id }) => id);
  const shown = pressed.length > 0 ? await presses.shorten(pressed, DATA_BYTES) : new Map<string, string>();
  let left = MOST_BUTTONS - more.flat().length;
  const keyboard = rows.flatMap((row) => {
    const kept = row.slice(0, left).map((button) => asButton(button, language, shown));
    left -= kept.length;
    return inRows(kept);
  });
  keyboard.push(...more);
  return keyboard.length > 0 ? { inline_keyboard: keyboard } : undefined;
}

export function labelOf({ label, id }: Button, language: Language): string {
  const words = 'key' in label || 'template' in label ? render(label, language) : (localised(label, language) ?? '');
  return Array.from(words.trim() || id)
    .slice(0, LONGEST_LABEL)
    .join('');
}

function asButton(
  button: Button,
  language: Language,
  shown: ReadonlyMap<string, string>,
): TelegramInlineKeyboardButton {
  const text = labelOf(button, language);
  if (button.url !== undefined) return { text, url: button.url };
  return { text, callback_data: shown.get(button.id) ?? button.id };
}

function inRows(row: TelegramInlineKeyboardButton[]): TelegramInlineKeyboardButton[][] {
  const widest = Math.max(...row.map(({ text }) => widthOf(text))) + PADDING;
  const width = Math.max(1, Math.min(MOST_IN_A_ROW, Math.floor(ROW_WIDTH / widest)));
  if (row.length <= width) return row.length > 0 ? [row] : [];
  // Of even length: five buttons of which four fit stand as three and two.
  const each = Math.ceil(row.length / Math.ceil(row.length / width));
  const rows: TelegramInlineKeyboardButton[][] = [];
  for (let at = 0; at < row.length; at += each) rows.push(row.slice(at, at + each));
  return rows;
}

const widthOf = (label: string): number =>
  Array.from(label, (letter) =>
    /[\u2600-\u27bf\u2e80-\uffef\u{1f000}-\u{1faff}]/u.test(letter) ? 2 : 1,
  ).reduce<number>((sum, one) => sum + one, 0);

/** ◀ 2/5 ▶, without the arrow that leads nowhere. */
export function turners(page: number, pages: number): TelegramInlineKeyboardButton[][] {
  const to = (text: string, index: number) => ({ text, callback_data: `${PAGE}${index}` });
  return [
    [
      ...(page > 0 ? [to('◀', page - 1)] : []),
      to(`${page + 1}/${pages}`, page),
      ...(page < pages - 1 ? [to('▶', page + 1)] : []),
    ],
  ];
}

/** @returns the page that a button turns to; undefined for other buttons. */
export function pageOf(data: string): number | undefined {
  const found = /^#(\d{1,3})$/.exec(data);
  return found ? Number(found[1]) : undefined;
}

/** Without the buttons that open an address, for when Telegram refuses one. */
export function withoutLinks(keyboard: Keyboard): Keyboard | undefined {
  const rows = keyboard.inline_keyboard.map((row) => row.filter((button) => button.url === undefined));
  const kept = rows.filter((row) => row.length > 0);
  return kept.length > 0 ? { inline_keyboard: kept } : undefined;
}
