import { Redis } from 'ioredis';
import type pg from 'pg';
import {
  RateLimiterPostgres,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterStoreAbstract,
} from 'rate-limiter-flexible';
import type { ChannelName } from '../core/learner/learner.ts';
import type { Pacer } from './ports.ts';

export interface Limit {
  messages: number;
  perSeconds: number;
}

/** What the platforms allow a bot, for all its chats together and for one chat; absent means no limit. */
export const platformLimits: Readonly<Partial<Record<ChannelName, { all: Limit; chat: Limit }>>> = {
  telegram: { all: { messages: 28, perSeconds: 1 }, chat: { messages: 1, perSeconds: 1 } },
  discord: { all: { messages: 45, perSeconds: 1 }, chat: { messages: 5, perSeconds: 5 } },
};

/** A pacer whose counts every process shares, in PostgreSQL or Redis; only the given channels' limits are set up. */
export async function createPacer(
  store: pg.Pool | Redis,
  channels: readonly ChannelName[],
  limits: typeof platformLimits = platformLimits,
): Promise<Pacer> {
  const limiters = new Map<ChannelName, { all: RateLimiterStoreAbstract; chat: RateLimiterStoreAbstract }>();
  for (const channel of channels) {
    const limit = limits[channel];
    if (!limit) continue;
    limiters.set(channel, {
      all: await createLimiter(store, `${channel}.all`, limit.all),
      chat: await createLimiter(store, `${channel}.chat`, limit.chat),
    });
  }
  return {
    async take(channel, chat, signal) {
      const limiter = limiters.get(channel);
      if (!limiter) return;
      await takeFrom(limiter.chat, chat, signal);
      await takeFrom(limiter.all, 'all', signal);
    },
  };
}

async function takeFrom(limiter: RateLimiterStoreAbstract, key: string, signal?: AbortSignal): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    try {
      await limiter.consume(key);
      return;
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused;
      await pause(refused.msBeforeNext, signal);
    }
  }
}

function createLimiter(store: pg.Pool | Redis, keyPrefix: string, limit: Limit): Promise<RateLimiterStoreAbstract> {
  const options = { storeClient: store, keyPrefix, points: limit.messages, duration: limit.perSeconds };
  if (store instanceof Redis) return Promise.resolve(new RateLimiterRedis(options));
  return new Promise((resolve, reject) => {
    const limiter: RateLimiterPostgres = new RateLimiterPostgres(
      { ...options, storeType: 'pool', tableName: 'pacing', schemaName: 'bullmq' },
      (error) => (error ? reject(error) : resolve(limiter)),
    );
  });
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, Math.max(1, ms));
    signal?.addEventListener('abort', aborted, { once: true });
    function done() {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted() {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('Waiting was stopped'));
    }
  });
}
