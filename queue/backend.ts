import { createPostgresBackend, Queue, runMigrations, withBackend, Worker, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';

/** Names of the queues; each has its own concurrency. */
export const queueNames = ['deliver', 'plan', 'train'] as const;
export type QueueName = (typeof queueNames)[number];

export type Schedule = { everyMs: number } | { cron: string };

export interface JobQueue {
  /** Adds jobs; one whose id is waiting or running already is left out. */
  add(jobs: readonly { name: string; data: unknown; id?: string }[]): Promise<void>;
  /** Makes the schedules of this queue exactly these, by job name. */
  setSchedules(schedules: Readonly<Record<string, Schedule>>): Promise<void>;
  /** Jobs that wait or run. */
  size(): Promise<number>;
}

export interface JobHandling {
  concurrency: number;
  handle: (name: string, data: unknown) => Promise<void>;
  /** A job threw, or the backend had trouble. */
  onError: (error: Error, jobName?: string) => void;
}

/** What carries jobs: BullMQ on PostgreSQL or on Redis. The outbox row is the truth; a job only points at it. */
export interface Backend {
  readonly kind: 'postgresql' | 'redis';
  /** The client that shared rate limits are kept with. */
  readonly store: pg.Pool | Redis;
  queue(name: QueueName): JobQueue;
  /** Takes jobs until it is closed, which waits for those at work. */
  work(name: QueueName, handling: JobHandling): Promise<{ close(): Promise<void> }>;
  close(): Promise<void>;
}

export interface BackendOptions {
  /** Of the database, for PostgreSQL. */
  config: pg.PoolConfig;
  redisUrl?: string | undefined;
  log: (line: string) => void;
}

/** Schema of BullMQ's tables in PostgreSQL, and prefix of its keys in Redis. */
const NAMESPACE = 'bullmq';

/** A worker that was killed is noticed after about 8 seconds instead of BullMQ's 65. */
const LIVENESS = { lockDuration: 5000, stalledInterval: 2500, maxStalledCount: 2 };

/** Connections of the queue's own: one LISTEN for each worker, the rest for its commands. */
const POOL = 8;

export async function createBackend({ config, redisUrl, log }: BackendOptions): Promise<Backend> {
  return redisUrl ? onRedis(redisUrl, log) : onPostgres(config, log);
}

/** The parts of BullMQ that we use; its two backends differ in their generic types alone. */
interface Bull {
  queue(name: string): Queue;
  worker(name: string, process: (job: Job) => Promise<void>, options: { concurrency: number }): Worker;
}

async function onPostgres(config: pg.PoolConfig, log: (line: string) => void): Promise<Backend> {
  const pool = new pg.Pool({
    ...config,
    max: POOL,
    keepAlive: true,
    // A job lost in a crash of the database costs nothing: the relay finds its row again.
    options: `-c search_path=${NAMESPACE} -c synchronous_commit=off`,
  });
  pool.setMaxListeners(0);
  pool.on('error', (error) => log(`queue: ${error.message}`));
  const client = await pool.connect();
  try {
    await runMigrations(client, NAMESPACE);
  } catch (error) {
    client.release();
    await pool.end();
    throw error;
  }
  client.release();
  const { Queue: PgQueue, Worker: PgWorker } = withBackend(createPostgresBackend);
  // BullMQ's own type of a pool does not fit pg's under exactOptionalPropertyTypes; it takes pg's.
  const connection = pool as never;
  return assemble('postgresql', pool, () => pool.end(), {
    queue: (name) => new PgQueue(name, { connection }) as unknown as Queue,
    worker: (name, process, options) =>
      new PgWorker(name, process as never, { ...options, ...LIVENESS, connection }) as unknown as Worker,
  });
}

/** The queue's store can not be reached; the message is for the person at the terminal. */
export class BackendError extends Error {}

async function onRedis(url: string, log: (line: string) => void): Promise<Backend> {
  let problem = 'no answer';
  let reached = false;
  const connection = new Redis(url, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    // A Redis that was there comes back; one that never was is a wrong address, and waiting would hide it.
    retryStrategy: (attempt) => (reached ? Math.min(attempt * 200, 5_000) : null),
  });
  connection.on('error', (error: Error) => {
    problem = error.message;
    if (reached) log(`queue: ${problem}`);
  });
  try {
    await connection.connect();
    reached = true;
  } catch (cause) {
    connection.disconnect();
    throw new BackendError(`The Redis of REDIS_URL can not be used: ${problem}`, { cause });
  }
  const close = async () => {
    await connection.quit();
  };
  return assemble('redis', connection, close, {
    queue: (name) => new Queue(name, { connection, prefix: NAMESPACE }),
    worker: (name, process, options) =>
      new Worker(name, process, { ...options, ...LIVENESS, connection, prefix: NAMESPACE }),
  });
}

function assemble(
  kind: Backend['kind'],
  store: Backend['store'],
  closeStore: () => Promise<void>,
  bull: Bull,
): Backend {
  const queues = new Map<QueueName, Queue>();
  const opened = (name: QueueName): Queue => {
    let queue = queues.get(name);
    if (!queue) queues.set(name, (queue = bull.queue(name)));
    return queue;
  };
  return {
    kind,
    store,
    queue: (name) => jobQueue(opened(name)),
    async work(name, { concurrency, handle, onError }) {
      const worker = bull.worker(name, (job) => handle(job.name, job.data), { concurrency });
      worker.on('failed', (job, error) => onError(error, job?.name));
      worker.on('error', (error) => onError(error));
      await worker.waitUntilReady();
      return { close: () => worker.close() };
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await closeStore();
    },
  };
}

function jobQueue(queue: Queue): JobQueue {
  return {
    async add(jobs) {
      if (jobs.length === 0) return;
      await queue.addBulk(
        jobs.map(({ name, data, id }) => ({
          name,
          data,
          // Kept jobs would block their id for ever; what became of a message stands in its row.
          opts: { ...(id !== undefined && { jobId: id }), removeOnComplete: true, removeOnFail: true },
        })),
      );
    },
    async setSchedules(schedules) {
      for (const [name, schedule] of Object.entries(schedules)) {
        const repeat = 'cron' in schedule ? { pattern: schedule.cron, tz: 'UTC' } : { every: schedule.everyMs };
        await queue.upsertJobScheduler(name, repeat, {
          name,
          data: {},
          opts: { removeOnComplete: true, removeOnFail: true },
        });
      }
      for (const { key } of await queue.getJobSchedulers())
        if (!(key in schedules)) await queue.removeJobScheduler(key);
    },
    async size() {
      const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
  };
}
