import type { Database } from '../../prisma/connect.ts';
import { forgetExpired, forgetSessions, forgetVisitors, type Forgotten } from './store.ts';

/** Days after the last visit until a browser session is forgotten; its cookie lives as long. */
export const SESSION_DAYS = 180;

/** Days after which somebody who came once, agreed to nothing and left nothing is forgotten. */
export const VISITOR_DAYS = 30;

/** Days after its answer until an update of a platform is forgotten: a repeat comes sooner or not at all. */
const UPDATE_DAYS = 2;

/** Days until buttons, polls and messages in a chat lead nowhere any more. */
const TRACE_DAYS = 180;

const DAY_MS = 86_400_000;

/**
 * Deletes what nobody will come back to: sessions past their cookie's life, and, with their chats,
 * learners whom nobody else knows (no external id), who never agreed to anything, did nothing that
 * is kept, and were not heard from for `VISITOR_DAYS`.
 *
 * @returns how many of each went.
 */
export async function forgetOldVisitors(db: Database, now: Date): Promise<{ sessions: number; learners: number }> {
  return {
    sessions: await forgetSessions(db, daysBefore(now, SESSION_DAYS)),
    learners: await forgetVisitors(db, daysBefore(now, VISITOR_DAYS)),
  };
}

/**
 * Deletes what channels keep for a while: answered updates, what stands behind buttons and sent
 * messages, link codes, and the words of questions whose time to be answered is over.
 */
export function forgetOldTraces(db: Database, now: Date): Promise<Forgotten> {
  return forgetExpired(db, {
    answeredBefore: daysBefore(now, UPDATE_DAYS),
    leftBefore: daysBefore(now, VISITOR_DAYS),
    usedBefore: daysBefore(now, TRACE_DAYS),
    now,
  });
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY_MS);
