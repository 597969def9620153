import { setTimeout as pause } from 'node:timers/promises';
import { BotError, type Bot } from '../bots/bot.ts';
import { createDiscordBot } from '../bots/discord/bot.ts';
import { createDiscordChannel } from '../bots/discord/channel.ts';
import { createTelegramBot } from '../bots/telegram/bot.ts';
import { createTelegramChannel } from '../bots/telegram/channel.ts';
import type { WebhookTaker } from '../bots/telegram/webhook.ts';
import { errorText } from '../core/numerics/error-text.ts';
import type { Channel } from '../queue/ports.ts';
import type { AppServices } from './services.ts';
import type { Settings } from './settings.ts';

/** The bots of the platforms whose tokens are set. */
export interface Bots {
  /** One line for each platform: what it is connected as, or why it is not. Resolves when that is known. */
  states: Promise<string[]>;
  /** Takes what Telegram brings to its webhook. */
  taker(): WebhookTaker | undefined;
  /** Takes nothing more, and finishes what is under way. */
  close(): Promise<void>;
}

export interface BotsOptions {
  services: AppServices;
  settings: Settings;
  /** One line for the person at the terminal, of what changes later. */
  print: (line: string) => void;
  log: (line: string) => void;
}

/** A platform that can not be reached is tried again after this, and then less and less often. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** How long the first word of a platform is waited for; the rest of Coursebell does not wait longer. */
const FIRST_WORD_MS = 15_000;

/** Starts a bot for each platform whose token is set. One that fails does not keep the others, or anything else, from running. */
export function startBots({ services, settings, print, log }: BotsOptions): Bots {
  const { telegramToken, discordToken } = settings.platforms;
  const stopping = new AbortController();
  let taker: () => WebhookTaker | undefined = () => undefined;
  const kept: Promise<void>[] = [];
  const states: Promise<string>[] = [];

  if (telegramToken !== undefined) {
    keep('Telegram', 'TELEGRAM_BOT_TOKEN', () => {
      const bot = createTelegramBot({ services, settings, token: telegramToken });
      taker = bot.taker;
      return bot;
    });
  }
  if (discordToken !== undefined) {
    keep('Discord', 'DISCORD_BOT_TOKEN', () => createDiscordBot({ services, settings }));
  }
  return {
    states: Promise.all(states),
    taker: () => taker(),
    async close() {
      stopping.abort();
      await Promise.all(kept);
    },
  };

  /** Keeps one platform's bot running until all are closed, or until it can not go on without the operator. */
  function keep(name: string, variable: string, create: () => Bot): void {
    let tell: (line: string) => void = print;
    const first = new Promise<string>((resolve) => (tell = resolve));
    const late = pause(FIRST_WORD_MS, `${name}: ${NOT_YET}`, { ref: false });
    const state = Promise.race([first, late]).then((line) => {
      tell = print;
      return line;
    });
    states.push(state);
    const tellNow = (line: string) => tell(line);
    kept.push(
      run(name, variable, create, tellNow).catch((error: unknown) => log(`${name} stopped: ${errorText(error)}`)),
    );
  }

  async function run(name: string, variable: string, create: () => Bot, tell: (line: string) => void): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures++) {
      const bot = create();
      try {
        await bot.start();
        tell(`${name}: ${bot.connectedAs ? (bot.connectedAs() ?? unreached(variable)) : 'connected'}`);
        await stopped();
        return;
      } catch (error) {
        if (error instanceof BotError) {
          tell(`${name} is off: ${error.message}`);
          return;
        }
        log(`${name}: ${errorText(error)}`);
        if (failures === 0) tell(`${name}: ${unreached(variable)}`);
      } finally {
        await bot.close().catch((error: unknown) => log(`${name} did not close cleanly: ${errorText(error)}`));
      }
      const ms = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      await pause(ms, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  function stopped(): Promise<void> {
    return new Promise((resolve) => {
      if (stopping.signal.aborted) resolve();
      stopping.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

const NOT_YET = 'not connected yet; it is still being tried';

const unreached = (variable: string) =>
  `can not be reached, and is tried again and again. Does this machine reach the internet, and is ${variable} right? npx coursebell doctor looks closer`;

/** Channels of the platforms whose tokens are set, for sending first: needs no bot that listens. */
export function platformChannels(
  { db, catalogue }: Pick<AppServices, 'db' | 'catalogue'>,
  { platforms, currency }: Settings,
  log: (line: string) => void,
): Channel[] {
  const channels: Channel[] = [];
  const { telegramToken, telegramApi, discordToken, discordApi } = platforms;
  if (telegramToken !== undefined)
    channels.push(
      createTelegramChannel({ token: telegramToken, apiRoot: telegramApi, db, course: (id) => catalogue.get(id), log }),
    );
  if (discordToken !== undefined)
    channels.push(createDiscordChannel({ token: discordToken, apiRoot: discordApi, db, catalogue, currency, log }));
  return channels;
}
