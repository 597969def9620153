import type { Database } from '../../../prisma/connect.ts';
import type { Learner } from '../../learner/learner.ts';
import { LEARNER } from '../../learner/store.ts';

/** A learner as planning sees them. */
export interface Prospect extends Learner {
  /** Has an address that works, where they agreed to be written to. */
  reachable: boolean;
}

/**
 * Learners in the order of their ids, after `after`. `contactable` leaves out those who can get no
 * message: without consent, without an address that works where they gave it, simulated.
 */
export async function prospects(
  db: Database,
  { after, limit, contactable }: { after: string | null; limit: number; contactable: boolean },
): Promise<Prospect[]> {
  const { rows } = await db.pool.query<Prospect>(
    `select ${PROSPECT} from learners l
     where ($1::uuid is null or l.id > $1) and (not $3 or (l.messages and not l.simulated and ${REACHABLE}))
     order by l.id limit $2`,
    [after, limit, contactable],
  );
  return rows;
}

/** Those of these learners who can get a message. */
export async function contactable(db: Database, learnerIds: readonly string[]): Promise<Prospect[]> {
  const { rows } = await db.pool.query<Prospect>(
    `select ${PROSPECT} from learners l
     where l.id = any($1::uuid[]) and l.messages and not l.simulated and ${REACHABLE} order by l.id`,
    [learnerIds],
  );
  return rows;
}

/** Learners who asked to be reminded of their lessons and can be, in the order of their ids, after `after`. */
export async function remindable(
  db: Database,
  { after, limit }: { after: string | null; limit: number },
): Promise<(Learner & { reminderHour: number })[]> {
  const { rows } = await db.pool.query<Learner & { reminderHour: number }>(
    `select ${LEARNER} from learners l
     where ($1::uuid is null or l.id > $1) and l.reminder_hour is not null and not l.simulated
       and exists (select from addresses a where a.learner_id = l.id and a.reachable and a.reminders)
     order by l.id limit $2`,
    [after, limit],
  );
  return rows;
}

/** Courses that these learners have bought here and not given back. */
export async function boughtCourses(db: Database, learnerIds: readonly string[]): Promise<Map<string, string[]>> {
  const { rows } = await db.pool.query<{ id: string; courses: string[] }>(
    `select learner_id as id, array_agg(distinct course_id) as courses from orders
     where learner_id = any($1::uuid[]) and status = 'paid' group by learner_id`,
    [learnerIds],
  );
  return new Map(rows.map((row) => [row.id, row.courses]));
}

const REACHABLE = 'exists (select 1 from addresses a where a.learner_id = l.id and a.reachable and a.messages)';
const PROSPECT = `${LEARNER}, ${REACHABLE} as reachable`;

/** Which of these outbox keys are taken. */
export async function takenKeys(db: Database, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.pool.query<{ key: string }>(
    'select idempotency_key as key from outbox_messages where idempotency_key = any($1::text[])',
    [keys],
  );
  return new Set(rows.map((row) => row.key));
}

/** Courses that messages to these learners have shown since then. */
export async function shownCourses(
  db: Database,
  learnerIds: readonly string[],
  since: Date,
): Promise<Map<string, string[]>> {
  const { rows } = await db.pool.query<{ id: string; courses: string[] }>(
    `select learner_id as id, array_agg(distinct reply->>'course') as courses from outbox_messages
     where learner_id = any($1::uuid[]) and kind = 'push' and created_at >= $2 and reply->>'course' is not null
       and status in ('pending', 'queued', 'sending', 'sent')
     group by learner_id`,
    [learnerIds, since],
  );
  return new Map(rows.map((row) => [row.id, row.courses]));
}

export async function learnerCount(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>('select count(*)::int as count from learners');
  return rows[0]!.count;
}
