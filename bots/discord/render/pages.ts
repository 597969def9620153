/** A list shown one at a time: buttons to turn, and a menu to jump. */

import { ButtonStyle, ComponentType, type APIButtonComponent, type APIStringSelectComponent } from 'discord.js';
import { render } from '../../../core/language/render.ts';
import type { Language, Reply } from '../../../core/language/reply.ts';
import type { Row } from './components.ts';
import { plainTitle } from './course.ts';
import { cut, limits } from './limits.ts';

const TURN = '@page:';
/** Id of the menu; its values are pages. */
const JUMP = '@page';

/** Rows that turning takes. */
export const TURNING_ROWS = 2;

/** The page that a press turns to; undefined for presses that do something else. */
export function turnsTo(press: string): number | undefined {
  return press.startsWith(TURN) ? Number(press.slice(TURN.length).split(':', 1)[0]) : undefined;
}

export function turningRows(pages: readonly Reply[], at: number, language: Language): Row[] {
  const last = pages.length - 1;
  const turn = (label: string, to: number, disabled: boolean, mark: string): APIButtonComponent => ({
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label,
    custom_id: `${TURN}${to}:${mark}`,
    disabled,
  });
  const menu: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: JUMP,
    placeholder: cut(render({ key: 'discord.jump' }, language), limits.placeholder),
    options: pages.slice(0, limits.options).map((page, index) => ({
      label: cut(
        `${index + 1}. ${plainTitle(page, language, limits.optionLabel) ?? firstLine(page, language)}`,
        limits.optionLabel,
      ),
      value: `${TURN}${index}`,
      default: index === at,
    })),
  };
  return [
    {
      type: ComponentType.ActionRow,
      components: [
        turn('◀', Math.max(0, at - 1), at === 0, 'back'),
        turn(`${at + 1} / ${pages.length}`, at, true, 'here'),
        turn('▶', Math.min(last, at + 1), at === last, 'on'),
      ],
    },
    { type: ComponentType.ActionRow, components: [menu] },
  ];
}

const firstLine = (reply: Reply, language: Language): string => render(reply.text, language).split('\n', 1)[0]!.trim();
