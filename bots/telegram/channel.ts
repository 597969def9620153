import type { Course } from '../../core/catalogue/course.ts';
import { decodePress, type Language, type Reply } from '../../core/language/reply.ts';
import type { Database } from '../../prisma/connect.ts';
import type { Channel, Delivery } from '../../queue/ports.ts';
import { payloadOfPress } from '../conversation/deep-link.ts';
import { createPresses } from '../press/presses.ts';
import { createTelegramApi } from './call.ts';
import { TelegramFailure } from './failure.ts';
import { createOutlet, DELIVERING, type Destination } from './outlet.ts';

export interface TelegramChannelOptions {
  token: string;
  apiRoot?: string | undefined;
  db: Database;
  /** Courses of the catalogue, for the pictures of messages about them; without pictures when left out. */
  course?: (id: string) => Course | undefined;
  log: (line: string) => void;
}

/** Writes to people and communities on Telegram first: pushes, campaigns, reminders, posts. */
export function createTelegramChannel({ token, apiRoot, db, course, log }: TelegramChannelOptions): Channel {
  const api = createTelegramApi({ token, apiRoot });
  const composer = {
    presses: createPresses(db),
    course: course ?? (() => undefined),
    invoice: () => {
      throw new Error('Nobody is sent an invoice unasked');
    },
  };
  let named: Promise<string | undefined> | undefined;
  const outlet = createOutlet({ api, composer, services: { db, log } });

  return {
    name: 'telegram',
    send: ({ chat, learnerId }, reply, language, _messageId, further) =>
      deliver({ chat, learnerId }, reply, language, further),
    post: async ({ chat, thread }, reply, language, _messageId, further) => {
      const to = { chat, ...(thread && { topic: Number(thread) }) };
      return deliver(to, await withLinks(reply), language, further);
    },
  };

  /** Buttons that lead into each reader's own chat, where a press would be answered before everybody. */
  async function withLinks(reply: Reply): Promise<Reply> {
    if (!reply.buttons) return reply;
    const buttons = reply.buttons.map((row) =>
      Promise.all(
        row.map(async (button) => {
          const press = button.url === undefined ? decodePress(button.id) : undefined;
          const payload = press && payloadOfPress(press);
          const name = payload === undefined ? undefined : await ownName();
          return name ? { ...button, url: `https://t.me/${name}?start=${payload}` } : button;
        }),
      ),
    );
    return { ...reply, buttons: await Promise.all(buttons) };
  }

  /** The bot's name; undefined while Telegram does not tell it: then the buttons are pressed where they stand. */
  async function ownName(): Promise<string | undefined> {
    named ??= api.call('getMe', {}).then(({ username }) => username);
    return named.catch(() => {
      named = undefined;
      return undefined;
    });
  }

  async function deliver(
    to: Destination,
    reply: Reply,
    language: Language,
    further: (() => Promise<void>) | undefined,
  ): Promise<Delivery> {
    try {
      const platformId = await outlet.send(to, [reply], {
        language,
        covers: true,
        further,
        settles: true,
        patience: DELIVERING,
      });
      return { ok: true, platformId };
    } catch (error) {
      if (!(error instanceof TelegramFailure)) throw error;
      return answerOf(error);
    }
  }
}

function answerOf({ kind, message, retryAfterMs }: TelegramFailure): Delivery {
  switch (kind) {
    case 'unreachable':
      return { ok: false, kind };
    case 'rate-limited':
      return { ok: false, kind, retryAfterMs };
    case 'permanent':
      return { ok: false, kind, cause: message };
    default:
      return { ok: false, kind: 'temporary', cause: message };
  }
}
