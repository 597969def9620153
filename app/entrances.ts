import { setTimeout as pause } from 'node:timers/promises';
import type { OpenLinks } from '../bots/conversation/deep-link.ts';
import { createApi } from '../bots/discord/api.ts';
import { findDiscordEntrance } from '../bots/discord/entrance.ts';
import { createTelegramApi } from '../bots/telegram/call.ts';
import { findTelegramEntrance } from '../bots/telegram/entrance.ts';
import type { ChannelName } from '../core/learner/learner.ts';
import type { Settings } from './settings.ts';

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * Finds out how the platforms' chats are entered, in a process whose bots run elsewhere. A platform
 * that does not answer is asked again until `signal`; what is wrong with it, the bots' process says.
 */
export function findEntrances(links: OpenLinks, { platforms }: Settings, signal: AbortSignal): void {
  const { telegramToken, telegramApi, discordToken, discordApi } = platforms;
  if (telegramToken !== undefined) {
    const api = createTelegramApi({ token: telegramToken, apiRoot: telegramApi });
    void find('telegram', () => findTelegramEntrance(api));
  }
  if (discordToken !== undefined) {
    const api = createApi({ token: discordToken, apiRoot: discordApi });
    void find('discord', () => findDiscordEntrance(api));
  }

  async function find(channel: ChannelName, look: () => Promise<(payload: string) => string | undefined>) {
    for (let ms = FIRST_PAUSE_MS; !signal.aborted; ms = Math.min(2 * ms, LONGEST_PAUSE_MS)) {
      try {
        links.set(channel, await look());
        return;
      } catch {
        await pause(ms, undefined, { signal, ref: false }).catch(() => {});
      }
    }
  }
}
