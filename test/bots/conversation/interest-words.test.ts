import { beforeAll, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

async function regular(locale: 'zh' | 'en') {
  const person = await Person.arrive(services, locale);
  await person.presses('consent||recording%3Aon');
  return person;
}

test('a search changes the next recommendation, and shows in the profile', async () => {
  const ann = await regular('en');
  await ann.presses('recommend');
  const before = ann.courses;
  await ann.says('search reading music');
  const answer = await ann.presses('recommend');
  expect(before).not.toContain('c12');
  expect(ann.courses[0]).toBe('c12');
  expect(answer).toContain('Because you searched for “reading music”');
  const profile = await ann.presses('profile');
  expect(profile).toContain('Words I have from your searches:\n“music”, “reading”: you searched for “reading music”');
  expect(ann.replies[0]!.picture).toBeUndefined();
});

test('in Chinese, beside the topics and without their names', async () => {
  const yin = await regular('zh');
  for (const id of ['c12', 'c5', 'c9']) await yin.presses(`course|${id}`);
  expect(await yin.presses('profile')).not.toContain('你关注的关键词');
  await yin.says('搜索 excel 图表');
  await yin.presses('save|c6');
  const profile = await yin.presses('profile');
  expect(profile).toContain('你关注的关键词：\n“图表”：你搜索过“excel 图表”');
  expect(profile).toContain('《会计 Excel》');
  expect(problems).toEqual([]);
});

test('a search without consent is forgotten', async () => {
  const eve = await Person.arrive(services);
  await eve.presses('recommend');
  const before = eve.courses;
  await eve.says('search reading music');
  await eve.presses('recommend');
  expect(eve.courses).toEqual(before);
});
