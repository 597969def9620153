import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { joinEmbedded } from '../../prisma/embedded.ts';
import { applyMigrations } from '../../prisma/migrate.ts';

/** One PostgreSQL for the whole run, with a migrated template that each test file copies. */
export default async function setup(project: TestProject) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'coursebell-test-'));
  fs.chmodSync(folder, 0o755);
  const server = await joinEmbedded(path.join(folder, 'd'));
  const client = new pg.Client({ ...server.connection, database: 'coursebell' });
  await client.connect();
  await applyMigrations(client);
  await client.end();
  project.provide('postgres', server.connection);
  return async () => {
    await server.leave();
    fs.rmSync(folder, { recursive: true, force: true });
  };
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: import('../../prisma/embedded.ts').Connection;
  }
}
