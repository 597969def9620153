import { expect, test } from 'vitest';
import { createLearner } from '../../../core/learner/store.ts';
import { mergeLearners } from '../../../core/privacy/merge.ts';
import { claim, conclude } from '../../../queue/delivery/store.ts';
import { testDatabase } from '../../setup/database.ts';
import { waitingForLock } from '../../setup/locks.ts';

const db = testDatabase();
const now = new Date('2026-11-20T10:00:00Z');
/** Begins the query by which a delivery waits for its receiver's turn. */
const TURN = 'select coalesce(o.learner_id';

async function pushTo(learnerId: string): Promise<string> {
  const { id } = await db.prisma.outboxMessage.create({
    data: {
      ...{ idempotencyKey: crypto.randomUUID(), learnerId, kind: 'push', status: 'queued' },
      ...{ reply: { text: { key: 'push' } }, expiresAt: new Date(now.getTime() + 86_400_000) },
    },
  });
  return id;
}

test('who becomes one with another account while their turn is waited for has their turn taken as who they are now', async () => {
  const [keep, gone] = [(await createLearner(db)).id, (await createLearner(db)).id];
  await db.prisma.learner.update({ where: { id: keep }, data: { createdAt: new Date(0) } });
  const [first, second] = [await pushTo(gone), await pushTo(keep)];
  const [holder, one, other] = await Promise.all([db.pool.connect(), db.pool.connect(), db.pool.connect()]);
  try {
    // The merge has the turns of both, and waits.
    await holder.query('begin');
    await holder.query('select from learners where id = $1 for update', [keep]);
    const merging = mergeLearners(db, keep, gone, now);
    await waitingForLock(db, 'select id from learners');
    await one.query('begin');
    const claiming = claim(one, first, undefined, now, 'UTC');
    await waitingForLock(db, TURN);
    await holder.query('commit');
    expect(await merging).toEqual({ ok: true, learnerId: keep });
    expect((await claiming)?.message.learnerId).toBe(keep);

    await other.query('begin');
    const next = claim(other, second, undefined, now, 'UTC');
    await waitingForLock(db, TURN);
    await conclude(one, first, { status: 'sending' }, now);
    await one.query('commit');
    expect((await next)?.moment.sentToday).toBe(1);
    await other.query('commit');
  } finally {
    for (const client of [holder, one, other]) client.release(true);
  }
});

test('what has ended, and what there never was, can not be taken', async () => {
  const message = await pushTo((await createLearner(db)).id);
  await conclude(db.pool, message, { status: 'aborted', reason: 'stopped' }, now);
  const client = await db.pool.connect();
  try {
    await client.query('begin');
    expect(await claim(client, message, undefined, now, 'UTC')).toBeUndefined();
    expect(await claim(client, crypto.randomUUID(), undefined, now, 'UTC')).toBeUndefined();
  } finally {
    client.release(true);
  }
});
