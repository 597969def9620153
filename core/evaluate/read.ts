import { parseScale, scaleOf } from '../behaviour/import/scales.ts';
import { parseTypeRules } from '../behaviour/import/plan.ts';
import { eventTypeOf } from '../behaviour/clean.ts';
import { ColumnError, planColumns, readOwnColumn, type ColumnMap } from '../behaviour/columns.ts';
import { openFile, type SourceFile, type SourceRow } from '../behaviour/files.ts';
import { courseColumns, courseFrom } from '../catalogue/import.ts';
import { parseInstant } from '../numerics/instant.ts';
import type { Progress } from '../numerics/progress.ts';
import { factsOf, goneFacts } from '../recommend/facts.ts';
import type { CourseFacts } from '../recommend/model.ts';

/** How files are read; the same words as on the command line. */
export interface ReadOptions {
  map: ColumnMap;
  /** `--type TYPE[:VALUE_COLUMN]`; only ratings are told apart from all else. */
  types: readonly string[];
  /** IANA zone of times that carry none. */
  zone: string;
  /** `--rating-scale MIN-MAX`; undefined: read from the file. */
  ratingScale: string | undefined;
}

/** Rows of behaviour files as columns: who, what, when. */
export interface BehaviourRows {
  learners: string[];
  courses: string[];
  /** Seconds since 1970 UTC; NaN in a file without a time column. */
  times: number[];
  /** In [0, 1]; NaN where the row gives none. */
  ratings: number[];
  /** Rows that can not be used: no learner, no course, no readable time in a file that has times. */
  unreadable: number;
}

/** Reads the behaviour files one after the other. Format is checked, sense is not: no robots or outliers are removed. */
export async function readBehaviour(
  paths: readonly string[],
  options: ReadOptions,
  progress: Progress,
): Promise<BehaviourRows> {
  const rows: BehaviourRows = { learners: [], courses: [], times: [], ratings: [], unreadable: 0 };
  for (const path of paths) await readOne(await openFile(path), options, rows, progress);
  return rows;
}

async function readOne(file: SourceFile, options: ReadOptions, rows: BehaviourRows, progress: Progress): Promise<void> {
  const { map, zone } = options;
  const columns = planColumns(file, 'behavior', map, ['user_id', 'course_id']);
  const dated = columns.has('occurred_at');
  const ratingOf = ratingReader(file, options);
  const first = rows.ratings.length;
  const kept = new Map<string, string>();
  // One copy of each id, however many rows name it: millions of rows must fit.
  const once = (text: string): string => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    kept.set(text, text);
    return text;
  };
  for await (const batch of file.batches(undefined, (bytes) => progress(`reading ${file.name}`, bytes / file.bytes))) {
    for (const row of batch) {
      const learner = row.malformed ? '' : columns.read(row, 'user_id');
      const course = row.malformed ? '' : columns.read(row, 'course_id');
      const at = dated && !row.malformed ? parseInstant(columns.read(row, 'occurred_at'), { zone }) : undefined;
      if (learner === '' || course === '' || (dated && !at)) {
        rows.unreadable++;
        continue;
      }
      rows.learners.push(once(learner));
      rows.courses.push(once(course));
      rows.times.push(at ? at.getTime() / 1000 : NaN);
      rows.ratings.push(ratingOf(row));
    }
  }
  toShares(rows.ratings, first, file.name, options.ratingScale);
}

/** Where a file's ratings stand: rows of type `rate`, the column of a `rate` rule, or else a column `rating`. */
function ratingReader(file: SourceFile, { map, types }: ReadOptions): (row: SourceRow) => number {
  const columns = planColumns(file, 'behavior', map, []);
  const numeric = (text: string): number => (text === '' ? NaN : Number(text));
  if (columns.has('behavior_type')) {
    return (row) =>
      eventTypeOf(columns.read(row, 'behavior_type')) === 'rate' ? numeric(columns.read(row, 'value')) : NaN;
  }
  const rule = parseTypeRules(types).find(({ type }) => type === 'rate');
  if (rule && rule.column === undefined) return (row) => numeric(columns.read(row, 'value'));
  const column = rule?.column ?? 'rating';
  return file.columns.includes(column) ? (row) => numeric(readOwnColumn(file, row, column)) : () => NaN;
}

/** Maps the ratings from place `first` on from their scale to [0, 1]; those outside it count as not given. */
function toShares(ratings: number[], first: number, file: string, given: string | undefined): void {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let at = first; at < ratings.length; at++) {
    const rating = ratings[at]!;
    if (rating < lowest) lowest = rating;
    if (rating > highest) highest = rating;
  }
  // A scale that is none is refused also where there is nothing to be scaled.
  const scale = given === undefined ? undefined : parseScale(given);
  if (lowest > highest) return;
  const [low, high] = scale ?? scaleOf(lowest, highest, file);
  for (let at = first; at < ratings.length; at++) {
    const share = (ratings[at]! - low) / (high - low);
    ratings[at] = share >= 0 && share <= 1 ? share : NaN;
  }
}

/**
 * The courses of a catalogue file; of an id that comes twice the last row stands. A course without
 * a title is kept: it can still be recommended by what learners did.
 */
export async function readCourses(
  path: string,
  { map, zone }: Pick<ReadOptions, 'map' | 'zone'>,
  progress: Progress,
): Promise<{ courses: CourseFacts[]; unreadable: number }> {
  const file = await openFile(path);
  const columns = planColumns(file, 'courses', map, ['course_id']);
  const known = new Set<string>(courseColumns);
  const isKnown = (column: string): column is Parameters<typeof columns.has>[0] => known.has(column);
  const courses = new Map<string, CourseFacts>();
  let unreadable = 0;
  for await (const batch of file.batches(undefined, (bytes) => progress(`reading ${file.name}`, bytes / file.bytes))) {
    for (const row of batch) {
      const id = row.malformed ? '' : columns.read(row, 'course_id');
      if (id === '') {
        unreadable++;
        continue;
      }
      const source = {
        has: (column: string) => isKnown(column) && columns.has(column),
        read: (column: string) => (isKnown(column) ? columns.read(row, column) : ''),
        attributes: columns.attributes(row),
      };
      const result = courseFrom(source, undefined, { zone, currency: 'USD' });
      courses.set(id, result.ok ? factsOf(result.course) : { ...goneFacts(id), archived: false });
    }
  }
  if (courses.size === 0) throw new ColumnError(`${file.name} holds no course with a course_id`);
  return { courses: [...courses.values()], unreadable };
}

/** Every course that any row names, by id: numbers in their order. */
export function coursesOf(...files: readonly BehaviourRows[]): CourseFacts[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const ids = new Set<string>();
  for (const { courses } of files) for (const id of courses) ids.add(id);
  return [...ids].sort(compare).map((id) => ({ ...goneFacts(id), archived: false }));
}
