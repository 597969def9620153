/** What a slash command asks for. */

import type { Catalogue } from '../../../core/catalogue/catalogue.ts';
import { encodePress } from '../../../core/language/reply.ts';
import { commands, pressOf } from '../../conversation/commands.ts';
import { courseOfPayload, payloadOf, readPayload } from '../../conversation/deep-link.ts';
import type { Turn } from '../../conversation/turn.ts';
import type { FormName } from '../forms.ts';
import type { CommandUpdate } from '../update.ts';
import { shapes } from './shapes.ts';

/** The turn that a command is. */
export function inputOf(update: CommandUpdate, catalogue: Catalogue): Turn['input'] {
  const { command, subcommand, options } = update;
  if (command === 'talk') return { text: String(options['words'] ?? '') };
  const known = commands.find((each) => each.name === command);
  // A command that an older release registered: the conversation says that it is gone.
  if (!known) return { press: command };
  const found = {
    course: courseOf(options['course'], catalogue),
    topic: catalogue.topics().find((topic) => topic === options['topic']),
  };
  const press = shapes[command]?.press?.(options, found, subcommand);
  if (press) return { press: encodePress(press) };
  const words = [subcommand, ...Object.values(options)].filter((word) => word !== undefined).join(' ');
  return { press: encodePress(pressOf(known, words)) };
}

/** The form that a command opens; undefined when it was given something, or has none. */
export function formOf({ command, options, guild }: CommandUpdate): FormName | undefined {
  if (Object.keys(options).length > 0) return undefined;
  if (command === 'talk') return 'talk';
  // In direct messages people just write.
  return guild === undefined ? undefined : shapes[command]?.form;
}

/** What a choice of the autocomplete stands for: a course's id may be too long for one. */
export const choiceOf = (courseId: string): string => payloadOf('course', courseId);

/** The course of a choice; undefined for words. */
export function courseOf(value: string | number | boolean | undefined, catalogue: Catalogue): string | undefined {
  if (typeof value !== 'string') return undefined;
  const payload = readPayload(value);
  return payload?.kind === 'course' ? courseOfPayload(payload.id, catalogue.all()) : catalogue.get(value)?.id;
}
