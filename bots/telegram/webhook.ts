import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { TelegramUpdate } from '@gramio/types';
import { BotError } from '../bot.ts';
import type { TelegramApi } from './call.ts';
import { TelegramFailure } from './failure.ts';
import type { TelegramSettings } from './settings.ts';
import { KINDS } from './updates.ts';

export const WEBHOOK_PATH = '/telegram/webhook';
const BODY_LIMIT = 1024 * 1024;
/** Connections that Telegram may open at once. */
const CONNECTIONS = 40;

/** Where updates go that Telegram brings. */
export interface WebhookTaker {
  secret: string;
  /** Resolves when the update is kept. */
  take: (update: TelegramUpdate) => Promise<void>;
}

/**
 * The address that Telegram brings updates to. It is there from the beginning, since a server that
 * listens takes no new ones; while there is no taker Telegram is asked to come again.
 */
export function webhookRoute(app: FastifyInstance, taker: () => WebhookTaker | undefined): void {
  app.post(WEBHOOK_PATH, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const current = taker();
    if (!current) return reply.status(503).send();
    if (!isSame(request.headers['x-telegram-bot-api-secret-token'], current.secret)) return reply.status(401).send();
    const update = request.body as TelegramUpdate | null;
    // What is no update will not become one by being sent again.
    if (typeof update === 'object' && Number.isSafeInteger(update?.update_id)) await current.take(update!);
    return reply.status(200).send();
  });
}

/** In a time that says nothing of where they differ. */
function isSame(given: unknown, secret: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return typeof given === 'string' && timingSafeEqual(hash(given), hash(secret));
}

/** @throws BotError when Telegram could not reach the address. */
export function webhookUrl({ publicUrl }: TelegramSettings): string {
  if (!publicUrl?.startsWith('https://')) {
    throw new BotError(
      'Telegram brings updates to https addresses only: set "publicUrl" to the https address of this server, or "telegram": {"receive": "polling"}',
    );
  }
  return `${publicUrl.replace(/\/$/, '')}${WEBHOOK_PATH}`;
}

/** @throws BotError when Telegram refuses the address; TelegramFailure for what passes. */
export async function registerWebhook(api: TelegramApi, url: string, secret: string): Promise<void> {
  try {
    await api.call('setWebhook', {
      url,
      secret_token: secret,
      allowed_updates: [...KINDS],
      max_connections: CONNECTIONS,
    });
  } catch (error) {
    if (!(error instanceof TelegramFailure) || error.kind !== 'permanent') throw error;
    throw new BotError(
      `Telegram refuses the webhook of "publicUrl" (${error.reason}): it needs a valid certificate and port 443, 80, 88 or 8443; or set "telegram": {"receive": "polling"}`,
    );
  }
}
