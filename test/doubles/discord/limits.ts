/** What Discord refuses in a message, an answer or a command, by its documentation. */

import {
  ButtonStyle,
  ComponentType,
  type APIEmbed,
  type APIModalInteractionResponseCallbackData,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import type { UploadedFile } from './multipart.ts';

/** The parts of a message that this double knows. */
export interface MessageBody {
  content?: string | null;
  embeds?: APIEmbed[] | null;
  components?: RowBody[] | null;
  attachments?: { id: string | number; filename?: string }[] | null;
  allowed_mentions?: { parse?: string[]; users?: string[]; roles?: string[] };
  flags?: number;
  nonce?: string | number;
  enforce_nonce?: boolean;
  message_reference?: { message_id: string };
}

export interface RowBody {
  type: number;
  components: ComponentBody[];
}

export interface ComponentBody {
  type: number;
  style?: number;
  label?: string;
  custom_id?: string;
  url?: string;
  disabled?: boolean;
  placeholder?: string;
  options?: { label: string; value: string; description?: string; default?: boolean }[];
}

/** What is wrong with a message, each with the path of the field; empty when it would be taken. */
export function messageProblems(body: MessageBody, files: readonly UploadedFile[], editing = false): string[] {
  const problems: string[] = [];
  const most = (path: string, value: string | null | undefined, limit: number, least = 0) => {
    if (value && value.length > limit) problems.push(`${path}: ${value.length} characters, at most ${limit}`);
    if (value !== undefined && value !== null && value.length < least) problems.push(`${path}: empty`);
  };
  most('content', body.content, 2000);
  const embeds = body.embeds ?? [];
  if (embeds.length > 10) problems.push('embeds: more than 10');
  if (sum(embeds.map(charactersOf)) > 6000) problems.push('embeds: more than 6000 characters');
  embeds.forEach((embed, at) => {
    const path = `embeds[${at}]`;
    most(`${path}.title`, embed.title, 256);
    most(`${path}.description`, embed.description, 4096);
    most(`${path}.footer.text`, embed.footer?.text, 2048);
    most(`${path}.author.name`, embed.author?.name, 256);
    if ((embed.fields ?? []).length > 25) problems.push(`${path}.fields: more than 25`);
    embed.fields?.forEach((field, index) => {
      most(`${path}.fields[${index}].name`, field.name, 256, 1);
      most(`${path}.fields[${index}].value`, field.value, 1024, 1);
    });
    if (charactersOf(embed) === 0 && !embed.image && !embed.thumbnail) problems.push(`${path}: empty`);
    if (embed.color !== undefined && !(Number.isInteger(embed.color) && embed.color >= 0 && embed.color <= 0xffffff))
      problems.push(`${path}.color: not a colour`);
    for (const { url } of [embed.image, embed.thumbnail].filter((picture) => picture !== undefined)) {
      const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
      if (name === undefined ? !/^https?:/.test(url) : !files.some((file) => file.name === name))
        problems.push(`${path}: there is no picture ${url}`);
    }
  });
  problems.push(...componentProblems(body.components ?? []));
  for (const { id, filename } of body.attachments ?? []) {
    if (filename !== undefined && !files.some((file) => file.field === `files[${id}]`))
      problems.push(`attachments: no file for ${filename}`);
  }
  if (sum(files.map((file) => file.content.length)) > 10 * 1024 * 1024) problems.push('files: more than 10 MiB');
  if (body.nonce !== undefined && String(body.nonce).length > 25) problems.push('nonce: more than 25 characters');
  const empty = !body.content && embeds.length === 0 && files.length === 0 && (body.components ?? []).length === 0;
  if (empty && !editing) problems.push('Cannot send an empty message');
  return problems;
}

/** Menus of channels, roles and people. */
const PICKERS: ReadonlySet<number> = new Set([
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.ChannelSelect,
]);

function componentProblems(rows: readonly RowBody[]): string[] {
  const problems: string[] = [];
  if (rows.length > 5) problems.push('components: more than 5 rows');
  const ids = new Set<string>();
  rows.forEach((row, at) => {
    const path = `components[${at}]`;
    if (row.type !== (ComponentType.ActionRow as number)) problems.push(`${path}: not a row`);
    if (row.components.length < 1 || row.components.length > 5)
      problems.push(`${path}: ${row.components.length} items`);
    for (const component of row.components) {
      const link = component.style === (ButtonStyle.Link as number);
      if (link ? !/^(?:https?|discord):\/\//.test(component.url ?? '') : component.url !== undefined)
        problems.push(`${path}: url of a button`);
      if (link ? component.custom_id !== undefined : !within(component.custom_id, 1, 100))
        problems.push(`${path}.custom_id: 1 to 100 characters`);
      if (component.custom_id !== undefined) {
        if (ids.has(component.custom_id)) problems.push(`${path}: Component custom id cannot be duplicated`);
        ids.add(component.custom_id);
      }
      if (component.type === (ComponentType.Button as number)) {
        if (!within(component.label, 1, 80)) problems.push(`${path}.label: 1 to 80 characters`);
        if (!within(component.style, 1, 5)) problems.push(`${path}.style`);
      } else if (component.type === (ComponentType.StringSelect as number)) {
        if (row.components.length !== 1) problems.push(`${path}: a select menu stands alone`);
        problems.push(...selectProblems(component, path));
      } else if (!PICKERS.has(component.type)) {
        problems.push(`${path}: a component of type ${component.type}`);
      }
    }
  });
  return problems;
}

function selectProblems({ options = [], placeholder }: ComponentBody, path: string): string[] {
  const problems: string[] = [];
  if (!within(options.length, 1, 25)) problems.push(`${path}.options: 1 to 25`);
  if (new Set(options.map((option) => option.value)).size < options.length)
    problems.push(`${path}.options: values repeat`);
  if (placeholder !== undefined && placeholder.length > 150) problems.push(`${path}.placeholder: more than 150`);
  for (const option of options) {
    if (!within(option.label, 1, 100) || !within(option.value, 1, 100)) problems.push(`${path}.options: 1 to 100`);
    if (option.description !== undefined && !within(option.description, 1, 100))
      problems.push(`${path}.options.description: 1 to 100`);
  }
  return problems;
}

/** What is wrong with a modal. */
export function modalProblems(modal: APIModalInteractionResponseCallbackData): string[] {
  const problems: string[] = [];
  if (!within(modal.title, 1, 45)) problems.push('title: 1 to 45 characters');
  if (!within(modal.custom_id, 1, 100)) problems.push('custom_id: 1 to 100 characters');
  if (!within(modal.components.length, 1, 5)) problems.push('components: 1 to 5');
  for (const row of modal.components) {
    const inner =
      row.type === ComponentType.ActionRow
        ? row.components[0]
        : row.type === ComponentType.Label
          ? row.component
          : undefined;
    if (inner?.type !== ComponentType.TextInput) {
      problems.push('components: not a text input');
      continue;
    }
    const label = row.type === ComponentType.Label ? row.label : inner.label;
    if (!within(label, 1, 45)) problems.push('label: 1 to 45 characters');
    if (!within(inner.custom_id, 1, 100)) problems.push('custom_id: 1 to 100 characters');
    if (inner.placeholder !== undefined && !within(inner.placeholder, 0, 100))
      problems.push('placeholder: at most 100');
    if (inner.max_length !== undefined && !within(inner.max_length, 1, 4000)) problems.push('max_length: 1 to 4000');
  }
  return problems;
}

const NAME = /^[-_ʼ\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
const LOCALES = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  ),
);

interface NamedBody {
  name: string;
  description?: string;
  name_localizations?: Record<string, string> | null;
  description_localizations?: Record<string, string> | null;
  options?: NamedBody[];
  required?: boolean;
  choices?: { name: string; value: string | number; name_localizations?: Record<string, string> | null }[];
  autocomplete?: boolean;
  type?: number;
}

/** What is wrong with a list of commands. */
export function commandProblems(commands: readonly RESTPostAPIApplicationCommandsJSONBody[]): string[] {
  const problems: string[] = [];
  if (commands.length > 100) problems.push('more than 100 commands');
  check(commands as unknown as NamedBody[], '');
  return problems;

  function check(list: readonly NamedBody[], within: string) {
    if (new Set(list.map((one) => one.name)).size < list.length) problems.push(`${within}: names repeat`);
    let optional = false;
    for (const one of list) {
      const path = `${within}/${one.name}`;
      for (const [locale, name] of [['', one.name] as const, ...Object.entries(one.name_localizations ?? {})]) {
        if (!NAME.test(name) || name !== name.toLowerCase()) problems.push(`${path}: the name "${name}" ${locale}`);
        if (locale && !LOCALES.has(locale)) problems.push(`${path}: there is no locale ${locale}`);
      }
      for (const text of [one.description ?? '', ...Object.values(one.description_localizations ?? {})])
        if (text.length < 1 || text.length > 100) problems.push(`${path}: a description of ${text.length} characters`);
      if (within !== '') {
        if (one.required && optional) problems.push(`${path}: required after optional`);
        optional ||= one.required !== true && (one.type ?? 0) > 2;
      }
      if ((one.choices?.length ?? 0) > 25) problems.push(`${path}: more than 25 choices`);
      if (one.choices && one.autocomplete) problems.push(`${path}: choices and autocomplete`);
      for (const choice of one.choices ?? []) if (!isShort(choice.name)) problems.push(`${path}: a choice's name`);
      if ((one.options?.length ?? 0) > 25) problems.push(`${path}: more than 25 options`);
      check(one.options ?? [], path);
    }
  }
}

/** What is wrong with the answer to an autocomplete. */
export function choiceProblems(choices: readonly { name: string; value: string | number }[]): string[] {
  const problems = choices.length > 25 ? ['choices: more than 25'] : [];
  for (const { name, value } of choices)
    if (!isShort(name) || (typeof value === 'string' && !isShort(value))) problems.push('choices: 1 to 100 characters');
  return problems;
}

const isShort = (text: string): boolean => text.length >= 1 && text.length <= 100;

function within(value: string | number | undefined, least: number, most: number): boolean {
  const size = typeof value === 'string' ? value.length : (value ?? -1);
  return size >= least && size <= most;
}

function charactersOf({ title, description, footer, author, fields = [] }: APIEmbed): number {
  const texts = [title, description, footer?.text, author?.name, ...fields.flatMap(({ name, value }) => [name, value])];
  return sum(texts.map((text) => text?.length ?? 0));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
