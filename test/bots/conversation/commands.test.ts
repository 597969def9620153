import { beforeAll, describe, expect, test } from 'vitest';
import { commandOf, commands, pressOf } from '../../../bots/conversation/commands.ts';
import { createRegistry } from '../../../bots/conversation/registry.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { skills } from '../../../bots/conversation/skills/index.ts';
import { render } from '../../../core/language/render.ts';
import { languages } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;
const registry = createRegistry(skills);
const known = (action: string) => registry.press(action) !== undefined;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

describe('the table of commands', () => {
  test.each(commands)('$name fits both platforms, does something and is described in both languages', (command) => {
    expect(command.name).toMatch(/^[a-z_]{1,32}$/);
    expect(known(command.press.action)).toBe(true);
    for (const language of languages) {
      const what = render({ key: `command.${command.name}` }, language);
      expect(what.length).toBeGreaterThanOrEqual(3);
      expect(what.length).toBeLessThanOrEqual(100);
    }
    if (command.open) expect(registry.isOpen(command.press.action)).toBe(true);
    // Only what is for everybody is offered where everybody reads.
    if (!command.manager && registry.isOpen(command.press.action)) expect(command.open).toBe(true);
  });

  test('names each command once', () => {
    expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  });

  test('holds what the platforms require and what is promised', () => {
    const names = commands.map(({ name }) => name);
    const promised = 'start recommend search course rate profile coupons privacy paysupport campaign stop help'.split(
      ' ',
    );
    expect(names).toEqual(expect.arrayContaining(promised));
  });
});

test.each([
  ['/search excel charts', { action: 'search', value: 'excel charts' }],
  ['/search@our_bot excel', { action: 'search', value: 'excel' }],
  ['/SEARCH Excel', { action: 'search', value: 'Excel' }],
  ['/search', { action: 'search' }],
  ['/stop', { action: 'mute' }],
  ['/stop please', { action: 'mute' }],
  ['/start', { action: 'start' }],
  ['/start hello', { action: 'start', value: 'hello' }],
  ['/start course_c5', { action: 'arrive', value: 'course_c5' }],
  ['/help', { action: 'help', value: 'commands' }],
  // Any button by its own name, without words.
  ['/saved', { action: 'saved' }],
  ['/campaign stop Spring sale\n2027', { action: 'campaign', value: 'stop Spring sale\n2027' }],
])('%s', (text, press) => {
  expect(commandOf(text, known)).toEqual(press);
});

test.each(['/nothing', '/saved please', '/', 'search excel', '//search', '/search!'])('%s is no command', (text) => {
  expect(commandOf(text, known)).toBeUndefined();
});

test('a press of a command is its own: who changes it changes no command', () => {
  const stop = commands.find(({ name }) => name === 'stop')!;
  pressOf(stop).value = 'changed';
  expect(pressOf(stop)).toEqual({ action: 'mute' });
});

test('a course by its name, and a rating of the course spoken of', async () => {
  const ann = await Person.arrive(services);
  await ann.presses('consent||recording%3Aon');
  expect(await ann.says('/course@bot guitar for beginners')).toContain('Guitar for Beginners');
  expect(ann.courses).toEqual(['c11']);
  expect(await ann.says('/rate 5')).toContain('Guitar');
  expect((await ann.log()).at(-1)).toMatchObject({ type: 'rate', courseId: 'c11', value: 1 });
  await ann.says('/course');
  expect(ann.courses).toEqual(['c11']);
});

test('a command without the course that it needs asks for it', async () => {
  const ben = await Person.arrive(services);
  await ben.presses('consent||recording%3Aon');
  expect(await ben.says('/rate 4')).toContain('Which course');
  await ben.says('/search guitar');
  await ben.says('/rate 4');
  await ben.chooses('rate|c11');
  expect((await ben.log()).at(-1)).toMatchObject({ type: 'rate', value: 0.75 });
});

test('words after a command that name no course are searched for; a topic is recommended', async () => {
  const cem = await Person.arrive(services);
  await cem.says('/course excel things');
  expect(cem.courses.length).toBeGreaterThan(0);
  await cem.says('/recommend Excel');
  expect(cem.courses.every((id) => services.catalogue.get(id)!.topics.includes('Excel'))).toBe(true);
  expect(cem.courses.length).toBeGreaterThan(0);
});

test.each(['en', 'zh'] as const)('/help lists the commands of the private chat in %s', async (language) => {
  const eve = await Person.arrive(services, language);
  const help = await eve.says('/help');
  for (const { name, manager } of commands) {
    expect(help.includes(`/${name} — ${render({ key: `command.${name}` }, language)}`)).toBe(!manager);
  }
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
