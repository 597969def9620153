import type { Database } from '../../prisma/connect.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import { erasureKey, eraseLearner as eraseFromLearners } from '../learner/store.ts';

/** Section of the export → table with rows of one person, apart from those that core/learner exports. */
export const personalTables = {
  events: { table: 'events', order: 'id' },
  interest: { table: 'learner_states', order: 'updated_at' },
  campaigns: { table: 'campaign_members', order: 'created_at' },
  coupons: { table: 'coupons', order: 'created_at' },
  orders: { table: 'orders', order: 'created_at' },
  messages: { table: 'outbox_messages', order: 'created_at' },
  inbox: { table: 'web_inbox', order: 'id' },
  sessions: { table: 'web_sessions', order: 'created_at' },
} as const;

export type PersonalSection = keyof typeof personalTables | 'conversations';
export type PersonalRow = Record<string, unknown>;

/** Every row about a person, as they are stored at one moment (hashes of session ids left out). */
export async function personalRows(db: Database, learnerId: string): Promise<Record<PersonalSection, PersonalRow[]>> {
  return inTransaction(db.pool, async (client) => {
    await client.query('set transaction isolation level repeatable read read only');
    const sections = {} as Record<PersonalSection, PersonalRow[]>;
    for (const [section, { table, order }] of Object.entries(personalTables)) {
      const { rows } = await client.query<{ row: PersonalRow }>(
        `select to_jsonb(t) - 'learner_id' - 'id_hash' as row from ${table} t where learner_id = $1 order by ${order}`,
        [learnerId],
      );
      sections[section as PersonalSection] = rows.map(({ row }) => row);
    }
    const { rows } = await client.query<{ row: PersonalRow }>(
      `select to_jsonb(c) as row from conversations c join addresses using (channel, chat) where learner_id = $1`,
      [learnerId],
    );
    sections.conversations = rows.map(({ row }) => row);
    return sections;
  });
}

const TIMEOUT_MS = 120_000;

/**
 * Removes every row of a person in one transaction. Sales, coupons and places in campaigns stay
 * without the person (their foreign keys are set null), so that totals stay true.
 *
 * @returns false when there is no such learner.
 */
export async function erasePerson(db: Database, learnerId: string): Promise<boolean> {
  const key = await erasureKey(db);
  return db.prisma.$transaction(
    async (tx) => {
      // Held until the end: whoever records something about the person waits, and then finds nobody.
      const found = await tx.$queryRaw<unknown[]>`select id from learners where id = ${learnerId}::uuid for update`;
      if (found.length === 0) return false;
      await forgetConversations(tx, learnerId);
      await eraseFromLearners(tx, key, learnerId);
      return true;
    },
    { timeout: TIMEOUT_MS, maxWait: TIMEOUT_MS },
  );
}

async function forgetConversations(tx: Prisma.TransactionClient, learnerId: string): Promise<void> {
  await tx.$executeRaw`
    delete from conversations using addresses
    where addresses.learner_id = ${learnerId}::uuid
      and conversations.channel = addresses.channel and conversations.chat = addresses.chat`;
}
