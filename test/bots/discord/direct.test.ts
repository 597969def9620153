import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressesOf, learnerAt } from '../../../core/learner/store.ts';
import type { Message, Person } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { buttonOf, idsOf, openPlace, type Place } from './place.ts';

const db = testDatabase();
let place: Place;
let ann: Person;

beforeAll(async () => {
  place = await openPlace(db);
});
afterAll(() => place.close());
beforeEach(async () => {
  ann = place.discord.person('Ann');
  const asked = await place.done(place.discord.slash(ann, 'privacy'));
  await place.done(place.discord.press(ann, ...buttonOf(asked, 'consent||recording%3Aon')));
});

const ours = (): Message[] =>
  place.discord.world.messagesIn(place.discord.world.directChannel(ann).id).filter(({ author }) => author.bot === true);

async function say(text: string): Promise<Message[]> {
  const before = ours().length;
  const answered = place.discord.next(/POST \/channels\/\d+\/messages/);
  place.discord.say(ann, text);
  await answered;
  await place.bot.idle();
  return ours().slice(before);
}

describe('what people write to the bot', () => {
  it('is answered, and nothing is learned from it', async () => {
    const before = await place.events(ann);
    const answers = await say('find excel courses');
    expect(answers[0]!.content).toContain('excel');
    expect(await place.events(ann)).toEqual(before);
    await place.done(
      place.discord.press(
        ann,
        answers[0]!,
        idsOf(answers[0]!).find((id) => id.startsWith('course|'))!,
      ),
    );
    expect(await place.events(ann)).toEqual([...before, 'view']);
  });

  it('is answered in its language', async () => {
    expect((await say('你好，有什么课？'))[0]!.content).toMatch(/\p{Script=Han}/u);
  });

  it('is answered once, though Discord fails after it took the answer', async () => {
    place.discord.on(/POST \/channels\/\d+\/messages/, { status: 502, after: true }, 1);
    expect(await say('hello')).toHaveLength(1);
  });

  it('by other bots, or in servers, is not looked at', async () => {
    const guild = place.discord.guild('School', ann);
    const { world, gateway } = place.discord;
    const calls = place.discord.calls.length;
    gateway.dispatch('MESSAGE_CREATE', world.post(world.directChannel(ann).id, world.bot, { content: 'hello' }));
    gateway.dispatch(
      'MESSAGE_CREATE',
      { ...world.post(guild.channels[0]!.id, ann.user, { content: 'hello' }), guild_id: guild.id },
      guild.id,
    );
    await say('hello');
    expect(place.discord.calls.length - calls).toBeLessThanOrEqual(2);
  });

  it('after which the person closes their messages ends without an error', async () => {
    place.discord.on(/POST \/channels\/\d+\/messages/, { status: 403, code: 50_007 }, 1);
    const lines = place.lines.length;
    await say('hello');
    expect(place.lines.slice(lines)).toEqual([]);
  });

  it('shows that an answer is on its way when it takes its time', async () => {
    const { conversation } = place.services;
    let release!: () => void;
    const slow = await openPlace(db, {
      services: {
        conversation: {
          handle: async (turn) => {
            await new Promise<void>((resolve) => (release = resolve));
            return conversation.handle(turn);
          },
        },
      },
    });
    const bo = slow.discord.person('Bo');
    const typed = slow.discord.next('/typing');
    slow.discord.say(bo, 'hello');
    await typed;
    const sent = slow.discord.next(/POST \/channels\/\d+\/messages/);
    release();
    await sent;
    await slow.close();
  });
});

describe('reactions', () => {
  const card = async () => {
    const shown = await place.done(place.discord.slash(ann, 'course', [{ name: 'course', value: 'course_c4' }]));
    return shown.messages[0]!;
  };

  it('to a course of ours are a rating', async () => {
    const message = await card();
    place.discord.react(ann, message, '👍🏽');
    await settled(place);
    place.discord.react(ann, message, '❤️');
    await settled(place);
    const { id } = (await learnerAt(db, 'discord', ann.user.id))!;
    const { rows } = await db.pool.query<{ value: number; course_id: string }>(
      "select value, course_id from events where learner_id = $1 and type = 'rate' order by id",
      [id],
    );
    expect(rows).toEqual([
      { value: 0.75, course_id: 'c4' },
      { value: 1, course_id: 'c4' },
    ]);
    // Without a word: what follows the card are the two answers that were waited for.
    expect(ours().slice(ours().findIndex(({ id: one }) => one === message.id) + 1)).toHaveLength(2);
  });

  it('of other kinds, and to other messages, are not looked at', async () => {
    const message = await card();
    const before = await place.events(ann);
    const guild = place.discord.guild('School', ann);
    const theirs = place.discord.world.post(guild.channels[0]!.id, ann.user, { content: 'look' });
    const words = (await say('hello'))[0]!;
    place.discord.react(ann, message, '🦑');
    place.discord.react(ann, theirs, '👍');
    place.discord.react(ann, words, '👍');
    await settled(place);
    expect(await place.events(ann)).toEqual(before);
    const { rows } = await db.pool.query("select 1 from updates where channel = 'discord' and id like '%👍%'");
    expect(rows.length).toBe(1);
  });
});

describe('messages that come first', () => {
  it('go to the person only once they said so by a command, in a server or here', async () => {
    const bo = place.discord.person('Bo');
    const guild = place.discord.guild('School', bo);
    const at = async () => {
      const learner = await learnerAt(db, 'discord', bo.user.id);
      return learner ? addressesOf(db, learner.id, { for: 'marketing' }) : [];
    };
    await place.done(place.discord.slash(bo, 'help', [], guild));
    expect(await at()).toEqual([]);
    const asked = await place.done(place.discord.slash(bo, 'messages', [], guild));
    expect(await at()).toEqual([]);
    await place.done(place.discord.press(bo, ...buttonOf(asked, 'consent||messages%3Aon')));
    expect(await at()).toMatchObject([{ channel: 'discord', chat: bo.user.id }]);
    await place.done(place.discord.slash(bo, 'stop', [], guild));
    expect(await at()).toEqual([]);
  });
});

/** The next thing that a person does is answered after everything before it. */
async function settled({ discord, bot }: Place): Promise<void> {
  await discord.slash(ann, 'terms').answered;
  await bot.idle();
}
