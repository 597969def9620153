import type { TelegramApi } from './call.ts';

/** The address that opens a private chat with the bot of a user name, carrying a payload. */
export const telegramEntrance =
  (name: string) =>
  (payload: string): string =>
    `https://t.me/${name}?start=${payload}`;

/** The same for the bot of a token; for processes in which the bot itself does not run. */
export async function findTelegramEntrance(api: TelegramApi): Promise<(payload: string) => string> {
  const { username } = await api.call('getMe', {});
  return telegramEntrance(username ?? '');
}
