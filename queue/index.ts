import { setMaxListeners } from 'node:events';
import type { Catalogue } from '../core/catalogue/catalogue.ts';
import { errorText } from '../core/numerics/error-text.ts';
import type { Recommender } from '../core/recommend/slate.ts';
import type { Database } from '../prisma/connect.ts';
import { createBackend, type QueueName } from './backend.ts';
import { createDeliver } from './delivery/deliver.ts';
import { handleJobs, type WorkerSettings } from './handlers.ts';
import { createRegistry, type JobName } from './jobs.ts';
import { createPacer } from './pacing/pacing.ts';
import type { Channel } from './ports.ts';
import { relay } from './relay.ts';
import { schedules, schedulesOf } from './schedules.ts';

export interface WorkerOptions {
  db: Database;
  catalogue: Catalogue;
  /** The champion, and how to fetch a newer one. */
  serving: { current(): Recommender | undefined; reload(): Promise<unknown> };
  /** Trains and stores a new model version; `serving.reload` follows it. */
  train: () => Promise<unknown>;
  channels: readonly Channel[];
  settings: WorkerSettings;
  /** Takes one line without learner data. */
  log: (line: string) => void;
  clock?: () => Date;
  /** 'worker' plans and delivers, 'trainer' trains; both when left out. */
  roles?: readonly ('worker' | 'trainer')[];
  /** false: nothing runs by itself, only by `runNow` (tests). */
  scheduled?: boolean;
}

export interface Workers {
  /** Puts due messages on the queue at once instead of within `RELAY_EVERY_MS`; returns how many. */
  relayNow(): Promise<number>;
  /** Does a scheduled job here and now, whether its time has come or not. */
  runNow(job: Exclude<JobName, 'deliver'>): Promise<void>;
  /** Asks for training as soon as a trainer is free; asking again before that changes nothing. */
  trainSoon(): Promise<void>;
  /** Takes no more jobs, waits for those at work, and closes the queue's connections. The database comes after it. */
  close(): Promise<void>;
}

/**
 * The outbox is looked through by a timer and not by a scheduled job: what brings back messages
 * whose job was lost must not be lost with the queue.
 */
const RELAY_EVERY_MS = 2000;

/** Deliveries at once in one process; most of them wait for their chat's or the platform's pace. */
const DELIVERIES = 16;

/** Starts what works in the background: pushes, campaigns, delivery, training. */
export async function startWorkers(options: WorkerOptions): Promise<Workers> {
  const { db, catalogue, serving, channels, settings, log, scheduled = true } = options;
  const clock = options.clock ?? (() => new Date());
  const roles = options.roles ?? ['worker', 'trainer'];
  const backend = await createBackend({ config: db.config, redisUrl: settings.redisUrl, log });
  const stopping = new AbortController();
  // As many deliveries wait for it as there are, and each leaves it again.
  setMaxListeners(0, stopping.signal);
  const limits = { dailyCap: settings.push.dailyCap, defaultTimeZone: settings.push.defaultTimeZone };
  const planning = {
    db,
    catalogue,
    recommender: () => serving.current(),
    defaultTimeZone: settings.push.defaultTimeZone,
  };
  const deliver = createDeliver({
    db,
    channels,
    pacer: await createPacer(backend.store),
    limits,
    clock,
    signal: stopping.signal,
  });
  let relaying: Promise<number> | undefined;

  const relayNow = () =>
    (relaying ??= relay(db, backend.queue('deliver'), clock()).finally(() => (relaying = undefined)));
  const askForTraining = (byHand: boolean) =>
    backend.queue('train').add([{ name: 'train', data: { byHand }, id: 'train' }]);

  const registry = createRegistry();
  handleJobs(registry, {
    ...options,
    clock,
    planning,
    deliver,
    relayNow,
    askForTraining: () => askForTraining(false),
  });

  const concurrency: Partial<Record<QueueName, number>> = {
    ...(roles.includes('worker') && { deliver: DELIVERIES, plan: 2 }),
    ...(roles.includes('trainer') && { train: 1 }),
  };
  const queues = Object.keys(concurrency) as QueueName[];
  registry.check(queues);
  const times = scheduled ? schedules(settings.train.schedule) : {};
  for (const queue of queues) await backend.queue(queue).setSchedules(schedulesOf(queue, times));
  const workers = await Promise.all(
    queues.map((queue) =>
      backend.work(queue, {
        concurrency: concurrency[queue]!,
        handle: (name, data) => registry.run(name, data),
        onError: (error, job) => {
          if (!stopping.signal.aborted) log(`${job ?? queue}: ${errorText(error)}`);
        },
      }),
    ),
  );
  const timer =
    scheduled && roles.includes('worker')
      ? setInterval(() => {
          relayNow().catch((error: unknown) => log(`relay: ${errorText(error)}`));
        }, RELAY_EVERY_MS)
      : undefined;

  let closed: Promise<void> | undefined;
  return {
    relayNow,
    runNow: (job) => registry.run(job, {}),
    trainSoon: () => askForTraining(true),
    close: () =>
      (closed ??= (async () => {
        clearInterval(timer);
        stopping.abort(new Error('The worker closes'));
        await Promise.all(workers.map((worker) => worker.close()));
        await relaying?.catch(() => 0);
        await backend.close();
      })()),
  };
}
