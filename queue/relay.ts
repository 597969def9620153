import type { Database } from '../prisma/connect.ts';
import type { JobQueue } from './backend.ts';
import { dueMessages, markQueued, stuckMessages } from './store.ts';

/** A message that stands on the queue or in sending for this long has lost its job. */
export const STUCK_AFTER_MS = 60_000;

const PAGE = 500;

/**
 * Puts due messages on the queue, and again those whose job was lost. The job comes first and the
 * mark after it: a crash between the two repeats a job, whose fixed id or whose delivery makes the
 * repeat harmless, and never loses one.
 *
 * @returns how many jobs were added.
 */
export async function relay(db: Database, queue: JobQueue, now: Date): Promise<number> {
  let added = 0;
  for (;;) {
    const due = await dueMessages(db, now, PAGE);
    await queue.add(due.map(jobOf));
    await markQueued(db, due, now);
    added += due.length;
    if (due.length < PAGE) break;
  }
  const stuck = await stuckMessages(db, new Date(now.getTime() - STUCK_AFTER_MS), now, PAGE);
  await queue.add(stuck.map(jobOf));
  return added + stuck.length;
}

const jobOf = (messageId: string) => ({ name: 'deliver', data: { messageId }, id: messageId });
