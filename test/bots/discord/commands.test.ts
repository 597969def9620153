import { afterEach, describe, expect, it } from 'vitest';
import type { RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord-api-types/v10';
import { definitions } from '../../../bots/discord/commands/definitions.ts';
import { createDiscordDouble, type DiscordDouble } from '../../doubles/discord/index.ts';
import { commandProblems } from '../../doubles/discord/limits.ts';
import { commands } from '../../../bots/conversation/commands.ts';
import { testDatabase } from '../../setup/database.ts';
import { openPlace, type Place } from './place.ts';

const db = testDatabase();
let place: Place | undefined;
afterEach(async () => {
  await place?.close();
  place = undefined;
});

const named = (name: string) => definitions().find((command) => command.name === name)!;
const optionsOf = ({ options = [] }: RESTPostAPIChatInputApplicationCommandsJSONBody) =>
  options as unknown as { name: string; type: number; autocomplete?: boolean; options?: { name: string }[] }[];

describe('slash commands', () => {
  it('are what Discord takes, and all that there are', () => {
    expect(commandProblems(definitions())).toEqual([]);
    expect(definitions().map((command) => command.name)).toEqual([
      ...commands.map((command) => command.name),
      'talk',
      'discuss',
    ]);
  });

  it('speak both languages', () => {
    expect(named('recommend')).toMatchObject({
      name_localizations: { 'zh-CN': '推荐', 'zh-TW': '推薦' },
      description: 'Courses for you; add a topic if you like',
      options: [{ name: 'topic', name_localizations: { 'zh-CN': '主题' }, autocomplete: true }],
    });
  });

  it('hide what is for managers, and keep it to servers', () => {
    expect(named('campaign')).toMatchObject({ default_member_permissions: '32', contexts: [0] });
    expect(named('recommend')).toMatchObject({ default_member_permissions: null, contexts: [0, 1] });
    expect(optionsOf(named('campaign')).map(({ name, type }) => [name, type])).toEqual([
      ['start', 1],
      ['status', 1],
      ['stop', 1],
      ['list', 1],
    ]);
    expect(optionsOf(named('campaign'))[0]!.options).toMatchObject([{ name: 'plan', type: 11 }, { name: 'name' }]);
  });

  it('are registered everywhere, and only where they changed', async () => {
    const discord = await createDiscordDouble();
    await started(discord);
    expect(discord.commands.get('')).toHaveLength(definitions().length);
    await started(discord);
    expect(discord.called('PUT /applications')).toHaveLength(1);
    Object.assign(discord.commands.get('')![0]!, { description: 'as it was in an older release' });
    await started(discord);
    expect(discord.called('PUT /applications')).toHaveLength(2);
    await discord.close();
  });

  it('are registered in one server while they are developed', async () => {
    const discord = await createDiscordDouble();
    const guild = discord.guild('Workshop');
    await started(discord, guild.id);
    expect(discord.commands.get(guild.id)).toHaveLength(definitions().length);
    expect(discord.commands.get('')).toBeUndefined();
    await discord.close();
  });

  it('say where to let the bot in when the server does not have it', async () => {
    const discord = await createDiscordDouble();
    discord.on('/commands', { status: 403, code: 50_001 });
    await expect(started(discord, '900000000000000009')).rejects.toThrow(/oauth2\/authorize\?client_id=\d+/);
    await discord.close();
  });

  it('suggest courses and topics while somebody types', async () => {
    place = await openPlace(db);
    const { discord } = place;
    const person = discord.person('Bo', { locale: 'zh-CN' });
    const asked = discord.autocomplete(person, 'course', [{ name: 'course', value: 'excel', focused: true }]);
    await asked.answered;
    expect(asked.choices!.length).toBeGreaterThan(0);
    expect(asked.choices!.length).toBeLessThanOrEqual(25);
    const chosen = discord.slash(person, 'course', [{ name: 'course', value: asked.choices![0]!.value }]);
    await place.done(chosen);
    expect(chosen.messages[0]!.embeds[0]!.title).toBe(asked.choices![0]!.name);
    const topics = discord.autocomplete(person, 'recommend', [{ name: 'topic', value: '', focused: true }]);
    await topics.answered;
    expect(topics.choices!.length).toBeGreaterThan(1);
    const recommended = discord.slash(person, 'recommend', [{ name: 'topic', value: topics.choices![0]!.value }]);
    await place.done(recommended);
    expect(recommended.messages[0]!.content).toContain(topics.choices![0]!.name);
  });
});

async function started(discord: DiscordDouble, guild?: string): Promise<void> {
  const opened = await openPlace(db, { at: discord, ...(guild !== undefined && { guild }) });
  await opened.close();
}
