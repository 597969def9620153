import type { APIApplication, RESTAPIPartialCurrentUserGuild } from 'discord.js';
import type { Finding } from '../bot.ts';
import { createApi, Routes, type DiscordApi } from './api.ts';
import { WRONG_TOKEN } from './client.ts';
import { areRegistered } from './commands/register.ts';
import { failureOf } from './failure.ts';
import { inviteUrl, missingPermissions, type DiscordSettings } from './settings.ts';

/** Looks at token, application, servers, permissions and commands, and says what to do. */
export async function checkDiscord({ discord, platforms }: DiscordSettings): Promise<Finding[]> {
  const api = createApi({ token: platforms.discordToken ?? '', apiRoot: platforms.discordApi });
  try {
    const application = await api.get<APIApplication>('look at the application', Routes.currentApplication());
    const invite = inviteUrl(application.id);
    return [
      { what: 'Discord token', state: 'ok', found: `the bot "${application.name}"` },
      { what: 'Discord intents', state: 'ok', found: 'no privileged intent is needed' },
      ...(await servers(api, discord.guild, invite)),
      await commands(api, application.id, discord.guild, invite),
    ];
  } catch (error) {
    const failure = failureOf('look at the application', error);
    if (failure.kind === 'unauthorised')
      return [{ what: 'Discord token', state: 'wrong', found: 'Discord does not know it', fix: WRONG_TOKEN }];
    const fix = 'See whether this machine reaches discord.com; if it does, try again in a minute';
    return [{ what: 'Discord', state: 'wrong', found: failure.message, fix }];
  }
}

async function servers(api: DiscordApi, guild: string | undefined, invite: string): Promise<Finding[]> {
  const all = await api.get<RESTAPIPartialCurrentUserGuild[]>('look at the servers', Routes.userGuilds());
  const what = 'Discord servers';
  if (guild !== undefined && !all.some(({ id }) => id === guild)) {
    const fix = `Let the bot in at ${invite}, or correct "discord.guild" in coursebell.config.json`;
    return [{ what, state: 'wrong', found: `the bot is not in the server ${guild}`, fix }];
  }
  if (all.length === 0)
    return [{ what, state: 'warning', found: 'the bot is in none', fix: `Let it into yours at ${invite}` }];
  const lacking = all
    .map(({ name, permissions }) => ({ name, missing: missingPermissions(permissions) }))
    .filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0)
    return [{ what, state: 'ok', found: `${all.length}, with the permissions that are needed` }];
  return lacking.map(({ name, missing }) => ({
    what,
    state: 'warning',
    found: `in "${name}" the bot may not: ${missing.join(', ')}`,
    fix: `Allow it in the server's settings, under the bot's role, or let the bot in again at ${invite}`,
  }));
}

async function commands(
  api: DiscordApi,
  application: string,
  guild: string | undefined,
  invite: string,
): Promise<Finding> {
  const what = 'Discord commands';
  const where = guild === undefined ? 'everywhere' : `in the server ${guild}`;
  try {
    if (await areRegistered(api, { application, guild })) return { what, state: 'ok', found: `registered ${where}` };
  } catch (error) {
    const failure = failureOf('look at the commands', error);
    if (failure.kind !== 'forbidden' && failure.kind !== 'missing') throw failure;
    return { what, state: 'wrong', found: `can not be registered ${where}`, fix: `Let the bot in at ${invite}` };
  }
  return {
    what,
    state: 'warning',
    found: `not registered ${where} as they are now`,
    fix: 'The next start registers them',
  };
}
