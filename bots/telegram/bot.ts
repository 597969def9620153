/** The Telegram bot: one process of several receives, and every update is kept before it is answered. */

import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { TelegramUpdate, TelegramUser } from '@gramio/types';
import { errorText } from '../../core/numerics/error-text.ts';
import { BotError, type Bot, type BotServices } from '../bot.ts';
import { createPresses } from '../press/presses.ts';
import { createIntake } from '../update/intake.ts';
import { createTelegramApi } from './call.ts';
import type { Composer } from './compose.ts';
import { createCrowd } from './crowd.ts';
import { TelegramFailure } from './failure.ts';
import { telegramEntrance } from './entrance.ts';
import { createTelegramInline } from './inline.ts';
import type { MessageDesk } from './messages.ts';
import { createOutlet } from './outlet.ts';
import { createTelegramPayments } from './payments.ts';
import { poll } from './poller.ts';
import { register } from './profile.ts';
import { receive } from './receiver.ts';
import { keepRecovering } from './recover.ts';
import type { TelegramSettings } from './settings.ts';
import { hold, webhookSecret } from './store.ts';
import { lineOf } from './updates.ts';
import { registerWebhook, webhookRoute, webhookUrl, type WebhookTaker } from './webhook.ts';

export interface TelegramBotOptions {
  services: BotServices;
  settings: TelegramSettings;
  token: string;
  /** How long a process that stands by waits before it looks again whether it is to receive, in ms. */
  standbyMs?: number;
}

export interface TelegramBot extends Bot {
  /** Where Telegram brings updates to, once the bot has started with a webhook; see `webhookRoute`. */
  taker: () => WebhookTaker | undefined;
  /** Adds the address that Telegram brings updates to; before the server listens. */
  webhook(app: FastifyInstance): Promise<void>;
}

const STANDBY_MS = 1_000;
/** Answers under way when it closes; those that take longer are given by the next process. */
const CLOSE_MS = 10_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

export function createTelegramBot({
  services,
  settings,
  token,
  standbyMs = STANDBY_MS,
}: TelegramBotOptions): TelegramBot {
  const { db, catalogue, log } = services;
  const api = createTelegramApi({ token, apiRoot: settings.platforms.telegramApi });
  const payments = createTelegramPayments(
    { api, services },
    { starsPerUnit: settings.telegram.starsPerUnit, providerToken: settings.platforms.telegramProviderToken },
  );
  services.payments.telegram = payments;
  const inline = createTelegramInline({ api, services });
  const composer: Composer = {
    presses: createPresses(db),
    course: (id) => catalogue.get(id),
    invoice: (invoice, language) => payments.invoice(invoice, language),
  };
  let me: TelegramUser | undefined;
  const desk: MessageDesk = {
    api,
    services,
    composer,
    payments,
    inline,
    outlet: createOutlet({ api, services, composer }),
    crowd: createCrowd({ api, services }),
    me: () => me!,
  };
  const intake = createIntake({
    db,
    channel: 'telegram',
    chatOf: (payload) => lineOf(payload as TelegramUpdate),
    work: (work) => receive(desk, work),
    log,
  });
  const stop = new AbortController();
  let taker: WebhookTaker | undefined;
  let running: Promise<void> = Promise.resolve();

  const bot: TelegramBot = {
    async start() {
      const url = settings.telegram.receive === 'webhook' ? webhookUrl(settings) : undefined;
      const begun = await connect().then(
        () => (url === undefined ? undefined : openWebhook(url)),
        (error: unknown) => error,
      );
      if (begun instanceof BotError) throw begun;
      if (begun !== undefined) log(`Telegram can not be reached (${(begun as Error).message}). Trying again`);
      running = run(url, begun === undefined).catch((error: unknown) => log(`Telegram stopped: ${errorText(error)}`));
    },
    async close() {
      stop.abort();
      taker = undefined;
      await running;
      await Promise.race([intake.idle(), pause(CLOSE_MS, undefined, { ref: false })]);
    },
    connectedAs: () => me && `@${me.username ?? me.first_name}`,
    taker: () => taker,
    webhook(app) {
      webhookRoute(app, bot.taker);
      return Promise.resolve();
    },
  };
  return bot;

  /** @throws BotError when the token is wrong. */
  async function connect(): Promise<void> {
    try {
      me = await api.call('getMe', {});
    } catch (error) {
      if (error instanceof TelegramFailure && error.kind === 'unauthorised') {
        throw new BotError(
          'TELEGRAM_BOT_TOKEN is not the token of a bot: copy it anew from @BotFather (/mybots, your bot, API Token)',
        );
      }
      throw error;
    }
    services.links.set('telegram', telegramEntrance(me.username ?? ''));
  }

  async function openWebhook(url: string): Promise<void> {
    const secret = await webhookSecret(db);
    taker = { secret, take: (update) => take([update]) };
    await registerWebhook(api, url, secret);
  }

  /** Until it is stopped. */
  async function run(url: string | undefined, connected: boolean): Promise<void> {
    for (let failures = 0; !connected && !stop.signal.aborted; failures++) {
      await rest(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS));
      try {
        await connect();
        if (url !== undefined) await openWebhook(url);
        connected = true;
      } catch (error) {
        if (!(error instanceof BotError)) continue;
        log(error.message);
        return;
      }
    }
    while (!stop.signal.aborted) {
      // One process alone receives, and takes up what another has left; when it dies the next one does.
      const held = await hold(db, `telegram ${api.botId}`).catch((error: unknown) => {
        log(`The database does not say who receives from Telegram: ${errorText(error)}`);
      });
      if (!held) {
        await rest(standbyMs);
        continue;
      }
      const signal = AbortSignal.any([stop.signal, held.lost]);
      try {
        await preside(url, signal);
      } catch (error) {
        if (!signal.aborted) log(`Telegram will be asked again: ${errorText(error)}`);
        await rest(FIRST_PAUSE_MS);
      } finally {
        await held.release();
      }
    }
  }

  /** What one process does for all. */
  async function preside(url: string | undefined, signal: AbortSignal): Promise<void> {
    await intake.replay();
    const over = new AbortController();
    const recovering = keepRecovering(desk, AbortSignal.any([signal, over.signal]));
    void register(api, db).catch((error: unknown) => log(`Telegram does not take the commands: ${errorText(error)}`));
    try {
      if (url === undefined) {
        await api.call('deleteWebhook', {}, { signal });
        await poll({ api, take, log, signal });
      } else {
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    } finally {
      over.abort();
      await recovering;
    }
  }

  /** Resolves when what must not be lost is kept. */
  async function take(updates: readonly TelegramUpdate[]): Promise<void> {
    for (const { inline_query: query } of updates) {
      if (query) void inline.query(query).catch((error: unknown) => log(`An inline query failed: ${errorText(error)}`));
    }
    const kept = updates.filter((update) => !update.inline_query);
    await intake.take(kept.map((update) => ({ id: String(update.update_id), payload: update })));
  }

  async function rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: stop.signal }).catch(() => {});
  }
}
