import fs from 'node:fs/promises';
import path from 'node:path';
import { UserError } from './explain.ts';

/** Refuses a file that can not be written, before work whose report would be lost. Makes its folder. */
export async function checkReportFile(option: string, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const folder = path.dirname(path.resolve(file));
  try {
    await fs.mkdir(folder, { recursive: true });
    await fs.access(folder, fs.constants.W_OK);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new UserError(`${option}: ${folder} can not be written to (${code}); name a file in another folder`, {
      cause: error,
    });
  }
  const found = await fs.stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new UserError(`${option}: ${file} is a folder; name a file in it`);
}
