/** What the assistant says, as data: rendered for a language and a channel only when it is sent. */

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** The same words in the languages we have them in. */
export type Localised = Partial<Record<Language, string>>;

export type TextArgument = string | number | boolean | Localised | Text | readonly TextArgument[];

/** A text of the catalogues by key, or a manager's own Liquid template. */
export type Text =
  | { key: string; args?: Readonly<Record<string, TextArgument>> }
  | { template: Localised; args?: Readonly<Record<string, TextArgument>> };

export interface Button {
  /** What a press of it does, see `encodePress`. */
  id: string;
  label: Text | Localised;
  /** Opens this address instead of being pressed. */
  url?: string;
}

/** Interests as bars; each channel draws it its own way. `share` in [0, 1]. */
export interface Picture {
  kind: 'interests';
  title: Text;
  bars: readonly { label: string; share: number }[];
}

/** Something to keep: sent as a file where the channel can. */
export interface File {
  name: string;
  /** UTF-8. */
  content: string;
}

/** A question with one right option; a channel without quizzes shows the options as buttons. */
export interface Quiz {
  options: readonly Button[];
  /** 0-based place of the right option. */
  correct: number;
}

/** Something to pay on the channel's own way of paying. */
export interface Invoice {
  /** Our id for it; comes back with the payment. */
  id: string;
  /** What is paid for. */
  course: string;
  title: Text | Localised;
  description: Text | Localised;
  /** In the currency's minor unit. */
  amount: number;
  /** ISO 4217, or XTR for Telegram Stars. */
  currency: string;
}

export interface Reply {
  text: Text;
  /** The course that this message shows. */
  course?: string;
  /** Whether the course's picture belongs to it, where the channel shows pictures. */
  cover?: true;
  /** Name of the list that this is an item of: replies of one list may be shown one at a time, with buttons to turn. */
  list?: string;
  picture?: Picture;
  file?: File;
  quiz?: Quiz;
  invoice?: Invoice;
  /** Rows of buttons. */
  buttons?: readonly (readonly Button[])[];
}

/** What a button does. `ref` ties the press to what showed it: a slate or an outbox message. */
export interface Press {
  action: string;
  course?: string;
  value?: string;
  ref?: string;
}

const SEPARATOR = '|';

/** `action|course|value|ref`, trailing empties cut; course ids may hold any character. */
export function encodePress({ action, course = '', value = '', ref = '' }: Press): string {
  return [action, course, value, ref].map(encodeURIComponent).join(SEPARATOR).replace(/\|+$/, '');
}

/** @returns undefined for an id that no button of ours can have. */
export function decodePress(id: string): Press | undefined {
  const parts = id.split(SEPARATOR);
  if (parts.length > 4) return undefined;
  try {
    const [action, course, value, ref] = parts.map(decodeURIComponent);
    if (!action) return undefined;
    return { action, ...(course && { course }), ...(value && { value }), ...(ref && { ref }) };
  } catch {
    return undefined;
  }
}
