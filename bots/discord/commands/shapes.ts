/** What stands behind each slash command: options of its own where Discord has something better than words. */

import type { Press } from '../../../core/language/reply.ts';
import type { FormName } from '../forms.ts';
import type { Given } from '../update.ts';

export type OptionKind = 'text' | 'course' | 'topic' | 'number' | 'channel' | 'role' | 'file';

export interface Option {
  /** Name and description stand in the catalogues as `discord.option.<name>` and `discord.option.<name>.what`. */
  name: string;
  kind: OptionKind;
  required?: true;
  /** Of a number. */
  least?: number;
  most?: number;
  /** Values to choose from, whose words stand in the catalogues. */
  choices?: readonly { value: string; label: string }[];
}

/** What the options point at, found in the catalogue. */
export interface Found {
  course: string | undefined;
  topic: string | undefined;
}

export interface Shape {
  options?: readonly Option[];
  /** Name → options; the description stands as `discord.sub.<command>.<name>`. */
  subcommands?: Readonly<Record<string, readonly Option[]>>;
  /** What it does with the options; undefined or left out, they are the words after the command, in their order. */
  press?(given: Given, found: Found, subcommand: string | undefined): Press | undefined;
  /** What it asks for when nothing is given. */
  form?: FormName;
}

const course: Option = { name: 'course', kind: 'course' };

export const shapes: Readonly<Record<string, Shape>> = {
  recommend: {
    options: [{ name: 'topic', kind: 'topic' }],
    press: ({ topic }, found) =>
      found.topic === undefined ? words('recommend', topic) : { action: 'recommend', value: `topic:${found.topic}` },
  },
  search: { options: [{ name: 'query', kind: 'text' }], form: 'search' },
  course: { options: [course], press: (given, found) => ofCourse('course', given, found) },
  rate: {
    options: [{ name: 'stars', kind: 'number', least: 1, most: 5 }, course],
    press: ({ stars }, found) => valued('rate', stars, found),
  },
  progress: {
    options: [{ name: 'percent', kind: 'number', least: 0, most: 100 }, course],
    press: ({ percent }, found) => valued('progress', percent, found),
  },
  language: {
    options: [
      {
        name: 'language',
        kind: 'text',
        choices: [
          { value: 'zh', label: 'language.zh' },
          { value: 'en', label: 'language.en' },
        ],
      },
    ],
  },
  ask: { options: [{ name: 'question', kind: 'text' }], form: 'ask' },
  quiz: {
    options: [{ name: 'topic', kind: 'topic' }],
    press: ({ topic }) => words('quiz', topic),
  },
  campaign: {
    subcommands: {
      start: [
        { name: 'plan', kind: 'file' },
        { name: 'name', kind: 'text' },
      ],
      status: [{ name: 'name', kind: 'text' }],
      stop: [{ name: 'name', kind: 'text', required: true }],
      list: [],
    },
    // Whom it would reach is shown first; it starts on a button under that.
    press: ({ name }, _, subcommand) =>
      subcommand === 'start' ? words('campaign', name && `show ${name}`) : undefined,
  },
  community: {
    subcommands: {
      show: [],
      picks: [
        { name: 'channel', kind: 'channel', required: true },
        { name: 'weekday', kind: 'text', choices: weekdays() },
        { name: 'hour', kind: 'number', least: 0, most: 23 },
      ],
      discussion: [{ name: 'channel', kind: 'channel', required: true }],
      questions: [{ name: 'channel', kind: 'channel', required: true }],
      role: [{ name: 'role', kind: 'role', required: true }],
    },
    press({ channel, weekday, hour }, _, subcommand) {
      if (subcommand === 'show') return { action: 'community' };
      if (subcommand !== 'picks') return undefined;
      const given = [channel, weekday, hour !== undefined && `${hour}:00`].filter(Boolean);
      return words('community', `picks ${given.join(' ')}`);
    },
  },
};

function weekdays(): { value: string; label: string }[] {
  return [1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), label: `weekday.${day}` }));
}

function words(action: string, value: Given[string] | undefined): Press {
  return value === undefined ? { action } : { action, value: String(value) };
}

/** A course that was chosen, or words that may name one. */
function ofCourse(action: string, given: Given, found: Found): Press {
  return found.course === undefined ? words(action, given['course']) : { action, course: found.course };
}

function valued(action: string, value: Given[string] | undefined, found: Found): Press {
  return { ...words(action, value), ...(found.course !== undefined && { course: found.course }) };
}
