import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiscordChannel } from '../../../bots/discord/channel.ts';
import { findSent } from '../../../bots/message/store.ts';
import { meetCommunity, setCommunitySettings } from '../../../core/campaign/community/store.ts';
import { encodePress, type Reply } from '../../../core/language/reply.ts';
import { meetLearner } from '../../../core/learner/store.ts';
import type { Channel } from '../../../queue/ports.ts';
import { createDiscordDouble, type DiscordDouble, type Person } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { idsOf } from './place.ts';

const db = testDatabase();
let discord: DiscordDouble;
let channel: Channel;
let ann: Person;
const lines: string[] = [];

beforeEach(async () => {
  discord = await createDiscordDouble();
  ann = discord.person('Ann');
  lines.length = 0;
  channel = createDiscordChannel({ token: discord.token, apiRoot: discord.root, db, log: (line) => lines.push(line) });
});
afterEach(() => discord.close());

const push: Reply = {
  text: { template: { en: 'A new course by *Li*', zh: '新课' } },
  course: 'c4',
  buttons: [[{ id: encodePress({ action: 'course', course: 'c4' }), label: { en: 'Details' } }]],
};
const address = async (person = ann) => {
  const { id } = await meetLearner(db, 'discord', person.user.id, { reachable: true });
  return { learnerId: id, channel: 'discord' as const, chat: person.user.id };
};
const messages = (person = ann) => discord.world.messagesIn(discord.world.directChannel(person).id);

describe('a message to a person', () => {
  it('goes to their direct messages, and is known when something comes back', async () => {
    const id = randomUUID();
    const sent = await channel.send(await address(), push, 'en', id);
    expect(sent).toEqual({ ok: true, platformId: messages()[0]!.id });
    expect(messages()[0]!.content).toBe(String.raw`A new course by \*Li\*`);
    const chat = discord.world.directChannel(ann).id;
    expect(await findSent(db, 'discord', chat, messages()[0]!.id)).toMatchObject({ course: 'c4', ref: `m${id}` });
    await channel.send(await address(), push, 'en', randomUUID());
    expect(discord.called('POST /users/@me/channels')).toHaveLength(1);
  });

  it('that is long becomes several, each at its pace', async () => {
    let waits = 0;
    const long: Reply = { text: { template: { en: 'A sentence of a few words. '.repeat(200) } } };
    await channel.send(await address(), long, 'en', randomUUID(), () => {
      waits++;
      return Promise.resolve();
    });
    expect(messages().length).toBeGreaterThan(1);
    expect(waits).toBe(messages().length - 1);
  });

  it('sent twice reaches them once', async () => {
    const id = randomUUID();
    const [first, second] = [
      await channel.send(await address(), push, 'en', id),
      await channel.send(await address(), push, 'en', id),
    ];
    expect(second).toEqual(first);
    expect(messages()).toHaveLength(1);
  });

  it('reaches them once though Discord fails after it took it', async () => {
    discord.on('/messages', { status: 503, after: true }, 1);
    expect((await channel.send(await address(), push, 'en', randomUUID())).ok).toBe(true);
    expect(messages()).toHaveLength(1);
  });

  it.each([
    ['closed', 50_007],
    ['no shared server', 50_278],
  ])('whose direct messages are out of reach (%s) is unreachable', async (_, code) => {
    discord.on('/messages', { status: 403, code });
    expect(await channel.send(await address(), push, 'en', randomUUID())).toEqual({ ok: false, kind: 'unreachable' });
  });

  it('who is nobody is unreachable', async () => {
    const nobody = { ...(await address()), chat: '900000000000000001' };
    expect(await channel.send(nobody, push, 'en', randomUUID())).toEqual({ ok: false, kind: 'unreachable' });
  });

  it('is held back for as long as Discord says', async () => {
    await channel.send(await address(), push, 'en', randomUUID());
    discord.on('/messages', { status: 429, retryAfter: 7 }, 1);
    const held = await channel.send(await address(), push, 'en', randomUUID());
    expect(held).toMatchObject({ ok: false, kind: 'rate-limited' });
    // The client adds a little for the clocks.
    expect(held).toSatisfy(
      ({ retryAfterMs }: { retryAfterMs: number }) => retryAfterMs >= 7_000 && retryAfterMs < 7_500,
    );
  });

  it('fails for now when Discord does, and for good when it is refused', async () => {
    const stop = discord.on('/messages', { status: 500 });
    const failed = await channel.send(await address(), push, 'en', randomUUID());
    expect(failed).toMatchObject({ ok: false, kind: 'temporary' });
    stop();
    discord.on('/messages', { status: 400, code: 50_035 }, 1);
    const refused = await channel.send(await address(), push, 'en', randomUUID());
    expect(refused).toMatchObject({ ok: false, kind: 'permanent', cause: expect.stringContaining('50035') as string });
    expect(JSON.stringify([failed, refused])).not.toContain(discord.token);
  });

  it('waits for the operator when the token is wrong', async () => {
    const wrong = createDiscordChannel({ token: 'wrong', apiRoot: discord.root, db, log: () => {} });
    for (let time = 0; time < 2; time++)
      expect(await wrong.send(await address(), push, 'en', randomUUID())).toMatchObject({ kind: 'temporary' });
  });
});

