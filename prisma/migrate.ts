import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ClientBase } from 'pg';
import { DatabaseError } from './error.ts';
import { transaction } from './transaction.ts';

/** The advisory lock that Prisma's own migration engine takes. */
const MIGRATION_LOCK = 72707369;

export const migrationsFolder = path.join(import.meta.dirname, 'migrations');

/**
 * Applies the migrations that the database lacks, one transaction each, and records them in
 * Prisma's own `_prisma_migrations` form, so that `prisma migrate` agrees with the history.
 *
 * @returns the names of the migrations applied now.
 * @throws when a migration failed earlier or was edited after it was applied.
 */
export async function applyMigrations(client: ClientBase, folder = migrationsFolder): Promise<string[]> {
  const applied: string[] = [];
  await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
  try {
    await client.query(`create table if not exists "_prisma_migrations" (
      id varchar(36) primary key not null, checksum varchar(64) not null, finished_at timestamptz,
      migration_name varchar(255) not null, logs text, rolled_back_at timestamptz,
      started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`);
    const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
      'select migration_name, checksum, finished_at from "_prisma_migrations" where rolled_back_at is null',
    );
    const known = new Map(rows.map((row) => [row.migration_name, row]));
    for (const { name, sql, checksum } of readMigrations(folder)) {
      const row = known.get(name);
      if (row) {
        if (!row.finished_at)
          throw new DatabaseError(`The migration ${name} failed earlier: restore the database, then retry.`);
        if (row.checksum !== checksum)
          throw new DatabaseError(`The migration ${name} was edited after it was applied.`);
        continue;
      }
      await transaction(client, async () => {
        await client.query(sql);
        await client.query(
          `insert into "_prisma_migrations"(id, checksum, migration_name, started_at, finished_at, applied_steps_count)
           values ($1, $2, $3, now(), clock_timestamp(), 1)`,
          [randomUUID(), checksum, name],
        );
      });
      applied.push(name);
    }
  } finally {
    await client.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  }
  return applied;
}

export function readMigrations(folder = migrationsFolder): { name: string; sql: string; checksum: string }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}
