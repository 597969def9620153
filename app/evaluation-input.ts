import type { Command } from 'commander';
import type { Interactions } from '../core/evaluate/interactions.ts';
import type { ReadOptions } from '../core/evaluate/read.ts';
import type { Progress } from '../core/numerics/progress.ts';
import { UserError } from './explain.ts';
import { repeatable } from './repeatable.ts';

/** How behaviour files are read, as commands that read them without a database take it. */
export interface InputOptions {
  courses?: string;
  map: string[];
  type: string[];
  tz: string;
  ratingScale?: string;
}

/** Adds the options of `InputOptions`. */
export function inputOptions(command: Command): Command {
  return command
    .option('--courses <file>', 'catalogue: the courses to rank, and what is known of them')
    .addOption(repeatable('--map <canonical=source,…>', "canonical column names and the files' own"))
    .addOption(repeatable('--type <type[:column]>', 'rate:COLUMN says which column holds ratings'))
    .option('--rating-scale <min-max>', 'scale of the ratings; default: read from each file')
    .option('--tz <zone>', 'zone of times without one', 'UTC');
}

/**
 * Reads groups of behaviour files, each group to interactions over the same courses; says on standard
 * error what was left out.
 */
export async function readInteractions(
  groups: readonly (readonly string[])[],
  options: InputOptions,
  progress: Progress,
): Promise<Interactions[]> {
  const { isTimeZone, timeZoneProblem } = await import('../core/learner/time-zone.ts');
  if (!isTimeZone(options.tz)) throw new UserError(`--tz: ${timeZoneProblem(options.tz)}`);
  const { checkColumnMap, ColumnError, parseColumnMap } = await import('../core/behaviour/columns.ts');
  const { FileError, openFile } = await import('../core/behaviour/files.ts');
  const { checkTypeRules, parseTypeRules } = await import('../core/behaviour/import/plan.ts');
  const { coursesOf, readBehaviour, readCourses } = await import('../core/evaluate/read.ts');
  const { interactionsOf } = await import('../core/evaluate/interactions.ts');
  try {
    const reading: ReadOptions = {
      map: parseColumnMap(options.map),
      types: options.type,
      zone: options.tz,
      ratingScale: options.ratingScale,
    };
    const behavior = await Promise.all(groups.flat().map(openFile));
    checkTypeRules(parseTypeRules(options.type), behavior);
    const catalogues = options.courses ? [await openFile(options.courses)] : [];
    checkColumnMap(reading.map, { behavior, courses: catalogues });
    const columnOf = (name: 'user_id' | 'title'): string => reading.map.get(name) ?? name;
    for (const { name, columns } of catalogues) {
      if (columns.includes(columnOf('title')) || !columns.includes(columnOf('user_id'))) continue;
      throw new UserError(
        `--courses: ${name} has learners (${columnOf('user_id')}) and no titles: a file of behaviour, not a catalogue`,
      );
    }
    const files = [];
    for (const paths of groups) files.push(await readBehaviour(paths, reading, progress));
    const catalogue = options.courses === undefined ? undefined : await readCourses(options.courses, reading, progress);
    const courses = catalogue?.courses ?? coursesOf(...files);
    const read = files.map((rows) => interactionsOf(rows, courses));

    const unreadable = files.reduce((sum, rows) => sum + rows.unreadable, catalogue?.unreadable ?? 0);
    if (unreadable > 0) console.error(`${unreadable} rows left out: no learner, no course, or no readable time`);
    for (const [at, { learners }] of files.entries()) {
      if (learners.length === 0) throw new UserError(`No row of ${groups[at]!.join(', ')} can be used`);
    }
    const leftOut = read.reduce((sum, one) => sum + one.leftOut, 0);
    if (leftOut > 0) console.error(`${leftOut} rows left out: their course is not in the catalogue`);
    if (read.every(({ dataset }) => dataset.items.length === 0)) {
      throw new UserError(
        `--courses: no course of the behaviour is in it, such as ${files[0]!.courses[0]}; it has ${courses[0]?.id ?? 'no course'}`,
      );
    }
    return read;
  } catch (error) {
    if (error instanceof ColumnError || error instanceof FileError)
      throw new UserError(error.message, { cause: error });
    throw error;
  }
}

/** Seconds since 1970 UTC of an option. @throws UserError when it is not a time. */
export async function momentOf(option: string, text: string): Promise<number> {
  const { parseInstant } = await import('../core/numerics/instant.ts');
  const at = parseInstant(text, { zone: 'UTC' });
  if (!at) throw new UserError(`${option}: "${text}" is not a time; write it as 2019-07-01`);
  return at.getTime() / 1000;
}
