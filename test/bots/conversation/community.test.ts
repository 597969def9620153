import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Services } from '../../../bots/conversation/services.ts';
import { communityOf, type Community } from '../../../core/campaign/community/store.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, type Person } from './chat.ts';
import { member, newCommunity } from './managers.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;
let community: Community;
let manager: Person;

beforeAll(async () => {
  services = await fixtureServices(db, (line) => problems.push(line));
});

beforeEach(async () => {
  community = await newCommunity(services);
  manager = await member(services, community, { thread: '42' });
});

const settings = async () => (await communityOf(db, community.id))!.settings;
const monday = { weekday: 1, hour: 10, zone: 'Asia/Shanghai', thread: '42' };

test('shows what is set, and every button sets something', async () => {
  expect(await manager.says('/community')).toContain('Weekly picks: off');
  await manager.chooses('community||language%20zh');
  await manager.chooses('community||picks%20on');
  await manager.chooses('community||questions%20here');
  expect(await settings()).toEqual({ language: 'zh', picks: monday, questions: '42' });
  const shown = await manager.says('/community');
  expect(shown).toContain('Weekly picks: Monday 10:00 (Asia/Shanghai), here');
  await manager.chooses('community||picks%20day');
  await manager.chooses('community||picks%20day%205');
  await manager.chooses('community||picks%20hour');
  expect(await manager.chooses('community||picks%20hour%2018')).toContain('Friday 18:00');
  await manager.chooses('community||questions%20off');
  await manager.chooses('community||picks%20off');
  expect(await settings()).toEqual({ language: 'zh' });
});

test.each([
  ['picks fri 18:00 Europe/Berlin', { weekday: 5, hour: 18, zone: 'Europe/Berlin', thread: '42' }],
  ['精选 周日 20点', { weekday: 7, hour: 20, zone: 'Asia/Shanghai', thread: '42' }],
  ['picks on', monday],
  ['picks 9876543 wed', { ...monday, weekday: 3, thread: '9876543' }],
  ['picks <#12345> 8:00', { ...monday, hour: 8, thread: '12345' }],
  ['picks here tuesday', { ...monday, weekday: 2 }],
])('in words: %s', async (words, picks) => {
  await manager.says(`/community ${words}`);
  expect((await settings()).picks).toEqual(picks);
});

test('what is said later changes only what it says', async () => {
  await manager.says('/community picks sat 9:00 Asia/Tokyo');
  await manager.says('/community picks 21:00');
  expect((await settings()).picks).toEqual({ weekday: 6, hour: 21, zone: 'Asia/Tokyo', thread: '42' });
});

test.each(['picks 25:00', 'picks someday', 'language fr', 'questions somewhere', 'nonsense', 'picks fri soon'])(
  '%s is not understood, and changes nothing',
  async (words) => {
    expect(await manager.says(`/community ${words}`)).toContain('do not understand');
    expect(await settings()).toEqual({});
  },
);

test('the language is set by its name', async () => {
  await manager.says('/community language English');
  expect((await settings()).language).toBe('en');
  await manager.says('/community 语言 中文');
  expect((await settings()).language).toBe('zh');
});

test('a reward role and discussions in threads are of Discord', async () => {
  expect(await manager.says('/community discussion here')).toContain('only on Discord');
  expect(await manager.says('/community role 123456789012345678')).toContain('only on Discord');
  community = await newCommunity(services, { channel: 'discord' });
  const admin = await member(services, community, { discreet: true });
  await admin.says('/community role <@&123456789012345678>');
  expect(await settings()).toEqual({ rewardRole: '123456789012345678' });
  expect(await admin.says('/community role teacher')).toContain('do not understand');
  await admin.says('/community');
  await admin.chooses('community||role%20off');
  await admin.says('/community discussion <#223456789012345678>');
  expect(await settings()).toEqual({ discussion: '223456789012345678' });
  await admin.chooses('community||discussion%20off');
  expect(await settings()).toEqual({});
});

test('in the private chat nothing is set', async () => {
  await manager.says('/community');
  manager.leaves();
  expect(await manager.says('/community picks tue')).toContain('in the community that you manage');
  expect(await manager.presses('community||picks%20on')).toContain('in the community that you manage');
  expect(await settings()).toEqual({});
});

test('nobody else sees or changes it', async () => {
  const guest = await member(services, community, { admin: false });
  expect(await guest.says('/community language zh')).toContain('Only those who manage');
  expect(await guest.presses('community||picks%20on')).toContain('Only those who manage');
  guest.leaves();
  expect(await guest.says('/community')).toContain('in the community that you manage');
  const strange = await member(services, await newCommunity(services, { trusted: false }));
  expect(await strange.says('/community')).toContain('coursebell community trust');
  expect(await settings()).toEqual({});
});

test('in Chinese', async () => {
  const admin = await member(services, community, { language: 'zh' });
  expect(await admin.says('/community')).toContain('每周精选：未开启');
  expect(await admin.says('/community 提问 这里')).toContain('提问提醒：这里');
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
