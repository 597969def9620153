import { beforeAll, beforeEach, expect, test } from 'vitest';
import { commands } from '../../../bots/conversation/commands.ts';
import { createLinks, payloadOf } from '../../../bots/conversation/deep-link.ts';
import { createRegistry } from '../../../bots/conversation/registry.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { skills } from '../../../bots/conversation/skills/index.ts';
import type { Group } from '../../../bots/conversation/turn.ts';
import { meetCommunity, trustCommunity, type Community } from '../../../core/campaign/community/store.ts';
import { decodePress } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;
let community: Community;
let group: Group;

beforeAll(async () => {
  const links = createLinks();
  links.set('web', (payload) => `https://chat.example/?start=${payload}`);
  services = { ...(await fixtureServices(db, (line) => problems.push(line))), links };
  community = await meetCommunity(db, { channel: 'telegram', chat: '-100', title: 'Study circle' });
});

beforeEach(() => {
  group = { id: community.id, admin: false, discreet: false };
});

async function regular(): Promise<Person> {
  const person = await Person.arrive(services);
  await person.presses('consent||recording%3Aon');
  await person.presses('onboard||later');
  return person;
}

const urls = (person: Person) =>
  person.replies.flatMap(({ buttons = [] }) => buttons.flat().flatMap(({ url }) => url ?? []));

test('where others read, a card says nothing of the person and has no buttons of theirs', async () => {
  const ann = await regular();
  await ann.presses('save|c11');
  await ann.presses('progress|c11|50');
  expect(await ann.presses('course|c11')).toContain('50');
  ann.enters(group);
  const card = await ann.says('/course guitar for beginners');
  expect(card).toContain('Guitar for Beginners');
  expect(card).not.toContain('50');
  const actions = ann.replies.flatMap(({ buttons = [] }) => buttons.flat()).filter(({ url }) => !url);
  expect(actions.map(({ id }) => decodePress(id)!.action)).toEqual(['similar']);
  expect(urls(ann)).toEqual([`https://chat.example/?start=${payloadOf('course', 'c11')}`]);
});

test('where others read, recommendations are the same for everybody, with the way to their own', async () => {
  const [fan, stranger] = [await regular(), await Person.arrive(services)];
  for (const id of ['c4', 'c6', 'c7', 'c8']) await fan.presses(`rate|${id}|5`);
  await fan.says('/recommend');
  const own = fan.courses;
  fan.enters(group);
  stranger.enters(group);
  const said = await fan.says('/recommend', 'same');
  await stranger.says('/recommend', 'same');
  expect(fan.courses).toEqual(stranger.courses);
  expect(fan.courses).not.toEqual(own);
  expect(said).not.toContain('Because');
  expect(urls(fan).at(-1)).toBe('https://chat.example/?start=start');
});

test.each(['/profile', '/coupons', 'my courses', '/privacy', 'hello', '/rate 5', 'save it', 'talk to a human'])(
  'where others read, %s is answered with the way into the private chat',
  async (words) => {
    const ben = await regular();
    await ben.says('/course guitar for beginners');
    ben.enters(group);
    await ben.says('/course guitar for beginners');
    const before = await ben.events();
    await ben.says(words);
    expect(ben.replies).toHaveLength(1);
    expect(ben.replies[0]!.text).toMatchObject({ key: expect.stringMatching(/^group\./) as string });
    expect(urls(ben)).toHaveLength(1);
    expect(await ben.events()).toEqual(before);
  },
);

test('a personal button pressed where others read leads to the same course in private', async () => {
  const cem = (await regular()).enters(group);
  await cem.presses('save|c11');
  expect(cem.replies[0]!.text).toEqual({ key: 'group.private', args: {} });
  await cem.says('/coupons');
  expect(urls(cem)).toEqual(['https://chat.example/?start=own_coupons']);
  await cem.says('what coupons do I have?');
  expect(urls(cem)).toEqual(['https://chat.example/?start=own_coupons']);
  await cem.presses('arrive||campaign_42');
  expect(urls(cem)).toEqual(['https://chat.example/?start=campaign_42']);
});

test('what the platform shows to one person alone may be personal', async () => {
  const dora = await regular();
  await dora.presses('save|c11');
  dora.enters({ ...group, discreet: true });
  await dora.says('/course guitar for beginners');
  expect(dora.buttons).toContain('unsave|c11');
  await dora.says('/privacy');
  expect(dora.replies[0]!.text).toMatchObject({ key: 'privacy' });
});

