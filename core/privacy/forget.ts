import type { Database } from '../../prisma/connect.ts';
import { forgetSessions, forgetVisitors } from './store.ts';

/** Days after the last visit until a browser session is forgotten; its cookie lives as long. */
export const SESSION_DAYS = 180;

/** Days after which somebody who came once, agreed to nothing and left nothing is forgotten. */
export const VISITOR_DAYS = 30;

const DAY_MS = 86_400_000;

/**
 * Deletes what nobody will come back to: sessions past their cookie's life, and, with their chats,
 * learners whom no community knows (no external id), who never agreed to anything, did nothing that
 * is kept, and were not heard from for `VISITOR_DAYS`.
 *
 * @returns how many of each went.
 */
export async function forgetOldVisitors(db: Database, now: Date): Promise<{ sessions: number; learners: number }> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
  return {
    sessions: await forgetSessions(db, daysAgo(SESSION_DAYS)),
    learners: await forgetVisitors(db, daysAgo(VISITOR_DAYS)),
  };
}
