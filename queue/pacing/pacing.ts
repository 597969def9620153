import { setTimeout } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type pg from 'pg';
import type { ChannelName } from '../../core/learner/learner.ts';
import type { Pacer, Slot } from '../ports.ts';
import { openGates, type Gates } from './store.ts';

/** Least milliseconds between two messages. */
export interface Pace {
  /** Of all chats together. */
  all: number;
  /** To one person. */
  person: number;
  /** To one community. */
  community: number;
}

/**
 * What the platforms allow a bot; a channel without a pace knows no limit. Even steps and no bursts:
 * however a second or a minute is cut, it never holds more than the platform's number.
 */
export const platformPaces: Readonly<Partial<Record<ChannelName, Pace>>> = {
  // 30 a second over all, 1 a second to a chat, 20 a minute to a group.
  telegram: { all: 36, person: 1_050, community: 3_100 },
  // 50 requests a second over all, of which a first message takes two; 5 in 5 seconds to a channel.
  discord: { all: 45, person: 1_050, community: 1_050 },
};

/** Who would wait longer than this for a chat comes again later, and lets others have the place. */
export const PATIENCE_MS = 10_000;

/** A pacer whose gates every process shares, in PostgreSQL or Redis. */
export async function createPacer(store: pg.Pool | Redis, paces: typeof platformPaces = platformPaces): Promise<Pacer> {
  const gates = await openGates(store);
  const queued = createTails();
  return {
    async enter(channel, chat, { to, signal }) {
      const pace = paces[channel];
      if (!pace) return free;
      // One process asks for a gate once at a time, in the order in which its messages came.
      const key = `${channel}.chat.${chat}`;
      const leave = await queued.enter(key);
      try {
        const waitMs = await passOrWait(gates, key, pace[to], signal);
        if (waitMs === 0) return slot(channel, key, pace, pace[to], leave, signal);
        leave();
        return { waitMs };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };

  function slot(
    channel: ChannelName,
    key: string,
    pace: Pace,
    every: number,
    leave: () => void,
    signal?: AbortSignal,
  ): Slot {
    const all = `${channel}.all`;
    return {
      async ready() {
        const next = await queued.enter(all);
        try {
          return await passOrWait(gates, all, pace.all, signal);
        } finally {
          next();
        }
      },
      async holdBack(ms, everywhere) {
        if (everywhere) await gates.hold(all, ms, 0);
        return gates.hold(key, ms, every);
      },
      async further() {
        await passOrWait(gates, key, every, signal, Infinity);
        await passOrWait(gates, all, pace.all, signal, Infinity);
      },
      leave,
    };
  }
}

const free: Slot = {
  ready: () => Promise.resolve(0),
  holdBack: (ms) => Promise.resolve(ms),
  further: () => Promise.resolve(),
  leave: () => {},
};

/** @returns 0 once passed; what is still to wait when that is too long to stand by. */
async function passOrWait(
  gates: Gates,
  key: string,
  everyMs: number,
  signal?: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<number> {
  for (;;) {
    signal?.throwIfAborted();
    const waitMs = await gates.pass(key, everyMs);
    if (waitMs === 0 || waitMs > patienceMs) return waitMs;
    await setTimeout(waitMs, undefined, { ...(signal && { signal }) });
  }
}

/** Queues of this process, by key: `enter` resolves when everybody before has left. */
function createTails() {
  const tails = new Map<string, Promise<void>>();
  return {
    async enter(key: string): Promise<() => void> {
      const before = tails.get(key);
      let leave = () => {};
      const left = new Promise<void>((resolve) => (leave = resolve));
      tails.set(key, left);
      await before;
      return () => {
        leave();
        if (tails.get(key) === left) tails.delete(key);
      };
    },
  };
}
