import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { planPushes } from '../../../core/campaign/planning.ts';
import type { Database } from '../../../prisma/connect.ts';
import { listingRecommender, sampleCourse } from '../../doubles/recommender.ts';
import type { WorkerInput } from './worker.ts';

export interface Figures {
  planned: number;
  /** Sent when the process was killed. */
  sentBeforeKill: number;
  /** Never sent. */
  lost: number;
  /** Sent more than once. */
  doubled: number;
  /** From the second start to the last message sent. */
  recoverySeconds: number;
}

/**
 * Plans a push for each of so many learners into an empty database, kills the worker process with
 * SIGKILL when a third is sent, starts another, and compares what was sent with what was planned.
 */
export async function pushKill(
  db: Database,
  { learners, folder, redisUrl }: { learners: number; folder: string; redisUrl?: string },
): Promise<Figures> {
  await db.pool.query(
    `with made as (insert into learners (messages, recording, quiet_from, quiet_to) select true, true, 0, 0 from generate_series(1, $1) returning id)
     insert into addresses (learner_id, channel, chat, messages) select id, 'telegram', id::text, true from made`,
    [learners],
  );
  const course = sampleCourse('a', 'Data');
  const planned = await planPushes(
    {
      db,
      catalogue: { get: () => course },
      recommender: () => listingRecommender([course]).recommender,
      defaultTimeZone: 'UTC',
    },
    new Date(),
    { anyHour: true },
  );

  const file = path.join(folder, 'sent');
  fs.writeFileSync(file, '');
  const sent = () => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean);
  const input: WorkerInput = { connection: db.config, file, latencyMs: 2, ...(redisUrl !== undefined && { redisUrl }) };
  const startWorker = () =>
    spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'worker.ts'), JSON.stringify(input)], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });

  const first = startWorker();
  while (sent().length < learners / 3) {
    if (first.exitCode !== null) throw new Error(`The worker ended with ${first.exitCode}`);
    await setTimeout(2);
  }
  first.kill('SIGKILL');
  await once(first, 'exit');
  const sentBeforeKill = sent().length;

  const second = startWorker();
  const startedAt = performance.now();
  try {
    while ((await unsettled(db)) > 0) {
      if (second.exitCode !== null) throw new Error(`The worker ended with ${second.exitCode}`);
      await setTimeout(50);
    }
  } finally {
    second.kill('SIGTERM');
    await once(second, 'exit');
  }
  const ids = sent();
  const distinct = new Set(ids).size;
  return {
    planned,
    sentBeforeKill,
    lost: planned - distinct,
    doubled: ids.length - distinct,
    recoverySeconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

async function unsettled(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    "select count(*)::int as count from outbox_messages where status in ('pending', 'queued', 'sending')",
  );
  return rows[0]!.count;
}
