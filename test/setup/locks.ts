import type { Database } from '../../prisma/connect.ts';

/** Resolves when a query that begins so waits for a lock, in this database. */
export async function waitingForLock(db: Database, query: string): Promise<void> {
  for (;;) {
    const { rowCount } = await db.pool.query(
      `select from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and starts_with(ltrim(query, E' \\n'), $1)`,
      [query],
    );
    if (rowCount) return;
  }
}
