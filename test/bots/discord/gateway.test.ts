import { afterEach, describe, expect, it } from 'vitest';
import { GatewayCloseCodes, GatewayIntentBits } from 'discord-api-types/v10';
import { createDiscordDouble, type DiscordDouble } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { openPlace, type Place } from './place.ts';

const db = testDatabase();
let place: Place | undefined;
let discord: DiscordDouble | undefined;

afterEach(async () => {
  await place?.close();
  await discord?.close();
  place = discord = undefined;
});

describe('the connection to Discord', () => {
  it('asks for no privileged intent', async () => {
    place = await openPlace(db);
    const { intents } = place.discord.gateway.identified[0]!;
    const privileged =
      GatewayIntentBits.GuildMembers | GatewayIntentBits.GuildPresences | GatewayIntentBits.MessageContent;
    expect(intents & privileged).toBe(0);
    expect(intents & GatewayIntentBits.GuildMessages).toBe(0);
    expect(place.bot.connectedAs!()).toBe('coursebell');
    expect(place.services.links.to('discord', 'link_abc')).toContain(place.discord.world.bot.id);
    expect(place.services.links.to('discord', 'ref_abc')).toBeUndefined();
  });

  it.each([
    ['breaks', (it: DiscordDouble) => it.gateway.disconnect()],
    [
      'is closed with a code that can be resumed',
      (it: DiscordDouble) => it.gateway.disconnect(GatewayCloseCodes.UnknownError),
    ],
    ['is asked to come again', (it: DiscordDouble) => it.gateway.askReconnect()],
  ])('that %s is resumed, and what happened meanwhile is answered once', async (_, end) => {
    place = await openPlace(db);
    const ann = place.discord.person('Ann');
    await place.done(place.discord.slash(ann, 'help'));
    end(place.discord);
    await place.discord.gateway.until(() => !connected(place!.discord));
    const meanwhile = place.discord.slash(ann, 'help');
    await place.done(meanwhile);
    expect(place.discord.gateway.resumed).toBe(1);
    expect(place.discord.gateway.identified).toHaveLength(1);
    expect(meanwhile.messages).toHaveLength(1);
  });

  it('whose session is over begins a new one', async () => {
    place = await openPlace(db);
    const { gateway } = place.discord;
    gateway.invalidate();
    await gateway.until(() => gateway.identified.length === 2 && gateway.sessions.size === 1);
    const ann = place.discord.person('Ann');
    const shown = await place.done(place.discord.slash(ann, 'help'));
    expect(shown.messages).toHaveLength(1);
  });

  it('with a wrong token says which setting to mend', async () => {
    await expect(openPlace(db, { as: 'MTk4.wrong.token' })).rejects.toThrow(/DISCORD_BOT_TOKEN.*Developer Portal/);
  });

  it('that is refused an intent says so', async () => {
    await expect(openPlace(db, { refusedIntents: GatewayIntentBits.DirectMessages })).rejects.toThrow(/intent.*4014/);
  });

  it('serves its shards alone, and takes up after a crash what is its own', async () => {
    discord = await createDiscordDouble();
    const ann = discord.person('Ann');
    const guilds = Array.from({ length: 6 }, (_, at) => discord!.guild(`School ${at}`, ann));
    const first = await openPlace(db, { at: discord, shards: { ids: [0], total: 2 } });
    const second = await openPlace(db, { at: discord, shards: { ids: [1], total: 2 } });
    expect(discord.gateway.identified.map(({ shard }) => shard)).toEqual([
      [0, 2],
      [1, 2],
    ]);
    for (const guild of guilds) {
      const shown = discord.slash(ann, 'privacy', [], guild);
      await shown.answered;
      await Promise.all([first.bot.idle(), second.bot.idle()]);
      expect(shown.messages).toHaveLength(1);
    }
    const direct = discord.slash(ann, 'help');
    await direct.answered;
    await Promise.all([first.close(), second.close()]);
  });
});

const connected = ({ gateway }: DiscordDouble): boolean =>
  [...gateway.sessions.values()].some(({ socket }) => socket !== undefined);
