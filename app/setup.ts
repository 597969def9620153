import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../prisma/connect.ts';

const SETUP_LOCK = 4_071_776_512;
const ASK_EVERY_MS = 250;

/**
 * Sets a new installation up in one process while others that start on the same database wait: a
 * sample loaded twice, or first models trained twice, would get in each other's way.
 */
export async function setUpAlone<T>(
  db: Database,
  { signal, print }: { signal: AbortSignal; print: (line: string) => void },
  work: () => Promise<T>,
): Promise<T> {
  const client = await db.pool.connect();
  try {
    for (let asked = 0; ; asked++) {
      const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [SETUP_LOCK]);
      if (rows[0]!.taken) break;
      if (asked === 0) print('Another process is setting this database up: waiting for it');
      await pause(ASK_EVERY_MS, undefined, { signal });
    }
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [SETUP_LOCK]);
    }
  } finally {
    client.release();
  }
}
