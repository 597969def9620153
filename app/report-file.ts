import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { UserError } from './explain.ts';

/**
 * Makes sure, before work whose report would be lost, that a file can be written, and makes its folder.
 *
 * @param option names the file in errors.
 * @param file nothing is written without.
 * @returns writes the report as JSON: a reader sees the old file or the new, never half.
 */
export async function reportFile(
  option: string,
  file: string | undefined,
): Promise<(report: unknown) => Promise<void>> {
  if (file === undefined) return async () => {};
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

  return async (report) => {
    const beside = path.join(folder, `.${path.basename(file)}.${randomUUID()}`);
    try {
      await fs.writeFile(beside, `${JSON.stringify(report, null, 2)}\n`);
      await fs.rename(beside, file);
    } catch (error) {
      await fs.rm(beside, { force: true });
      throw error;
    }
  };
}
