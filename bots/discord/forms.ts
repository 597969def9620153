/** Forms (modals) for what has to be written where the bot reads no messages. */

import { ComponentType, TextInputStyle, type APIModalInteractionResponseCallbackData } from 'discord.js';
import { render } from '../../core/language/render.ts';
import { decodePress, encodePress, type Button, type Language, type Reply } from '../../core/language/reply.ts';
import type { Turn } from '../conversation/turn.ts';

const formNames = ['search', 'ask', 'code', 'talk', 'answer'] as const;
export type FormName = (typeof formNames)[number];

export interface Form {
  name: FormName;
  /** What the words will be about: the number of the question that is answered. */
  about?: string;
}

const FORM = '@form:';
const LONGEST = 1000;
/** Longest title and label of a form. */
const LONGEST_NAME = 45;

/** A form that asks for words. Its texts stand in the catalogues as `discord.form.<name>…`. */
export function form({ name, about }: Form, language: Language): APIModalInteractionResponseCallbackData {
  const short = name === 'search' || name === 'code';
  return {
    custom_id: FORM + [name, about].filter((part) => part !== undefined).join(':'),
    title: render({ key: `discord.form.${name}` }, language).slice(0, LONGEST_NAME),
    components: [
      {
        type: ComponentType.Label,
        label: render({ key: `discord.form.${name}.label` }, language).slice(0, LONGEST_NAME),
        component: {
          type: ComponentType.TextInput,
          custom_id: 'words',
          style: short ? TextInputStyle.Short : TextInputStyle.Paragraph,
          min_length: 1,
          max_length: short ? 120 : LONGEST,
          required: true,
        },
      },
    ],
  };
}

/** What a filled form asks for; undefined for a form that we have not (any more). */
export function submitted(id: string, words: string, language: Language): Turn['input'] | undefined {
  const [start, about] = id.startsWith(FORM) ? id.slice(FORM.length).split(':') : [];
  const name = formNames.find((each) => each === start);
  if (!name) return undefined;
  if (name === 'talk') return { text: words };
  if (name === 'code') return { text: render({ key: 'discord.form.code.said', args: { code: words } }, language) };
  if (name === 'answer') return { press: encodePress({ action: name, value: `${about} ${words}` }) };
  return { press: encodePress({ action: name, value: words }) };
}

/**
 * The form that a press opens in place of a question that nobody could answer in a server; in direct
 * messages people just write.
 */
export function formOfPress(press: string, inServer: boolean): Form | undefined {
  if (press === FORM + 'code') return { name: 'code' };
  const decoded = inServer ? decodePress(press) : undefined;
  if (!decoded || decoded.course !== undefined) return undefined;
  const { action, value } = decoded;
  if (action === 'answer')
    return value !== undefined && /^\d+$/.test(value) ? { name: 'answer', about: value } : undefined;
  return value === undefined && (action === 'search' || action === 'ask') ? { name: action } : undefined;
}

/** A list of coupons with a button to enter the code of another. */
export function withCodeButton(replies: readonly Reply[]): Reply[] {
  const last = replies.at(-1);
  if (!last) return [];
  const enter: Button = { id: `${FORM}code`, label: { key: 'discord.enter-code' } };
  return [...replies.slice(0, -1), { ...last, buttons: [...(last.buttons ?? []), [enter]] }];
}
