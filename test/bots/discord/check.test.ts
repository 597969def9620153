import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkDiscord } from '../../../bots/discord/check.ts';
import { createDiscordDouble, type DiscordDouble } from '../../doubles/discord/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { openPlace } from './place.ts';

const db = testDatabase();
let discord: DiscordDouble;

beforeEach(async () => {
  discord = await createDiscordDouble();
});
afterEach(() => discord.close());

const check = (guild?: string, token = discord.token) =>
  checkDiscord({
    discord: { ...(guild !== undefined && { guild }) },
    platforms: { discordToken: token, discordApi: discord.root },
  });

it('finds all well after a start', async () => {
  discord.guild('School');
  const place = await openPlace(db, { at: discord });
  await place.close();
  expect((await check()).map(({ what, state }) => [what, state])).toEqual([
    ['Discord token', 'ok'],
    ['Discord intents', 'ok'],
    ['Discord servers', 'ok'],
    ['Discord commands', 'ok'],
  ]);
});

it('says what to do about a wrong token, without showing it', async () => {
  const findings = await check(undefined, 'MTk4.wrong.token');
  expect(findings).toMatchObject([{ what: 'Discord token', state: 'wrong', fix: /DISCORD_BOT_TOKEN/ }].map(matching));
  expect(JSON.stringify(findings)).not.toContain('MTk4.wrong.token');
});

it('says where to let the bot in, and which permissions it lacks', async () => {
  expect(await check('900000000000000009')).toContainEqual(
    expect.objectContaining({
      what: 'Discord servers',
      state: 'wrong',
      fix: expect.stringMatching(
        /oauth2\/authorize\?client_id=\d+&scope=bot\+applications\.commands&permissions=\d+/,
      ) as string,
    }),
  );
  const guild = discord.guild('School');
  guild.members.get(discord.world.bot.id)!.permissions = String(1n << 11n);
  expect(await check()).toContainEqual(
    expect.objectContaining({
      what: 'Discord servers',
      state: 'warning',
      found: expect.stringContaining('manage roles') as string,
      fix: expect.stringContaining('oauth2') as string,
    }),
  );
  expect(await check()).toContainEqual(expect.objectContaining({ what: 'Discord commands', state: 'warning' }));
});

it('says when Discord can not be reached', async () => {
  discord.on(() => true, { status: 503 });
  expect(await check()).toMatchObject([{ what: 'Discord', state: 'wrong' }]);
});

const matching = ({ fix, ...rest }: { what: string; state: string; fix: RegExp }) => ({
  ...rest,
  fix: expect.stringMatching(fix) as string,
});
