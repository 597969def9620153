/** Choosing topics of the catalogue by buttons that are switched on and off. */

import { topicName } from '../../core/language/topic-name.ts';
import type { Button, Press } from '../../core/language/reply.ts';
import { button, eachLanguage, rows } from './say.ts';

const PAGE = 12;

/** The topics with one added or taken away; topics that the catalogue does not have are not added. */
export function toggled(chosen: readonly string[], topic: string, on: boolean, known: readonly string[]): string[] {
  const others = chosen.filter((one) => one !== topic);
  return on && known.includes(topic) ? [...others, topic] : others;
}

/**
 * Rows of topic buttons, the chosen ones ticked; the last row turns the page where there are more.
 *
 * @param press the button's action with its value: `topic+:Data` switches on, `topic-:Data` off, `page:1` turns.
 */
export function topicPicker(
  topics: readonly string[],
  chosen: readonly string[],
  page: number,
  press: (value: string) => Press,
): Button[][] {
  const pages = Math.max(1, Math.ceil(topics.length / PAGE));
  const current = page >= 0 && page < pages ? Math.floor(page) : 0;
  const buttons = topics.slice(current * PAGE, (current + 1) * PAGE).map((topic) => {
    const on = chosen.includes(topic);
    const name = topicName(topic);
    const label = on ? eachLanguage((language) => `✓ ${name[language] ?? topic}`) : name;
    return button(press(`${on ? 'topic-' : 'topic+'}:${topic}`), label);
  });
  const more = button(press(`page:${(current + 1) % pages}`), { key: 'button.topics-more' });
  return [...rows(buttons, 3), ...(pages > 1 ? [[more]] : [])];
}

/** The page on which a topic stands. */
export const pageOf = (topics: readonly string[], topic: string): number =>
  Math.max(0, Math.floor(topics.indexOf(topic) / PAGE));
