import type { APIUser } from 'discord.js';
import { Routes, type DiscordApi } from './api.ts';

/** Discord's links carry nothing: one opens the bot's page, and the code of a link to another account is typed there. */
export const discordEntrance =
  (bot: string) =>
  (payload: string): string | undefined =>
    payload === '' || payload.startsWith('link_') ? `https://discord.com/users/${bot}` : undefined;

/** The same for the bot of a token; for processes in which the bot itself does not run. */
export async function findDiscordEntrance(api: DiscordApi): Promise<(payload: string) => string | undefined> {
  return discordEntrance((await api.get<APIUser>('look at the bot', Routes.user())).id);
}
