import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ChannelType, MessageFlags } from 'discord-api-types/v10';
import {
  findCommunity,
  setCommunitySettings,
  trustCommunity,
  type Community,
} from '../../../core/campaign/community/store.ts';
import { EVERYTHING } from '../../doubles/discord/world.ts';
import type { Guild, Person } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { buttonOf, openPlace, type Place } from './place.ts';

const db = testDatabase();
let place: Place;
let guild: Guild;
let manager: Person;
let member: Person;
let community: Community;

beforeAll(async () => {
  place = await openPlace(db);
});
afterAll(() => place.close());
beforeEach(async () => {
  manager = place.discord.person('Mei');
  member = place.discord.person('Bo');
  guild = place.discord.guild('School', member);
  place.discord.world.join(guild, manager, EVERYTHING);
  await place.done(place.discord.slash(member, 'help', [], guild));
  community = (await findCommunity(db, 'discord', guild.id))!;
});

const slash = (person: Person, name: string, options: Parameters<Place['discord']['slash']>[2] = []) =>
  place.done(place.discord.slash(person, name, options, guild));
const words = ({ messages }: { messages: { content: string }[] }) => messages.map(({ content }) => content).join('\n');

describe('a server', () => {
  it('is a community while the bot is in it', async () => {
    expect(community).toMatchObject({ title: 'School', active: true, trusted: false });
    place.discord.leave(guild);
    const other = place.discord.guild('Other', member);
    await place.done(place.discord.slash(member, 'help', [], other));
    expect(await findCommunity(db, 'discord', guild.id)).toMatchObject({ active: false });
  });

  it('that has an outage stays one', async () => {
    place.discord.gateway.dispatch('GUILD_DELETE', { id: guild.id, unavailable: true }, guild.id);
    await slash(member, 'terms');
    expect(await findCommunity(db, 'discord', guild.id)).toMatchObject({ active: true });
  });
});

describe('what is for managers', () => {
  it('needs the permission in the server and the trust of the operator, and is seen by them alone', async () => {
    const refused = await slash(member, 'campaign', [{ name: 'list', type: 1, options: [] }]);
    expect(words(refused)).toMatch(/manage this community/);
    const untrusted = await slash(manager, 'campaign', [{ name: 'list', type: 1, options: [] }]);
    expect(words(untrusted)).toContain(community.id);
    await trustCommunity(db, community.id, true);
    const listed = await slash(manager, 'campaign', [{ name: 'list', type: 1, options: [] }]);
    expect(words(listed)).not.toMatch(/trust/);
    expect(listed.messages.every(({ flags }) => (flags & MessageFlags.Ephemeral) !== 0)).toBe(true);
  });

  it('reads the plan of a campaign from a file, and starts it on a button', async () => {
    await trustCommunity(db, community.id, true);
    const name = `autumn-${guild.id}`;
    const plan = {
      name,
      audience: { everyone: true },
      offer: { percent: 25, expires_at: '2099-01-01T00:00:00Z', limit: 50 },
      text: { en: 'Your code: {{ code }}', zh: '优惠码：{{ code }}' },
      holdout: 0,
    };
    const start = (content: string) =>
      slash(manager, 'campaign', [
        { name: 'start', type: 1, options: [{ name: 'plan', file: place.discord.file('plan.json', content) }] },
      ]);
    expect(words(await start('not json'))).toMatch(/JSON/);
    const shown = await start(JSON.stringify(plan));
    expect(words(shown)).toContain('25% off');
    expect(await db.prisma.campaign.count({ where: { name } })).toBe(0);
    await place.done(place.discord.press(manager, ...buttonOf(shown, 'campaign||start')));
    expect(await db.prisma.campaign.count({ where: { name } })).toBe(1);
    const status = await slash(manager, 'campaign', [
      { name: 'status', type: 1, options: [{ name: 'name', value: name }] },
    ]);
    expect(words(status)).toContain(name);
    const stop = await slash(manager, 'campaign', [
      { name: 'stop', type: 1, options: [{ name: 'name', value: name }] },
    ]);
    await place.done(place.discord.press(manager, ...buttonOf(stop, 'campaign||stop-now')));
    expect(await db.prisma.campaign.findFirst({ where: { name } })).toMatchObject({ status: 'stopped' });
  });

  it('answers a question in a form, since nobody could write the answer in a server', async () => {
    await trustCommunity(db, community.id, true);
    const asked = await slash(member, 'ask', [{ name: 'question', value: 'Is there a certificate?' }]);
    await place.done(place.discord.press(member, ...buttonOf(asked, 'ask||send')));
    const listed = await slash(manager, 'questions');
    const form = place.discord.press(manager, ...buttonOf(listed, 'answer||'));
    await form.answered;
    expect(form.modal).toMatchObject({ title: 'Answer a question' });
    const sent = await place.done(place.discord.submit(manager, form, { words: 'Yes, at the end.' }));
    expect(words(sent)).toContain('on its way');
  });

  it('sets channels and the role by what Discord lets them choose', async () => {
    await trustCommunity(db, community.id, true);
    const news = place.discord.world.channel(guild, 'news');
    const role = place.discord.world.role(guild, 'Graduate');
    const set = (sub: string, options: { name: string; value: string | number }[]) =>
      slash(manager, 'community', [{ name: sub, type: 1, options }]);
    await set('picks', [
      { name: 'channel', value: news.id },
      { name: 'weekday', value: '5' },
      { name: 'hour', value: 18 },
    ]);
    await set('discussion', [{ name: 'channel', value: news.id }]);
    const shown = await set('role', [{ name: 'role', value: role.id }]);
    expect(words(shown)).toContain(`: <@&${role.id}>`);
    expect(words(shown)).toContain(`: in <#${news.id}>`);
    expect((await findCommunity(db, 'discord', guild.id))!.settings).toMatchObject({
      picks: { thread: news.id, weekday: 5, hour: 18 },
      discussion: news.id,
      rewardRole: role.id,
    });
  });
});

