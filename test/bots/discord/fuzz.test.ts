import { expect, it } from 'vitest';
import { commands } from '../../../bots/conversation/commands.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import type { Interaction } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { openPlace } from './place.ts';

const db = testDatabase();

const ROUNDS = 400;
const pieces = [
  ...['excel', '课程', '@everyone', '<@1>', '**', '```', '||', '\n', '\0', '\ud800', '%', '%zz', '|', '~', 'yes', 'no'],
  ...['recommend', 'course', 'rate', 'buy', 'consent', 'erase', '@page:', '@page', '@form:', '1', '-1', '9'.repeat(30)],
  ...["'; drop table learners; --", '{{ a }}', '👩‍👩‍👧‍👦', ' ', 'x'.repeat(90), 'discuss', 'react', '{}', '__proto__'],
];

it('whatever is sent is answered, and the next thing too', async () => {
  const random = createRandom(5);
  const words = (most: number, limit = 4000) =>
    Array.from({ length: random.int(most) }, () => pieces[random.int(pieces.length)])
      .join('')
      .slice(0, limit);
  const names = [...commands.map(({ name }) => name), 'talk', 'discuss', 'gone'];
  const place = await openPlace(db, { patienceMs: 60_000 });
  const { discord, bot } = place;
  const people = Array.from({ length: 8 }, (_, at) =>
    discord.person(`Person ${at}`, { locale: at % 2 ? 'zh-CN' : 'en-US' }),
  );
  const guild = discord.guild('School', ...people);
  const interactions: Interaction[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const person = people[random.int(people.length)]!;
    const where = random.int(2) === 0 ? ('direct' as const) : guild;
    const name = names[random.int(names.length)]!;
    const option = ['topic', 'query', 'course', 'stars', 'percent', 'words', 'question'][random.int(7)]!;
    const value = random.int(4) === 0 ? random.int(200) - 50 : words(6);
    const last = interactions.at(-1)?.messages[0];
    switch (random.int(6)) {
      case 0:
      case 1:
        interactions.push(discord.slash(person, name, random.int(3) === 0 ? [] : [{ name: option, value }], where));
        break;
      case 2:
        interactions.push(discord.autocomplete(person, name, [{ name: option, value, focused: true }], where));
        break;
      case 3:
        if (last) interactions.push(discord.press(person, last, words(5, 100) || 'x'));
        break;
      case 4:
        if (last) interactions.push(discord.press(person, last, '@menu:0', [words(5, 100) || 'x']));
        break;
      default:
        discord.say(person, words(12));
    }
    // Kinds that we have not, or have no use for.
    const { gateway, world } = discord;
    if (round % 20 === 0) {
      const base = { id: world.post(guild.channels[0]!.id, person.user, {}).id, channel_id: guild.channels[0]!.id };
      gateway.dispatch('MESSAGE_REACTION_ADD', {
        ...base,
        user_id: person.user.id,
        message_id: base.id,
        emoji: { id: '1', name: null },
      });
      gateway.dispatch('INTERACTION_CREATE', interactionOf(base.id, 2), guild.id);
      gateway.dispatch('ENTITLEMENT_CREATE', { id: base.id });
      await Promise.all(interactions.map(({ answered }) => answered));
    }
  }
  await Promise.all(interactions.map(({ answered }) => answered));
  await bot.idle();
  expect(interactions.length).toBeGreaterThan(ROUNDS / 2);
  expect(place.lines).toEqual([]);
  expect(discord.calls.filter(({ status }) => status >= 400)).toEqual([]);
  for (const message of discord.world.messages.values())
    if (message.author.bot) expect(message.content).not.toMatch(/(?<!\\)@everyone|(?<!\\)<@1>/);
  await place.close();

  /** A command of a person's or a message's menu. */
  function interactionOf(id: string, type: number) {
    const [person] = people;
    return {
      ...{ id, application_id: discord.world.applicationId, token: `t${id}`, version: 1, type: 2, locale: 'en-US' },
      ...{ channel_id: guild.channels[0]!.id, channel: { id: guild.channels[0]!.id, type: 0 }, guild_id: guild.id },
      ...{
        data: { id: '1', name: 'menu', type, target_id: person!.user.id, resolved: { users: {} } },
        entitlements: [],
      },
      ...{ context: 0, authorizing_integration_owners: {}, app_permissions: '0', attachment_size_limit: 1 },
      member: { ...discord.world.member(guild, person!.user.id), permissions: '0' },
      guild: { id: guild.id, features: [], locale: 'en-US' },
    };
  }
}, 120_000);
