import { beforeAll, describe, expect, it } from 'vitest';
import { createLinks } from '../../../bots/conversation/deep-link.ts';
import type { Services } from '../../../bots/conversation/services.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import type { ChannelName } from '../../../core/learner/learner.ts';
import { newLinkCode } from '../../../core/learner/link/store.ts';
import { addressesOf, findLearner, resolveExternal, touchAddress } from '../../../core/learner/store.ts';
import { eraseLearner } from '../../../core/privacy/erase.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureServices, Person } from './chat.ts';

const db = testDatabase();
const problems: string[] = [];
let services: Services;
beforeAll(async () => {
  const links = createLinks();
  links.set('telegram', (payload) => `https://t.me/bell?start=${payload}`);
  links.set('discord', () => 'https://discord.com/users/1');
  services = { ...(await fixtureServices(db, (line) => problems.push(line))), links };
});

async function somebody(channel: ChannelName, locale: 'en' | 'zh' = 'en'): Promise<Person> {
  const person = await Person.arrive(services, locale);
  person.channel = channel;
  person.chat = `${channel}-${person.id}`;
  await db.pool.query('update addresses set channel = $2, chat = $3 where learner_id = $1', [
    ...[person.id, channel, person.chat],
  ]);
  return person;
}

/** With recording agreed to, and something that they did. */
async function regular(channel: ChannelName, course: string): Promise<Person> {
  const person = await somebody(channel);
  await person.presses('consent||recording:on');
  await person.presses(`save|${course}`);
  return person;
}

const codeIn = (text: string) => /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}/.exec(text)![0];