describe('what everybody sees', () => {
  const alone = ({ messages }: { messages: { flags: number }[] }) =>
    messages.every(({ flags }) => (flags & MessageFlags.Ephemeral) !== 0);

  it('has a button to what the person alone may see', async () => {
    const asked = await slash(member, 'checkin');
    expect(words(asked)).toContain('Others read here');
    expect(alone(asked)).toBe(false);
    const pressed = await place.done(place.discord.press(member, ...buttonOf(asked, 'checkin')));
    expect(words(pressed)).toContain('have not agreed');
    expect(alone(pressed)).toBe(true);
  });

  it('has the whole card behind a button, and no thread where there is no channel for one', async () => {
    const card = await slash(member, 'course', [{ name: 'course', value: 'course_c4' }]);
    expect(() => buttonOf(card, 'discuss|c4')).toThrow();
    const whole = await place.done(place.discord.press(member, ...buttonOf(card, 'course|c4')));
    expect(alone(whole)).toBe(true);
    expect(() => buttonOf(whole, 'save|c4')).not.toThrow();
  });

  it('is how a challenge stands, not how a manager starts one', async () => {
    await trustCommunity(db, community.id, true);
    expect(alone(await slash(member, 'challenge'))).toBe(false);
    const proposed = await slash(manager, 'challenge', [
      { name: 'words', value: 'start Winter 2099-01-01 2099-01-07' },
    ]);
    expect(alone(proposed)).toBe(true);
    await place.done(place.discord.press(manager, ...buttonOf(proposed, '~')));
    expect(words(await slash(member, 'challenge'))).toContain('Winter');
  });

  it('is no help: that is for who asked', async () => {
    const help = await slash(member, 'help');
    expect(words(help)).toContain('/coupons');
    expect(alone(help)).toBe(true);
  });

  it('comes before the first hello, which it does not replace', async () => {
    const newcomer = place.discord.person('Ida');
    place.discord.world.join(guild, newcomer);
    await slash(newcomer, 'settings');
    expect(words(await slash(newcomer, 'start'))).toContain("I'm Coursebell");
  });
});

describe('talking about a course', () => {
  const discuss = () => slash(member, 'discuss', [{ name: 'course', value: 'course_c4' }]);
  const threads = () => guild.channels.filter(({ parent }) => parent !== undefined);

  it('needs a channel for it', async () => {
    expect(words(await discuss())).toContain('/community discussion');
  });

  it.each([ChannelType.GuildText, ChannelType.GuildForum])(
    'opens one thread for each course (channel type %d)',
    async (type) => {
      const talk = place.discord.world.channel(guild, 'talk', type);
      await setCommunitySettings(db, community.id, { discussion: talk.id });
      const [first, second] = await Promise.all([
        discuss(),
        slash(manager, 'discuss', [{ name: 'course', value: 'excel' }]),
      ]);
      expect(threads()).toHaveLength(1);
      expect(threads()[0]).toMatchObject({ parent: talk.id });
      const url = `https://discord.com/channels/${guild.id}/${threads()[0]!.id}`;
      expect([first, second].map((each) => buttonOf(each, 'https:')[1])).toEqual([url, url]);
      // From the button under what everybody sees, too.
      const card = await slash(member, 'course', [{ name: 'course', value: 'course_c4' }]);
      const pressed = await place.done(place.discord.press(manager, ...buttonOf(card, 'discuss|c4')));
      expect(buttonOf(pressed, 'https:')[1]).toBe(url);
      expect(pressed.messages[0]!.flags & MessageFlags.Ephemeral).not.toBe(0);
    },
  );

  it('opens another when the thread is gone, and says when it may not', async () => {
    const talk = place.discord.world.channel(guild, 'talk');
    await setCommunitySettings(db, community.id, { discussion: talk.id });
    await discuss();
    place.discord.world.channels.delete(threads()[0]!.id);
    await discuss();
    expect(threads()).toHaveLength(2);
    place.discord.world.channels.delete(threads()[1]!.id);
    place.discord.on('/threads', { status: 403, code: 50_013 }, 1);
    expect(words(await discuss())).toMatch(/can not open a thread/);
  });
});