describe('a post to a server', () => {
  it('stands in its channel with a button to talk about the course where there is a place for that', async () => {
    const guild = discord.guild('School');
    const { id } = await meetCommunity(db, { channel: 'discord', chat: guild.id, title: guild.name });
    await channel.post!({ chat: guild.id }, push, 'zh', randomUUID());
    expect(idsOf(discord.world.messagesIn(guild.channels[0]!.id)[0]!)).toEqual(['course|c4']);
    await setCommunitySettings(db, id, { discussion: guild.channels[0]!.id });
    const news = discord.world.channel(guild, 'news');
    const sent = await channel.post!({ chat: guild.id, thread: news.id }, push, 'zh', randomUUID());
    const [message] = discord.world.messagesIn(news.id);
    expect(sent).toEqual({ ok: true, platformId: message!.id });
    expect(message!.content).toBe('新课');
    expect(idsOf(message!)).toEqual(['course|c4', 'discuss|c4']);
  });

  it('without a channel goes to the first that takes words', async () => {
    const guild = discord.guild('School');
    expect((await channel.post!({ chat: guild.id }, push, 'en', randomUUID())).ok).toBe(true);
    expect(discord.world.messagesIn(guild.channels[0]!.id)).toHaveLength(1);
  });

  it('that is not the bot’s any more is unreachable; one where it may not write says so', async () => {
    expect(await channel.post!({ chat: '900000000000000001' }, push, 'en', randomUUID())).toMatchObject({
      kind: 'unreachable',
    });
    const guild = discord.guild('School');
    discord.on('/messages', { status: 403, code: 50_013 }, 1);
    const thread = guild.channels[0]!.id;
    expect(await channel.post!({ chat: guild.id, thread }, push, 'en', randomUUID())).toMatchObject({
      kind: 'permanent',
    });
  });
});

describe('the reward for a completed course', () => {
  it('is the role of each server that has one and the person', async () => {
    const [here, elsewhere, without] = ['Here', 'Elsewhere', 'Without'].map((name) => discord.guild(name));
    discord.world.join(here!, ann);
    discord.world.join(without!, ann);
    const roles = [here!, elsewhere!].map((guild) => discord.world.role(guild, 'Graduate'));
    for (const [at, guild] of [here!, elsewhere!, without!].entries()) {
      const community = await meetCommunity(db, { channel: 'discord', chat: guild.id, title: guild.name });
      if (roles[at]) await setCommunitySettings(db, community.id, { rewardRole: roles[at].id });
    }
    await channel.reward!(await address());
    await channel.reward!(await address());
    expect([...here!.members.get(ann.user.id)!.roles]).toEqual([roles[0]!.id]);
    expect([...without!.members.get(ann.user.id)!.roles]).toEqual([]);
    expect(lines).toEqual([]);
    discord.on('PUT /guilds', { status: 403, code: 50_013 });
    await channel.reward!(await address());
    await channel.reward!(await address());
    expect(lines.filter((line) => line.includes(here!.id))).toEqual([
      expect.stringContaining('manage roles') as string,
    ]);
  });
});

describe('the double', () => {
  it('holds the bot to the rate limits', async () => {
    const strict = await createDiscordDouble({ limits: { perSecond: 50, perChannel: 2 } });
    const bo = strict.person('Bo');
    const to = { learnerId: (await address()).learnerId, channel: 'discord' as const, chat: bo.user.id };
    const slow = createDiscordChannel({ token: strict.token, apiRoot: strict.root, db, log: () => {} });
    const kinds = [];
    for (let at = 0; at < 3; at++) {
      const sent = await slow.send(to, push, 'en', randomUUID());
      kinds.push(sent.ok ? 'sent' : sent.kind);
    }
    expect(kinds).toEqual(['sent', 'sent', 'rate-limited']);
    expect(strict.exceeded()).toBe(1);
    await strict.close();
  });
});
