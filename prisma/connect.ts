import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { joinEmbedded } from './embedded.ts';
import { DatabaseError } from './error.ts';
import { PrismaClient } from './generated/client.ts';
import { applyMigrations } from './migrate.ts';

/** An open database: Prisma for single rows, `pool` for bulk and hot paths. */
export interface Database {
  prisma: PrismaClient;
  pool: pg.Pool;
  /** For whoever needs connections of its own (BullMQ, LISTEN). */
  config: pg.PoolConfig;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Folder of the embedded PostgreSQL. */
  folder: string;
  /** An external PostgreSQL instead of the embedded one. */
  url?: string | undefined;
  log?: (line: string) => void;
}

/** Opens the embedded or external database and brings its schema up to date. */
export async function connect({ folder, url, log = () => {} }: ConnectOptions): Promise<Database> {
  if (url) return open({ connectionString: url }, log, async () => {});
  const embedded = await joinEmbedded(folder, log);
  try {
    return await open({ ...embedded.connection }, log, () => embedded.leave());
  } catch (error) {
    await embedded.leave();
    throw error;
  }
}

/** Opens clients on an existing database; `after` runs when both are closed. */
export async function open(
  config: pg.PoolConfig,
  log: (line: string) => void = () => {},
  after: () => Promise<void> = async () => {},
): Promise<Database> {
  const pool = new pg.Pool({ ...config, max: 12 });
  // An idle connection that the server closes must not end the process.
  pool.on('error', (error) => log(`database: ${error.message}`));
  const client = await pool.connect().catch(async (cause: unknown) => {
    await pool.end();
    throw new DatabaseError(`The database does not let us in: ${(cause as Error).message}. Check DATABASE_URL.`, {
      cause,
    });
  });
  try {
    for (const name of await applyMigrations(client)) log(`Migrated the database: ${name}`);
  } catch (error) {
    client.release();
    await pool.end();
    throw error;
  }
  client.release();
  const prisma = new PrismaClient({ adapter: new PrismaPg({ ...config, max: 10 }) });
  let closed: Promise<void> | undefined;
  const close = () =>
    (closed ??= (async () => {
      await prisma.$disconnect();
      await pool.end();
      await after();
    })());
  return { prisma, pool, config, close };
}
