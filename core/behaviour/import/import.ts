import type { Database } from '../../../prisma/connect.ts';
import { createCatalogue } from '../../catalogue/catalogue.ts';
import type { Progress } from '../../numerics/progress.ts';
import { verdicts } from '../clean.ts';
import { checkColumnMap, parseColumnMap, planColumns, type ColumnMap } from '../columns.ts';
import { openFile } from '../files.ts';
import { setAsideOutliers, setAsideRobots } from '../store.ts';
import { importCourses } from './catalogue.ts';
import type { ImportContext } from './context.ts';
import { createJudge, importEvents, type BehaviourImport } from './events.ts';
import { importLearners } from './learners.ts';
import { checkTypeRules, parseTypeRules, planEvents } from './plan.ts';
import type { FileReport, SetAsideReport } from './report.ts';
import { parseScale, readScales } from './scales.ts';

export interface ImportOptions {
  courses: readonly string[];
  learners: readonly string[];
  behavior: readonly string[];
  /** `canonical=source,…` */
  map: readonly string[];
  /** `TYPE[:VALUE_COLUMN]`, for behaviour files without a type column. */
  types: readonly string[];
  /** `MIN-MAX`; read from each file when not given. */
  ratingScale: string | undefined;
  /** Accept behaviour files without times. */
  undated: boolean;
  /** IANA zone of times without one. */
  zone: string;
  currency: string;
  now: Date;
  /** Rejects go to `<folder>/rejects/`. */
  folder: string;
  progress: Progress;
}

export interface ImportReport {
  files: FileReport[];
  /** What this import set aside, by reason; not counted again by a later one. */
  setAside: SetAsideReport[];
}

/**
 * Imports files in the order catalogue, learners, behaviour, and reports what cleaning did. The
 * headers of all files are checked before anything is stored. Idempotent: the same files again
 * change nothing; after a kill, a second run completes the first.
 *
 * @throws FileError, ColumnError for what the caller can mend.
 */
export async function importFiles(db: Database, options: ImportOptions): Promise<ImportReport> {
  const map = parseColumnMap(options.map);
  const rules = parseTypeRules(options.types);
  const scale = options.ratingScale === undefined ? undefined : parseScale(options.ratingScale);
  const [courses, learners, behavior] = await Promise.all(
    [options.courses, options.learners, options.behavior].map((paths) => Promise.all(paths.map(openFile))),
  );
  checkColumnMap(map, { courses: courses!, learners: learners!, behavior: behavior! });
  checkTypeRules(rules, behavior!);
  for (const source of courses!) planColumns(source, 'courses', map, ['course_id', 'title']);
  for (const source of learners!) planColumns(source, 'learners', map, ['user_id']);
  const plans = behavior!.map((source) => ({ source, plan: planEvents(source, map, rules, options) }));

  const context = contextOf(options, map);
  const files: FileReport[] = [];
  for (const source of courses!) files.push(await importCourses(db, source, context));
  for (const source of learners!) files.push(await importLearners(db, source, context));
  const catalogue = await createCatalogue(db);
  const imports: BehaviourImport[] = [];
  for (const { source, plan } of plans) {
    const scales = await readScales(source, plan, scale, context.progressOf(source, 'Reading the scales of'));
    const given: BehaviourImport = { source, plan, scales, course: (id) => catalogue.get(id) };
    imports.push(given);
    files.push(await importEvents(db, given, context));
  }
  return { files, setAside: await judgeTogether(db, imports, context, options.progress) };
}

function contextOf({ zone, currency, now, folder, progress }: ImportOptions, map: ColumnMap): ImportContext {
  const stamp = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return {
    ...{ map, zone, currency, now, folder, stamp },
    progressOf: (source, what = 'Importing') => {
      return (bytes) => progress(`${what} ${source.name}`, source.bytes === 0 ? 1 : bytes / source.bytes);
    },
  };
}

/** Sets robots and outliers aside, over everything that ever came from outside, and finds where they stand. */
async function judgeTogether(
  db: Database,
  imports: readonly BehaviourImport[],
  context: ImportContext,
  progress: Progress,
): Promise<SetAsideReport[]> {
  if (imports.length === 0) return [];
  const what = 'Looking for robots and outliers';
  progress(what, 0);
  const rules = [
    ['robot', await setAsideRobots(db)],
    ['outlier', await setAsideOutliers(db)],
  ] as const;
  progress(what, 1);
  const places = await locate(imports, new Set(rules.flatMap(([, { firstKeys }]) => firstKeys)), context);
  return rules.map(([reason, { events, learners, firstKeys }]) => ({
    ...{ reason, text: verdicts[reason], events, learners },
    first: firstKeys.flatMap((key) => places.get(key) ?? []),
  }));
}

/** Where events stand in the files, by key: reads them again until all are found. */
async function locate(
  imports: readonly BehaviourImport[],
  keys: ReadonlySet<string>,
  context: ImportContext,
): Promise<Map<string, SetAsideReport['first'][number]>> {
  const found = new Map<string, SetAsideReport['first'][number]>();
  for (const given of imports) {
    const { source } = given;
    const judge = createJudge(given, context);
    let rowNumber = 0;
    for await (const rows of source.batches(undefined, context.progressOf(source, 'Finding set-aside rows in'))) {
      if (found.size === keys.size) return found;
      for (const row of rows) {
        for (const { key } of judge(row, rowNumber++)) {
          if (key !== undefined && keys.has(key) && !found.has(key))
            found.set(key, { file: source.name, line: row.line });
        }
      }
    }
  }
  return found;
}
