import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import type { SourceFile, SourceRow } from '../files.ts';

/** The rows of one file that were not imported, each with its line and the reason, as a CSV file. */
export interface Rejects {
  add(row: SourceRow, reason: string): Promise<void>;
  /** @returns the file's path, null when there was nothing to write. */
  close(): Promise<string | null>;
}

/**
 * Makes `<folder>/rejects/<file>-<stamp>.csv` with the first row that comes; readable for its owner
 * only. Columns: `line,reason`, then those of the file.
 */
export function createRejects(folder: string, source: SourceFile, stamp: string): Rejects {
  const file = path.join(folder, 'rejects', `${source.name}-${stamp}.csv`);
  let stream: fs.WriteStream | undefined;
  return {
    async add({ line, fields }, reason) {
      if (!stream) {
        await fs.promises.mkdir(path.dirname(file), { recursive: true });
        stream = fs.createWriteStream(file, { mode: 0o600 });
        stream.write(csvLine(['line', 'reason', ...source.columns]));
      }
      if (!stream.write(csvLine([String(line), reason, ...fields]))) await once(stream, 'drain');
    },
    async close() {
      if (!stream) return null;
      stream.end();
      await finished(stream);
      return file;
    },
  };
}

function csvLine(fields: readonly string[]): string {
  return `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
}
