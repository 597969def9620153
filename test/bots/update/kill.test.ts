import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { unfinishedUpdates } from '../../../bots/update/store.ts';
import { createLearner } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();

const UPDATES = 1_200;
const CHATS = 7;
const BATCH = 20;
/** Batches that a process takes before it is killed, in the middle of their work. */
const LIVES = [3, 9, 1, 6, 12];

it('loses no update, counts none twice and keeps the order of each chat, however often the process is killed', async () => {
  const learners = await Promise.all(Array.from({ length: CHATS }, () => createLearner(db)));
  const updates = Array.from({ length: UPDATES }, (_, n) => ({
    id: String(1 + n),
    payload: { chat: String(n % CHATS), learnerId: learners[n % CHATS]!.id },
  }));
  /** What the platform was told: as with Telegram, what comes after it is sent (again). */
  let confirmed = 0;

  for (const batches of LIVES) {
    const taker = start();
    await once(taker, 'message');
    for (let taken = 0; taken < batches; taken++) {
      taker.send(updates.slice(confirmed, confirmed + BATCH));
      await once(taker, 'message');
      // Of the last one the process dies before it can tell the platform.
      if (taken < batches - 1) confirmed += BATCH;
    }
    taker.kill('SIGKILL');
    await once(taker, 'exit');
  }
  expect((await unfinishedUpdates(db, 'telegram')).length).toBeGreaterThan(0);

  const last = start();
  await once(last, 'message');
  for (; confirmed < UPDATES; confirmed += BATCH) {
    last.send(updates.slice(confirmed, confirmed + BATCH));
    await once(last, 'message');
  }
  last.send([]);
  await once(last, 'exit');

  const { rows } = await db.pool.query<{ learner_id: string; value: number }>(
    'select learner_id, value from events order by id',
  );
  expect({ lost: UPDATES - new Set(rows.map(({ value }) => value)).size, doubled: rows.length - UPDATES }).toEqual({
    lost: 0,
    doubled: 0,
  });
  for (const { id } of learners) {
    const values = rows.filter((row) => row.learner_id === id).map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  }
  expect(await unfinishedUpdates(db, 'telegram')).toEqual([]);
});

function start() {
  return fork(fileURLToPath(new URL('taker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, DATABASE_CONFIG: JSON.stringify(db.config) },
  });
}
