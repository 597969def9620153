import { setTimeout as pause } from 'node:timers/promises';
import type { TelegramUpdate } from '@gramio/types';
import { errorText } from '../../core/numerics/error-text.ts';
import type { TelegramApi } from './call.ts';
import { TelegramFailure } from './failure.ts';
import { KINDS } from './updates.ts';

/** Seconds that Telegram holds a question for updates. */
const HELD_S = 50;
/** Added to the time that it may hold, before a silent connection is given up. */
const GRACE_MS = 15_000;
/** An answer without updates that comes sooner was not waited for. */
const UNHELD_MS = 200;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface PollerOptions {
  api: TelegramApi;
  /** Resolves when the updates are kept: only then Telegram is told to forget them. */
  take: (updates: TelegramUpdate[]) => Promise<void>;
  log: (line: string) => void;
  /** Stops it. */
  signal: AbortSignal;
}

/**
 * Asks for updates until the signal, then tells Telegram how far it came. Never rejects: what fails
 * is tried again, with growing pauses, and said once.
 */
export async function poll({ api, take, log, signal }: PollerOptions): Promise<void> {
  let offset = 0;
  let failures = 0;
  while (!signal.aborted) {
    const asked = Date.now();
    try {
      const updates = await api.call(
        'getUpdates',
        { ...(offset > 0 && { offset }), timeout: HELD_S, limit: 100, allowed_updates: [...KINDS] },
        { signal, within: HELD_S * 1000 + GRACE_MS },
      );
      await take(updates);
      offset = updates.reduce((most, { update_id: id }) => Math.max(most, id + 1), offset);
      failures = 0;
      // A server that does not hold the question is not asked in a circle.
      if (updates.length === 0 && Date.now() - asked < UNHELD_MS) await rest(UNHELD_MS, signal);
    } catch (error) {
      if (isStop(signal)) break;
      if (failures === 0) log(problemOf(error));
      const wait = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures = Math.min(failures + 1, 10);
      const told = error instanceof TelegramFailure ? error.retryAfterMs : 0;
      await rest(Math.max(wait, told), signal);
    }
  }
  if (offset === 0) return;
  await api
    .call('getUpdates', { offset, timeout: 0, limit: 1, allowed_updates: [...KINDS] }, { within: 5000 })
    .catch(() => {
      // They come again at the next start, and are known then.
    });
}

const rest = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(ms, undefined, { signal }).catch(() => {
    // Stopped.
  });

/** The loop's condition, seen anew after an await. */
const isStop = (signal: AbortSignal): boolean => signal.aborted;

function problemOf(error: unknown): string {
  if (!(error instanceof TelegramFailure)) return `Telegram’s updates can not be kept: ${errorText(error)}`;
  if (error.kind === 'conflict')
    return 'Another program receives the updates of this Telegram bot: stop it, or give one of the two a bot of its own. Trying again';
  if (error.kind === 'unauthorised')
    return 'Telegram no longer knows the token of this bot: set TELEGRAM_BOT_TOKEN to the one that BotFather shows, and start again';
  return `Telegram can not be asked for updates (${error.reason}). Trying again`;
}
