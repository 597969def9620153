import { courseColumns } from '../catalogue/import.ts';
import { learnerColumns } from '../learner/import.ts';
import type { SourceFile, SourceRow } from './files.ts';

/** The columns of Coursebell by kind of file: what `--map` maps to. */
export const canonicalColumns = {
  behavior: ['user_id', 'course_id', 'behavior_type', 'value', 'occurred_at'],
  courses: courseColumns,
  learners: learnerColumns,
} as const;

export type FileKind = keyof typeof canonicalColumns;
export type CanonicalColumn = (typeof canonicalColumns)[FileKind][number];

/** Canonical name → the file's own column. */
export type ColumnMap = ReadonlyMap<CanonicalColumn, string>;

/** A map or a file's columns that can not be used; the message names the column and the fix. */
export class ColumnError extends Error {}

/**
 * Reads `canonical=source,…`. One source may feed several names.
 *
 * @throws ColumnError for a name that is not canonical in any kind of file.
 */
export function parseColumnMap(texts: readonly string[]): ColumnMap {
  const map = new Map<CanonicalColumn, string>();
  const known = new Set<string>(Object.values(canonicalColumns).flat());
  for (const pair of texts.flatMap((text) => text.split(',')).filter((text) => text.trim() !== '')) {
    const at = pair.indexOf('=');
    const [name, source] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 0 || name === '' || source === '') {
      throw new ColumnError(
        `--map takes pairs canonical=source, such as course_id=item_id; "${pair.trim()}" is not one`,
      );
    }
    if (!known.has(name)) {
      throw new ColumnError(`--map ${pair.trim()}: there is no column ${name}. Columns are: ${[...known].join(', ')}`);
    }
    const before = map.get(name as CanonicalColumn);
    if (before !== undefined && before !== source) {
      throw new ColumnError(`--map gives ${name} two sources, ${before} and ${source}: choose one`);
    }
    map.set(name as CanonicalColumn, source);
  }
  return map;
}

/**
 * A mapped source that is in no file of its kind is a slip of the pen.
 *
 * @throws ColumnError that names the source, and the columns there are.
 */
export function checkColumnMap(
  map: ColumnMap,
  files: Readonly<Partial<Record<FileKind, readonly Pick<SourceFile, 'name' | 'columns'>[]>>>,
): void {
  for (const [name, column] of map) {
    const sources = (Object.keys(files) as FileKind[])
      .filter((kind) => (canonicalColumns[kind] as readonly string[]).includes(name))
      .flatMap((kind) => files[kind] ?? []);
    if (sources.length === 0 || sources.some((source) => source.columns.includes(column))) continue;
    throw new ColumnError(
      `--map ${name}=${column}: there is no column ${column}. ` +
        sources.map((source) => `${source.name} has ${source.columns.join(', ')}`).join('; '),
    );
  }
}

/** Where each canonical column stands in one file. */
export interface ColumnPlan {
  has(name: CanonicalColumn): boolean;
  /** The text of a canonical column in a row, '' where it is missing (see `isMissing`). */
  read(row: SourceRow, name: CanonicalColumn): string;
  /** The file's columns that no canonical name takes, with their text where it is not missing. */
  attributes(row: SourceRow): Record<string, string>;
}

/**
 * Finds the columns of a file: a mapped name from its source (from the column of its own name where
 * the file lacks the source), any other from the column of its own name.
 *
 * @throws ColumnError when a required column is not there; it lists those that are, and shows the --map.
 */
export function planColumns(
  file: Pick<SourceFile, 'name' | 'columns'>,
  kind: FileKind,
  map: ColumnMap,
  required: readonly CanonicalColumn[],
): ColumnPlan {
  const place = new Map<CanonicalColumn, number>();
  for (const name of canonicalColumns[kind]) {
    const mapped = file.columns.indexOf(map.get(name) ?? name);
    const at = mapped < 0 ? file.columns.indexOf(name) : mapped;
    if (at >= 0) place.set(name, at);
  }
  const lacking = required.filter((name) => !place.has(name));
  if (lacking.length > 0) {
    const fix = lacking.map((name) => `${name}=<column>`).join(',');
    throw new ColumnError(
      `${file.name} has no column ${lacking.map((name) => map.get(name) ?? name).join(', ')}. ` +
        `Its columns are: ${file.columns.join(', ')}. Say which column it is with --map ${fix}`,
    );
  }
  const taken = new Set(place.values());
  return {
    has: (name) => place.has(name),
    read(row, name) {
      const at = place.get(name);
      const text = at === undefined ? '' : (row.fields[at] ?? '').trim();
      return isMissing(text) ? '' : text;
    },
    attributes(row) {
      const rest: Record<string, string> = {};
      row.fields.forEach((field, at) => {
        const name = file.columns[at];
        const text = field.trim();
        if (name && !taken.has(at) && !isMissing(text)) rest[name] = text;
      });
      return rest;
    },
  };
}

const missing = new Set(['[]', 'n/a', 'null']);

/** Whether a text stands for "not known": empty, `[]`, `N/A` or `null`. */
export function isMissing(text: string): boolean {
  // Nearly no value begins like one of them: asked for every field of millions of rows.
  return text === '' || (text.length <= 4 && /^[[nN]/.test(text) && missing.has(text.toLowerCase()));
}

/** A value column that `--type TYPE:COLUMN` names, or any other column of the file by its own name. */
export function readOwnColumn(file: Pick<SourceFile, 'columns'>, row: SourceRow, column: string): string {
  const text = (row.fields[file.columns.indexOf(column)] ?? '').trim();
  return isMissing(text) ? '' : text;
}
