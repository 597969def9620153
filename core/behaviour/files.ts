import fs from 'node:fs';
import path from 'node:path';
import { CsvError, parse } from 'csv-parse';

/** One record of a file, as text; parallel to the file's columns, shorter where the record is. */
export interface SourceRow {
  /** Line on which the record begins, from 1. */
  line: number;
  fields: readonly string[];
  /** The record could not be read as data; `fields` then holds its raw text. */
  malformed?: true;
}

/** A CSV or JSON lines file, read from beginning to end in batches as often as wanted. */
export interface SourceFile {
  path: string;
  /** Name without folders. */
  name: string;
  bytes: number;
  modifiedAt: Date;
  /** Header of a CSV file; of JSON lines the keys met so far, those of the first 100 records from the start. */
  columns: readonly string[];
  /** @param onBytes called with the number of bytes read so far. */
  batches(size?: number, onBytes?: (bytes: number) => void): AsyncGenerator<SourceRow[]>;
}

/** A file that can not be read as data; the message says why, and what to do. */
export class FileError extends Error {}

/** Characters of one record; a quote that is never closed would otherwise take in the rest of the file. */
const LONGEST_RECORD = 4_000_000;
const BATCH = 5000;
const JSON_PEEK = 100;
const RAW_SHOWN = 2000;

/**
 * Opens a file of records: CSV (comma, quoted fields over several lines) or JSON lines, told apart
 * by the first character; UTF-8 with or without byte order mark.
 *
 * @throws FileError when it is missing, empty, not UTF-8, or separated by something else than commas.
 */
export async function openFile(file: string): Promise<SourceFile> {
  const stat = await fs.promises.stat(file).catch(() => undefined);
  if (stat?.isDirectory()) throw new FileError(`${file} is a folder: name the files in it, one option for each`);
  if (!stat?.isFile()) throw new FileError(`There is no file ${file}`);
  const first = await firstCharacter(file);
  if (first === undefined) throw new FileError(`${file} is empty: it needs a header line, or one JSON object a line`);
  const columns: string[] = [];
  const jsonLines = first === '{';
  const records = jsonLines ? readJsonLines : readCsv;
  // The first batch makes the columns known.
  await records(file, columns, jsonLines ? JSON_PEEK : 1, () => {}).next();
  const [only = ''] = columns;
  if (!jsonLines && columns.length === 1 && /[;\t]/.test(only)) {
    const mark = only.includes(';') ? ';' : 'tabs';
    throw new FileError(`The columns of ${file} seem to be separated by ${mark}: save it separated by commas`);
  }
  return {
    path: file,
    name: path.basename(file),
    bytes: stat.size,
    modifiedAt: stat.mtime,
    columns,
    batches: (size = BATCH, onBytes = () => {}) => records(file, columns, size, onBytes),
  };
}

type Records = (
  file: string,
  columns: string[],
  size: number,
  onBytes: (bytes: number) => void,
) => AsyncGenerator<SourceRow[]>;

const readCsv: Records = async function* (file, columns, size, onBytes) {
  let rows: SourceRow[] = [];
  let header = true;
  let lastLine = 0;
  let suspicious = false;
  const parser = parse({
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_RECORD,
    on_record: (fields: string[], { lines }) => {
      // The parser counts up to a record's end; one of a single line, the usual case, begins there too.
      const line = lines === lastLine + 1 ? lines : lines - lineBreaks(fields);
      lastLine = lines;
      if (header) {
        header = false;
        if (columns.length === 0) columns.push(...fields.map((name) => name.trim()));
      } else if (suspicious && fields.some((field) => field.includes('\0'))) {
        rows.push({ line, fields: fields.map(withoutNul), malformed: true });
      } else rows.push({ line, fields });
      // Nothing is passed on through the stream: rows are taken from the array.
      return null;
    },
  });
  // A failure is reported through the callbacks below; without a listener it would also be thrown.
  parser.on('error', () => {});
  parser.resume();
  try {
    for await (const text of decoded(file, onBytes)) {
      suspicious ||= text.includes('\0');
      await settled((done) => parser.write(text, done));
      while (rows.length >= size) {
        yield rows.slice(0, size);
        rows = rows.slice(size);
      }
    }
    await settled((done) => parser.end(done));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new FileError(
      `${file}, line ${lastLine + 1}: a quoted field begins in this record and is not closed. ` +
        `Close it (a quote within a quoted field is written twice: "") and run again.`,
      { cause: error },
    );
  } finally {
    parser.destroy();
  }
  while (rows.length > 0) yield rows.splice(0, size);
};

function settled(start: (done: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error ? reject(error) : resolve()));
  });
}

function lineBreaks(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) for (let at = -1; (at = field.indexOf('\n', at + 1)) >= 0;) count++;
  return count;
}

const readJsonLines: Records = async function* (file, columns, size, onBytes) {
  const places = new Map(columns.map((name, place) => [name, place]));
  let rows: SourceRow[] = [];
  let line = 0;
  let rest = '';
  for await (const text of decoded(file, onBytes)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const one of lines) take(one);
    while (rows.length >= size) {
      yield rows.slice(0, size);
      rows = rows.slice(size);
    }
  }
  take(rest);
  while (rows.length > 0) yield rows.splice(0, size);

  function take(text: string) {
    line++;
    if (text.trim() === '') return;
    const record = parsedObject(text);
    if (!record) {
      rows.push({ line, fields: [withoutNul(text).slice(0, RAW_SHOWN)], malformed: true });
      return;
    }
    const fields: string[] = new Array<string>(columns.length).fill('');
    for (const [name, value] of Object.entries(record)) {
      let place = places.get(name);
      if (place === undefined) {
        place = columns.push(name) - 1;
        places.set(name, place);
      }
      fields[place] = asText(value);
    }
    rows.push({ line, fields: Array.from(fields, (field: string | undefined) => field ?? '') });
  }
};

function parsedObject(text: string): Record<string, unknown> | undefined {
  // PostgreSQL keeps no NUL characters.
  if (/\0|\\u0000/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    // `stringify` escapes halves of characters alone, and no UTF-8 database keeps those.
    if (/\\u[dD][89a-fA-F]/.test(text) && /(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(JSON.stringify(value))) return undefined;
    return typeof value === 'object' && value && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : JSON.stringify(value);
}

const withoutNul = (text: string) => text.replaceAll('\0', '');

async function firstCharacter(file: string): Promise<string | undefined> {
  for await (const text of decoded(file, () => {})) {
    const found = /\S/.exec(text);
    if (found) return found[0];
  }
  return undefined;
}

/** The text of a file in pieces, its byte order mark left out. */
async function* decoded(file: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of fs.createReadStream(file, { highWaterMark: 256 * 1024 })) {
      bytes += (chunk as Buffer).length;
      yield decoder.decode(chunk as Buffer, { stream: true });
      onBytes(bytes);
    }
    yield decoder.decode();
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new FileError(
      `${file} is not UTF-8 (found near byte ${bytes}). Save it as UTF-8 ("CSV UTF-8" in Excel) and run again.`,
      { cause: error },
    );
  }
}
