import fs from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Entry, Journal, SearchOf } from './journal.ts';

/** A journal that can not be gone on with; the message says why, and what to do. */
export class JournalError extends Error {}

/**
 * Opens the journal of a search, JSON lines: what the search is of, then one line a fit. A last line
 * that a kill has cut off is dropped; that fit is made again. A new one is not there before its first fit: a
 * search that could not begin leaves nothing that another would have to go on with.
 *
 * @throws JournalError where the file is of another search, or no journal.
 */
export async function openJournal(file: string, of: SearchOf): Promise<Journal> {
  await fs.mkdir(path.dirname(file), { recursive: true });
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [head, ...entries] = whole
    .split('\n')
    .slice(0, -1)
    .map((line, at) => parsed(line, file, at + 1));
  let begun = head !== undefined;
  if (begun) {
    const { search } = head as { search?: SearchOf };
    if (!isDeepStrictEqual(search, of)) throw new JournalError(differing(file, search, of));
    if (whole.length < text.length) await fs.writeFile(file, whole);
  }
  return {
    before: entries as Entry[],
    async append(entry) {
      const lines = begun ? [entry] : [{ search: of }, entry];
      await fs.appendFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
      begun = true;
    },
  };
}

function parsed(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (cause) {
    throw new JournalError(`${file}, line ${number}: this is no journal of a search. Name another --out`, { cause });
  }
}

function differing(file: string, search: Partial<SearchOf> | undefined, of: SearchOf): string {
  if (!search) return `${file} is no journal of a search. Name another --out`;
  const names = { model: 'model', seed: 'seed', cut: 'cut', clock: 'clock', data: 'data', space: 'ranges of settings' };
  const keys = Object.keys(names) as (keyof SearchOf)[];
  const others = keys.filter((key) => search[key] !== of[key]).map((key) => names[key]);
  return `${file} is the journal of a search with other ${others.join(', ')}. Name another --out, or delete it to begin anew`;
}
