import { connect, type Database } from '../prisma/connect.ts';
import { readSettings, type Settings } from './settings.ts';

/** Opens the database for one command, beside a running server or alone, and closes it after. */
export async function withDatabase<T>(work: (db: Database, settings: Settings) => Promise<T>): Promise<T> {
  const settings = readSettings();
  const db = await connect({
    folder: settings.folder,
    url: settings.databaseUrl,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return await work(db, settings);
  } finally {
    await db.close();
  }
}