describe('linking accounts', () => {
  it('shows a code, and the ways into the other channels that carry it', async () => {
    const ann = await somebody('web');
    const said = await ann.says('/link');
    const code = codeIn(said);
    expect(said).toContain(`/link ${code}`);
    expect(ann.replies[0]?.buttons?.flat().map(({ url }) => url)).toEqual([
      `https://t.me/bell?start=link_${code}`,
      'https://discord.com/users/1',
    ]);
    expect(codeIn(await ann.says('link my accounts'))).not.toBe(code);
    const mei = await somebody('telegram', 'zh');
    expect(await mei.says('怎么绑定账号')).toContain('关联码');
  });

  it('makes both one after a press that says what happens, and not by a yes in passing', async () => {
    const ann = await regular('web', 'c8');
    const bob = await regular('telegram', 'c2');
    const code = codeIn(await ann.says('/link'));
    expect(await bob.says(`/link ${code.toLowerCase()}`)).toContain('On the web');
    await bob.says('yes');
    expect(await eventsOf(db, ann.id)).toHaveLength(2);
    expect(await bob.chooses('link||yes')).toContain('one learner now');
    expect((await findLearner(db, bob.id))?.id).toBe(ann.id);
    expect((await eventsOf(db, ann.id)).map(({ type, courseId }) => [type, courseId])).toEqual([
      ...[
        ['register', null],
        ['save', 'c8'],
      ],
      ...[
        ['register', null],
        ['save', 'c2'],
      ],
    ]);
    expect(await addressesOf(db, ann.id, { for: 'service' })).toHaveLength(2);
    // What was saved there is here, and what is done here is theirs.
    expect(await bob.says('/courses')).not.toBe('');
    await bob.presses('save|c1');
    expect((await eventsOf(db, ann.id)).at(-1)).toMatchObject({ type: 'save', courseId: 'c1', channel: 'telegram' });
    expect(await bob.presses(`link||yes:${code}`)).toContain('one already');
    await eraseLearner(db, bob.id);
    expect(await findLearner(db, ann.id)).toBeUndefined();
    expect(await bob.says('hello')).toContain('nothing about you');
  });

  it('takes a code that is typed after /link, and one that a link carried', async () => {
    const ann = await somebody('telegram');
    const bob = await somebody('web');
    await bob.says('/link');
    expect(await bob.says(codeIn(await ann.says('/link')))).toContain('Telegram');
    await bob.presses(`arrive||link_${codeIn(await ann.says('/link'))}`);
    expect(bob.replies).toHaveLength(1);
    await bob.chooses('link||yes');
    expect((await findLearner(db, bob.id))?.id).toBe((await findLearner(db, ann.id))?.id);
  });

  it('keeps the account that the seller knows, with its language', async () => {
    const { ids } = await resolveExternal(db, ['shop-7'], { create: true });
    const shop = ids.get('shop-7')!;
    await db.pool.query(`update learners set language = 'zh' where id = $1`, [shop]);
    const bob = await somebody('discord');
    const { code } = (await newLinkCode(db, shop, bob.now))!;
    expect(await bob.presses(`arrive||link_${code}`)).toContain('course shop');
    expect(await bob.chooses('link||yes')).toContain('同一个账号');
    expect((await findLearner(db, bob.id))?.id).toBe(shop);
    expect((await db.prisma.conversation.findMany({ where: { chat: bob.chat } })).map((row) => row.learnerId)).toEqual([
      shop,
    ]);
  });

  it('answers codes that are wrong, used, too old, or one’s own', async () => {
    const [ann, bob, eve] = [await somebody('web'), await somebody('telegram'), await somebody('discord')];
    const code = codeIn(await ann.says('/link'));
    expect(await ann.says(`/link ${code}`)).toContain('one already');
    await bob.says(`/link ${code}`);
    await bob.chooses('link||yes');
    expect(await eve.says(`/link ${code}`)).toContain('used already');
    expect(await eve.says('/link 0000-0000-00000')).toContain("don't know that code");
    expect(await eve.says('/link me')).toContain("don't know that code");
    const late = codeIn(await ann.says('/link'));
    eve.now = new Date(eve.now.getTime() + 10 * 60_000);
    expect(await eve.says(`/link ${late}`)).toContain('too old');
    expect((await findLearner(db, eve.id))?.id).toBe(eve.id);
  });

  it('takes ten wrong codes an hour from one learner, in all their chats', async () => {
    const [ann, eve] = [await somebody('web'), await somebody('telegram')];
    for (let tries = 0; tries < 6; tries++) expect(await eve.says('/link 0000-0000-00000')).toContain("don't know");
    eve.chat = 'another';
    await touchAddress(db, { learnerId: eve.id, channel: 'telegram', chat: 'another' });
    for (let tries = 0; tries < 4; tries++) expect(await eve.says('/link 0000-0000-00000')).toContain("don't know");
    const code = codeIn(await ann.says('/link'));
    expect(await eve.says(`/link ${code}`)).toContain('Too many');
    expect(await eve.presses(`link||yes:${code}`)).toContain('Too many');
    eve.now = new Date(eve.now.getTime() + 3_600_000);
    expect(await eve.says(`/link ${code}`)).toContain('too old');
  });

  it('is not spoken of where others read', async () => {
    const ann = await somebody('telegram');
    const said = await ann.enters({ id: 'g', admin: false, discreet: false }).says('/link');
    expect(said).not.toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
    expect(await db.prisma.linkCode.count({ where: { learnerId: ann.id } })).toBe(0);
  });
});

describe('consent to messages', () => {
  it('is given place by place, and withdrawn for all', async () => {
    const ann = await somebody('telegram');
    await ann.presses('consent||messages:on');
    await touchAddress(db, { learnerId: ann.id, channel: 'discord', chat: 'ann' });
    const places = async () =>
      (await addressesOf(db, ann.id, { for: 'marketing' })).map(({ channel }) => channel).sort();
    expect(await places()).toEqual(['telegram']);
    [ann.channel, ann.chat] = ['discord', 'ann'];
    expect(await ann.says('/privacy')).toContain('on in another chat');
    await ann.chooses('consent||messages%3Aon');
    expect(await places()).toEqual(['discord', 'telegram']);
    expect(await ann.says('/privacy')).not.toContain('another chat');
    await ann.says('/stop');
    expect(await places()).toEqual([]);
  });

  it('given in a group’s discreet answer holds for the person’s own chat', async () => {
    const ann = await somebody('discord');
    await db.pool.query('update addresses set chat = $2, reachable = false where learner_id = $1', [ann.id, ann.id]);
    await ann.enters({ id: 'g', admin: false, discreet: true }).presses('consent||messages:on');
    expect(await addressesOf(db, ann.id, { for: 'marketing' })).toMatchObject([{ channel: 'discord', chat: ann.id }]);
  });
});

it('nothing went wrong on the way', () => {
  expect(problems).toEqual([]);
});