test('a newcomer in a group is not asked about themselves before everybody', async () => {
  const eve = (await Person.arrive(services)).enters(group);
  await eve.says('excel');
  expect(eve.courses.length).toBeGreaterThan(0);
  expect(eve.replies.map(({ text }) => text)).not.toContainEqual(expect.objectContaining({ key: 'onboard.offer' }));
});

test('what is done in a community keeps which one it was', async () => {
  const fay = (await regular()).enters(group);
  await fay.says('/course guitar for beginners');
  expect((await fay.log()).at(-1)).toMatchObject({ type: 'view', circumstances: { community: community.id } });
});

test('each member has a conversation of their own', async () => {
  const [gus, hal] = [(await regular()).enters(group), (await regular()).enters(group)];
  await gus.says('search guitar');
  await hal.says('search typography');
  await gus.says('the first one');
  expect(gus.courses).toEqual(['c11']);
});

test('a reaction may pass without an answer, and nothing else', async () => {
  const ida = await regular();
  await ida.presses('react|c11|nonsense');
  expect(ida.replies).toEqual([]);
  await ida.presses('nothing|c11');
  expect(ida.replies.length).toBeGreaterThan(0);
});

test('where the platform forbids to learn from words, they are answered and only a press counts', async () => {
  const jan = await regular();
  jan.around = { recordable: false };
  expect(await jan.says('search guitar')).toContain('Guitar');
  await jan.says('recommend something');
  expect(jan.courses.length).toBeGreaterThan(0);
  expect(await jan.events()).toEqual(['register']);
  await jan.says('/course guitar for beginners');
  expect(await jan.says('5 stars')).toContain('what you press');
  expect(await jan.events()).toEqual(['register']);
  jan.around = {};
  await jan.chooses('rate|c11|5');
  expect((await jan.log()).at(-1)).toMatchObject({ type: 'rate', courseId: 'c11', value: 1 });
});

test('an opt-out counts wherever it is said', async () => {
  const kim = await regular();
  await kim.presses('consent||messages%3Aon');
  kim.around = { recordable: false };
  await kim.says('stop');
  expect((await kim.learner()).messages).toBe(false);
  expect((await kim.events()).at(-1)).toBe('mute');
});

test('consent given in words where nothing is learned from them begins all the same', async () => {
  const lea = await Person.arrive(services);
  lea.around = { recordable: false };
  await lea.says('my profile');
  await lea.says('yes');
  expect((await lea.learner()).recording).toBe(true);
  expect(await lea.events()).toEqual(['register']);
});

test('/help names what everybody can do here, and to managers what they can', async () => {
  const may = (await regular()).enters(group);
  const help = await may.says('/help');
  for (const { name, open, manager } of commands)
    expect(help.includes(`/${name} —`), name).toBe(open === true && !manager);
  may.enters({ ...group, admin: true });
  expect(await may.says('/help')).not.toContain('/campaign');
  await trustCommunity(db, community.id, true);
  const managing = await may.says('/help');
  for (const { name, manager } of commands) if (manager) expect(managing).toContain(`/${name} —`);
  may.leaves();
  const aside = await may.says('/help');
  expect(aside).toContain('/answer');
  expect(aside).not.toContain('/campaign');
  may.now = new Date(may.now.getTime() + 25 * 3_600_000);
  expect(await may.says('/help')).not.toContain('/answer');
});

test('whatever is pressed where others read, every button that comes is for everybody', async () => {
  const nia = await regular();
  await nia.presses('save|c11');
  nia.enters(group);
  const registry = createRegistry(skills);
  const queue = ['help', 'recommend', 'search', 'search||excel', 'course', 'courses', 'start', 'checkin', 'challenge'];
  const seen = new Set<string>();
  for (let presses = 0; queue.length > 0 && presses < 80; presses++) {
    await nia.presses(queue.shift()!);
    expect(nia.replies.length).toBeGreaterThan(0);
    for (const { id, url } of nia.replies.flatMap(({ buttons = [] }) => buttons.flat())) {
      if (url !== undefined) continue;
      const { action, course = '', value = '' } = decodePress(id)!;
      expect(registry.isOpen(action), id).toBe(true);
      const kind = [action, course, value].join('|');
      if (seen.has(kind)) continue;
      seen.add(kind);
      queue.push(id);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
});

test('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
