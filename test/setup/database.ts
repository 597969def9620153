import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { open, type Database } from '../../prisma/connect.ts';

/** A migrated, empty database of the calling test file's own, dropped after its last test. */
export function testDatabase(): Database {
  let database: Database | undefined;
  const connection = inject('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  beforeAll(async () => {
    await asAdmin(`create database ${name} template coursebell strategy wal_log`);
    database = await open({ ...connection, database: name });
  });
  afterAll(async () => {
    await database?.close();
    await asAdmin(`drop database if exists ${name} with (force)`);
  });
  return {
    get prisma() {
      return opened().prisma;
    },
    get pool() {
      return opened().pool;
    },
    get config() {
      return opened().config;
    },
    close: () => opened().close(),
  };

  function opened(): Database {
    if (!database) throw new Error('The test database opens before the first test, not before the file');
    return database;
  }

  async function asAdmin(sql: string) {
    const client = new pg.Client({ ...connection, database: 'postgres' });
    await client.connect();
    // Two copies of one template at once are refused by PostgreSQL: take turns.
    await client.query('select pg_advisory_lock(1)');
    await client.query(sql);
    await client.end();
  }
}
