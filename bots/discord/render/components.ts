import {
  ButtonStyle,
  ComponentType,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInMessageActionRow,
  type APIStringSelectComponent,
} from 'discord.js';
import { render } from '../../../core/language/render.ts';
import { decodePress, type Button, type Language } from '../../../core/language/reply.ts';
import type { Presses } from '../../press/presses.ts';
import { limits } from './limits.ts';
import { labelOf } from './words.ts';

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

/** Ids of menus begin so; no button id of ours does, see `encodePress`. */
const MENU = '@menu:';

/** How a button looks, by what it does; grey where nothing is said. */
const styles: Readonly<Record<string, ButtonStyle.Success | ButtonStyle.Danger | ButtonStyle.Primary>> = {
  buy: ButtonStyle.Success,
  recommend: ButtonStyle.Primary,
  'erase-confirm': ButtonStyle.Danger,
};

/**
 * Rows of buttons in at most `most` rows of Discord's: rows that are too long are broken, and what
 * fits on no row stands in a menu.
 */
export async function rowsOf(
  rows: readonly (readonly Button[])[],
  language: Language,
  presses: Presses,
  most: number = limits.rows,
): Promise<Row[]> {
  const seen = new Set<string>();
  const fresh = rows.map((row) => row.filter((button) => isFresh(button, seen))).filter((row) => row.length > 0);
  const shown = await presses.shorten(
    fresh.flat().map((button) => button.id),
    limits.customId,
  );
  const broken = fresh.flatMap((row) => chunks(row, limits.buttonsInRow));
  const fitting = broken.length <= most ? broken : chunks(fresh.flat(), limits.buttonsInRow);
  if (fitting.length <= most) return fitting.map((row) => buttonRow(row, language, shown));
  const menus = chunks(fresh.flat(), limits.options).slice(0, most);
  return menus.map((buttons, at) => menuRow(`${MENU}${at}`, buttons, language, shown));
}

/** Discord refuses two buttons of one id on one message. */
function isFresh({ id, url }: Button, seen: Set<string>): boolean {
  const key = url ?? id;
  return !seen.has(key) && Boolean(seen.add(key));
}

function buttonRow(buttons: readonly Button[], language: Language, shown: ReadonlyMap<string, string>): Row {
  return { type: ComponentType.ActionRow, components: buttons.map((button) => asButton(button, language, shown)) };
}

function asButton(button: Button, language: Language, shown: ReadonlyMap<string, string>): APIButtonComponent {
  const label = labelOf(button, language);
  if (button.url !== undefined) return { type: ComponentType.Button, style: ButtonStyle.Link, label, url: button.url };
  const style = styles[decodePress(button.id)?.action ?? ''] ?? ButtonStyle.Secondary;
  return { type: ComponentType.Button, style, label, custom_id: shown.get(button.id)! };
}

function menuRow(id: string, buttons: readonly Button[], language: Language, shown: ReadonlyMap<string, string>): Row {
  const menu: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: id,
    placeholder: render({ key: 'discord.choose' }, language),
    options: buttons
      .filter((button) => button.url === undefined)
      .map((button) => ({ label: labelOf(button, language, limits.optionLabel), value: shown.get(button.id)! })),
  };
  return { type: ComponentType.ActionRow, components: [menu] };
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  const made: T[][] = [];
  for (let at = 0; at < items.length; at += size) made.push(items.slice(at, at + size));
  return made;
}
