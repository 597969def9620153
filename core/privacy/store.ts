import type { Database } from '../../prisma/connect.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import { erasureKey, eraseLearner as eraseFromLearners } from '../learner/erasure/store.ts';
import { following } from '../learner/store.ts';

/** Section of the export → table with rows of one person, apart from those that core/learner exports. */
export const personalTables = {
  events: { table: 'events', order: 'id' },
  interest: { table: 'learner_states', order: 'updated_at' },
  campaigns: { table: 'campaign_members', order: 'created_at' },
  coupons: { table: 'coupons', order: 'created_at' },
  orders: { table: 'orders', order: 'created_at' },
  invoices: { table: 'invoices', order: 'created_at' },
  messages: { table: 'outbox_messages', order: 'created_at' },
  inbox: { table: 'web_inbox', order: 'id' },
  sent: { table: 'sent_messages', order: 'sent_at' },
  polls: { table: 'polls', order: 'sent_at' },
  sessions: { table: 'web_sessions', order: 'created_at' },
  conversations: { table: 'conversations', order: 'updated_at' },
  challenges: { table: 'challenge_members', order: 'joined_at' },
  questions: { table: 'questions', order: 'id' },
  linkCodes: { table: 'link_codes', order: 'expires_at' },
  formerIds: { table: 'former_ids', order: 'id' },
  invitedBy: { table: 'referrals', order: 'at', column: 'referred_id' },
  invited: { table: 'referrals', order: 'at', column: 'referrer_id' },
} as const;

/** Left out of every row: whose it is, who else is in it, and what opens something. */
const LEFT_OUT = ['learner_id', 'referred_id', 'referrer_id', 'id_hash', 'hash'];

export type PersonalSection = keyof typeof personalTables;
export type PersonalRow = Record<string, unknown>;

/** Every row about a person, as they are stored at one moment. */
export async function personalRows(db: Database, learnerId: string): Promise<Record<PersonalSection, PersonalRow[]>> {
  return inTransaction(db.pool, async (client) => {
    await client.query('set transaction isolation level repeatable read read only');
    const sections = {} as Record<PersonalSection, PersonalRow[]>;
    for (const [section, { table, order, ...by }] of Object.entries(personalTables)) {
      const column = 'column' in by ? by.column : 'learner_id';
      const { rows } = await client.query<{ row: PersonalRow }>(
        `select to_jsonb(t) - $2::text[] as row from ${table} t where ${column} = $1 order by ${order}`,
        [learnerId, LEFT_OUT],
      );
      sections[section as PersonalSection] = rows.map(({ row }) => row);
    }
    return sections;
  });
}

const TIMEOUT_MS = 120_000;

/**
 * Removes every row of a person in one transaction. Sales, invoices, coupons and places in campaigns stay
 * without the person (their foreign keys are set null), so that totals stay true.
 *
 * Whose accounts became one at this moment is erased as who they are now.
 *
 * @returns false when there is no such learner.
 */
export async function erasePerson(db: Database, learnerId: string): Promise<boolean> {
  const key = await erasureKey(db);
  const erased = await following(db, learnerId, (current) =>
    db.prisma.$transaction(
      async (tx) => {
        // Held until the end: whoever records something about the person waits, and then finds nobody.
        const found = await tx.$queryRaw<unknown[]>`select id from learners where id = ${current}::uuid for update`;
        if (found.length === 0) return undefined;
        await eraseFromLearners(tx, key, current);
        return true;
      },
      { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
    ),
  );
  return erased ?? false;
}

/** Deletes sessions that were last seen before a moment. @returns how many. */
export async function forgetSessions(db: Database, seenBefore: Date): Promise<number> {
  const { rowCount } = await db.pool.query('delete from web_sessions where seen_at <= $1', [seenBefore]);
  return rowCount ?? 0;
}

/** What was kept for a while, and may go when it stands since before each moment. */
export interface Expired {
  /** Updates answered before this. */
  answeredBefore: Date;
  /** Updates that nobody has answered, of a platform that is not connected any more. */
  leftBefore: Date;
  /** Buttons, pictures, polls and sent messages that were used or sent before this. */
  usedBefore: Date;
  now: Date;
}

/** How many rows of each went. */
export type Forgotten = Record<
  'updates' | 'buttons' | 'pictures' | 'polls' | 'sent' | 'linkCodes' | 'questions',
  number
>;

/** Deletes expired rows; of a question that a manager did not answer in time, the words. */
export async function forgetExpired(
  db: Database,
  { answeredBefore, leftBefore, usedBefore, now }: Expired,
): Promise<Forgotten> {
  const gone = async (sql: string, ...values: Date[]) => (await db.pool.query(sql, values)).rowCount ?? 0;
  return {
    updates: await gone('delete from updates where done_at < $1 or received_at < $2', answeredBefore, leftBefore),
    buttons: await gone('delete from press_tokens where used_at < $1', usedBefore),
    pictures: await gone('delete from platform_files where used_at < $1', usedBefore),
    polls: await gone('delete from polls where sent_at < $1', usedBefore),
    sent: await gone('delete from sent_messages where sent_at < $1', usedBefore),
    linkCodes: await gone('delete from link_codes where expires_at < $1', answeredBefore),
    questions: await gone('update questions set words = null where expires_at <= $1 and words is not null', now),
  };
}

/** Learners of one transaction: whoever waits for one of them waits shortly. */
const FORGOTTEN_AT_ONCE = 500;

/**
 * Deletes learners who came before a moment and not since, and left nothing that must be kept. A refusal is no consent: nothing needs to be proved by it.
 *
 * @returns how many.
 */
export async function forgetVisitors(db: Database, heardBefore: Date): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const some = await inTransaction(db.pool, async (client) => {
      // Who is at it this moment is passed over until the next time.
      const { rows } = await client.query<{ id: string }>(
        `select id from learners l
         where created_at < $1 and not simulated and not recording and not messages
           and not exists (select from external_ids where learner_id = l.id)
           and not exists (select from consent_records where learner_id = l.id and granted)
           and not exists (select from orders where learner_id = l.id)
           and not exists (select from events where learner_id = l.id)
           and not exists (select from coupons where learner_id = l.id and expires_at >= $1)
           and not exists (select from addresses where learner_id = l.id and used_at >= $1)
           and not exists (select from web_sessions where learner_id = l.id and seen_at >= $1)
         limit ${FORGOTTEN_AT_ONCE} for update skip locked`,
        [heardBefore],
      );
      const ids = rows.map(({ id }) => id);
      await client.query('delete from learners where id = any($1::uuid[])', [ids]);
      return ids.length;
    });
    forgotten += some;
    if (some < FORGOTTEN_AT_ONCE) return forgotten;
  }
}
