import type { Call, Fault } from './rest.ts';

export interface PaceLimits {
  /** Requests with the bot's token in a second; interaction answers do not count. */
  perSecond: number;
  /** Messages to one channel in five seconds. */
  perChannel: number;
}

const CHANNEL_MS = 5_000;

/** Holds the bot to Discord's rate limits, and counts what went over them. */
export function createPace({ perSecond, perChannel }: PaceLimits) {
  const all: number[] = [];
  const channels = new Map<string, number[]>();
  let over = 0;

  return {
    exceeded: () => over,
    take(call: Call): Fault | undefined {
      if (/^\/(?:interactions|webhooks)\//.test(call.path)) return undefined;
      const now = performance.now();
      const channel = /^\/channels\/\d+\/messages$/.test(call.path) && call.method === 'POST' ? call.path : undefined;
      const sent = channel === undefined ? undefined : (channels.get(channel) ?? []);
      const wait = Math.max(waitFor(all, perSecond, 1_000, now), sent ? waitFor(sent, perChannel, CHANNEL_MS, now) : 0);
      if (wait > 0) {
        over += 1;
        return { status: 429, retryAfter: wait / 1_000 };
      }
      all.push(now);
      if (sent && channel !== undefined) channels.set(channel, [...sent, now]);
      return undefined;
    },
  };
}

/** Milliseconds until one more fits; forgets what has left the window. */
function waitFor(times: number[], most: number, windowMs: number, now: number): number {
  while (times.length > 0 && times[0]! <= now - windowMs) times.shift();
  return times.length < most ? 0 : times[0]! + windowMs - now;
}
