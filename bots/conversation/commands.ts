import { decodePress, type Press } from '../../core/language/reply.ts';
import { readPayload } from './deep-link.ts';

/** A slash command. Its description stands in the catalogues as `command.<name>`, at most 100 characters. */
export interface Command {
  /** a–z and _, as both platforms allow. */
  name: string;
  /** What it does: a press of this button. */
  press: Press;
  /** Whether words may or must follow it; they become the press's value. */
  argument?: 'optional' | 'required';
  /** For who manages a community. */
  manager?: true;
  /** For who manages a community and was there of late: in the private chat too. */
  aside?: true;
  /** Of use where others read. */
  open?: true;
}

const one = (name: string, more: Partial<Omit<Command, 'name'>> = {}): Command => ({
  name,
  press: { action: name },
  ...more,
});

/** In the order in which people see them. */
export const commands: readonly Command[] = [
  one('start', { argument: 'optional' }),
  one('recommend', { argument: 'optional', open: true }),
  one('search', { argument: 'optional', open: true }),
  one('course', { argument: 'optional', open: true }),
  one('rate', { argument: 'optional' }),
  one('courses'),
  one('progress', { argument: 'optional' }),
  one('checkin', { open: true }),
  one('remind', { argument: 'optional' }),
  one('quiz', { argument: 'optional' }),
  one('challenge', { argument: 'optional', open: true }),
  one('profile'),
  one('coupons'),
  one('invite'),
  one('settings'),
  one('language', { argument: 'optional' }),
  one('messages', { press: { action: 'unmute' } }),
  one('stop', { press: { action: 'mute' } }),
  one('link', { argument: 'optional' }),
  one('privacy'),
  one('export'),
  one('erase'),
  one('ask', { argument: 'optional' }),
  one('paysupport'),
  one('terms'),
  one('help', { press: { action: 'help', value: 'commands' }, open: true }),
  one('campaign', { argument: 'optional', manager: true, open: true }),
  one('community', { argument: 'optional', manager: true, open: true }),
  one('questions', { manager: true, open: true, aside: true }),
  one('answer', { argument: 'required', manager: true, aside: true }),
];

/** Longest argument that is read. */
const LONGEST_ARGUMENT = 1000;

/** What a command does with the words after it. */
export function pressOf(command: Command, words = ''): Press {
  const value = words.trim().slice(0, LONGEST_ARGUMENT);
  if (value === '' || !command.argument) return { ...command.press };
  if (command.name === 'start' && readPayload(value)) return { action: 'arrive', value };
  return { ...command.press, value };
}

/**
 * The press that `/name@bot words` stands for: a command of the table, or any button by the name of its action.
 *
 * @param isKnown whether there is such an action.
 */
export function commandOf(text: string, isKnown: (action: string) => boolean): Press | undefined {
  const found = /^\/([a-z_]+)(?:@\w+)?(?:\s+(.*))?$/is.exec(text);
  if (!found) return undefined;
  const [, name = '', words] = found;
  const command = commands.find((each) => each.name === name.toLowerCase());
  const press = command ? pressOf(command, words) : words ? undefined : decodePress(name.toLowerCase());
  return press && isKnown(press.action) ? press : undefined;
}
