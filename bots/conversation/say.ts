import {
  encodePress,
  languages,
  type Button,
  type Localised,
  type Press,
  type Reply,
  type Text,
  type TextArgument,
} from '../../core/language/reply.ts';

export type Args = Readonly<Record<string, TextArgument>>;

export const text = (key: string, args?: Args): Text => (args ? { key, args } : { key });

export const button = (press: Press, label: Text | Localised): Button => ({ id: encodePress(press), label });

/** A button whose label stands in the catalogues as `button.<name>`. */
export const named = (name: string, press: Press): Button => button(press, text(`button.${name}`));

export function say(key: string, args?: Args, buttons?: readonly (readonly Button[])[]): Reply {
  return { text: text(key, args), ...(buttons && { buttons }) };
}

/** Rows of at most `width` buttons. */
export function rows(buttons: readonly Button[], width: number): Button[][] {
  const made: Button[][] = [];
  for (let i = 0; i < buttons.length; i += width) made.push(buttons.slice(i, i + width));
  return made;
}

/** The same words in every language. */
export const everywhere = (words: string): Localised => Object.fromEntries(languages.map((one) => [one, words]));

/** Words made for each language by itself. */
export const eachLanguage = (make: (language: (typeof languages)[number]) => string): Localised =>
  Object.fromEntries(languages.map((one) => [one, make(one)]));
