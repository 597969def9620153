import { connect, type Database } from '../prisma/connect.ts';
import { UserError } from './explain.ts';
import { readSettings, type Settings } from './settings.ts';

/** Opens the database for one command, beside a running server or alone, and closes it after. */
export async function withDatabase<T>(work: (db: Database, settings: Settings) => Promise<T>): Promise<T> {
  const settings = readSettings();
  const db = await openDatabase(settings, (line) => process.stderr.write(`${line}\n`));
  try {
    return await work(db, settings);
  } finally {
    await db.close();
  }
}

/** @throws UserError where the data folder can not be used. */
export async function openDatabase(
  { folder, databaseUrl: url }: Pick<Settings, 'folder' | 'databaseUrl'>,
  log: (line: string) => void,
): Promise<Database> {
  try {
    return await connect({ folder, url, log });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!url && folderProblems.has(code ?? '')) {
      throw new UserError(
        `The data folder ${folder} can not be used: ${message}. Choose another one: COURSEBELL_DATA=<folder>`,
        { cause: error },
      );
    }
    throw error;
  }
}

const folderProblems = new Set(['EACCES', 'EPERM', 'EROFS', 'EEXIST', 'ENOTDIR', 'ENOENT', 'ENOSPC']);
