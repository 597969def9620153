import { Option, type Command } from 'commander';
import type { Reranker } from '../../core/evaluate/evaluate.ts';
import type { BehaviourRows, ReadOptions } from '../../core/evaluate/read.ts';
import type { Split } from '../../core/evaluate/protocols.ts';
import type { Progress } from '../../core/numerics/progress.ts';

interface Options {
  behavior?: string[];
  train?: string[];
  test?: string[];
  courses?: string;
  map: string[];
  type: string[];
  tz: string;
  ratingScale?: string;
  protocol?: 'last-out' | 'time';
  at?: string;
  models?: string;
  k: string;
  seed: string;
  rerank?: boolean;
  json?: string;
}

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('Offline evaluation of the recommenders on behaviour files; needs no server and no database')
    .option('--behavior <file...>', 'behaviour files (CSV or JSON lines), to be split by --protocol')
    .addOption(
      new Option(
        '--protocol <name>',
        "last-out: each learner's last course; time: all that is new from --at on",
      ).choices(['last-out', 'time']),
    )
    .option('--at <time>', 'moment of --protocol time, such as 2019-07-01 (UTC)')
    .option('--train <file...>', 'behaviour files to train on, already split')
    .option('--test <file...>', 'behaviour files to test on, already split')
    .option('--courses <file>', 'catalogue: the courses to rank, and what is known of them')
    .option('--map <canonical=source,…>', "canonical column names and the files' own (repeatable)", collect, [])
    .option('--type <type[:column]>', 'rate:COLUMN says which column holds ratings (repeatable)', collect, [])
    .option('--rating-scale <min-max>', 'scale of the ratings; default: read from each file')
    .option('--tz <zone>', 'zone of times without one', 'UTC')
    .option('--models <a,b,…>', 'models to compare; default: all')
    .option('--k <n>', 'length of the lists', '10')
    .option('--seed <n>', 'seed of everything that is drawn', '1')
    .option('--rerank', 'also show the hybrid after re-ranking and exploration, as recommend.* of the settings says')
    .option('--json <file>', 'write the report as JSON to this file')
    .action(async (options: Options) => {
      const { UserError } = await import('../explain.ts');
      const { ColumnError } = await import('../../core/behaviour/columns.ts');
      const { FileError } = await import('../../core/behaviour/files.ts');
      try {
        await run(options);
      } catch (error) {
        if (error instanceof ColumnError || error instanceof FileError) {
          throw new UserError(error.message, { cause: error });
        }
        throw error;
      }
    });
}

async function run(options: Options): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { terminalProgress } = await import('../progress.ts');
  const { parseColumnMap } = await import('../../core/behaviour/columns.ts');
  const { evaluate } = await import('../../core/evaluate/evaluate.ts');
  const { modelTypes } = await import('../../core/recommend/models/index.ts');
  const { evaluationTable } = await import('../evaluation-table.ts');

  const whole = (name: 'k' | 'seed', least: number): number => {
    const value = Number(options[name]);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new UserError(`--${name}: "${options[name]}" is not a whole number from ${least} on`);
    }
    return value;
  };
  const { isTimeZone, timeZoneProblem } = await import('../../core/learner/time-zone.ts');
  if (!isTimeZone(options.tz)) throw new UserError(`--tz: ${timeZoneProblem(options.tz)}`);
  const known = modelTypes.map(({ name }) => name);
  const models = options.models === undefined ? known : options.models.split(',').map((name) => name.trim());
  const unknown = models.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`--models: there is no model "${unknown.join('", "')}". Models: ${known.join(', ')}`);
  }
  const [k, seed] = [whole('k', 1), whole('seed', 0)];
  const progress = terminalProgress();
  const reading: ReadOptions = {
    map: parseColumnMap(options.map),
    types: options.type,
    zone: options.tz,
    ratingScale: options.ratingScale,
  };
  const split = await readSplit(options, reading, progress);
  if (split.questions.length === 0) {
    throw new UserError('No learner is left to test: none has a test course that is in the catalogue and not in train');
  }
  const fitting = models.filter((name) => {
    const most = modelTypes.find((type) => type.name === name)!.mostCourses ?? Infinity;
    const fits = split.train.courses.length <= most;
    if (!fits) console.error(`${name} left out: it takes at most ${most} courses`);
    return fits;
  });
  if (fitting.length === 0) throw new UserError('--models: none of these takes so many courses');
  const rerank = options.rerank ? await servedOrder(seed) : undefined;
  const report = await evaluate(
    split,
    { models: [...new Set(fitting)], k, seed, stopwatch: () => performance.now(), ...(rerank && { rerank }) },
    progress,
  );
  if (options.json !== undefined) {
    const { writeWhole } = await import('../../core/evaluate/files.ts');
    await writeWhole(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  console.log(evaluationTable(report));
}

async function servedOrder(seed: number): Promise<Reranker> {
  const { servingOrder } = await import('../../core/evaluate/serving-order.ts');
  const { readSettings } = await import('../settings.ts');
  return servingOrder(readSettings().recommend, seed);
}

async function readSplit(options: Options, reading: ReadOptions, progress: Progress): Promise<Split> {
  const { UserError } = await import('../explain.ts');
  const { coursesOf, readBehaviour, readCourses } = await import('../../core/evaluate/read.ts');
  const { interactionsOf } = await import('../../core/evaluate/interactions.ts');
  const { lastOut, preSplit, timeSplit } = await import('../../core/evaluate/protocols.ts');
  const { parseInstant } = await import('../../core/numerics/instant.ts');

  const split = options.train !== undefined || options.test !== undefined;
  if (split === (options.behavior !== undefined)) {
    throw new UserError('Give either --behavior with --protocol, or --train and --test');
  }
  if (split && (!options.train || !options.test)) throw new UserError('--train and --test are given together');
  if (split && options.protocol)
    throw new UserError('--protocol splits --behavior files; --train and --test are split');
  if (!split && !options.protocol)
    throw new UserError('Say how to split: --protocol last-out, or --protocol time --at TIME');
  if ((options.protocol === 'time') !== (options.at !== undefined)) {
    throw new UserError('--protocol time and --at TIME go together');
  }
  const at = options.at === undefined ? undefined : parseInstant(options.at, { zone: 'UTC' });
  if (options.at !== undefined && !at)
    throw new UserError(`--at: "${options.at}" is not a time; write it as 2019-07-01`);

  const { checkTypeRules, parseTypeRules } = await import('../../core/behaviour/import/plan.ts');
  const { checkColumnMap } = await import('../../core/behaviour/columns.ts');
  const { openFile } = await import('../../core/behaviour/files.ts');
  const paths = split ? [...options.train!, ...options.test!] : options.behavior!;
  const behavior = await Promise.all(paths.map(openFile));
  checkTypeRules(parseTypeRules(options.type), behavior);
  checkColumnMap(reading.map, { behavior, courses: options.courses ? [await openFile(options.courses)] : [] });
  const read = (paths: readonly string[]): Promise<BehaviourRows> => readBehaviour(paths, reading, progress);
  const files = split ? [await read(options.train!), await read(options.test!)] : [await read(options.behavior!)];
  const catalogue = options.courses === undefined ? undefined : await readCourses(options.courses, reading, progress);
  const courses = catalogue?.courses ?? coursesOf(...files);
  const [first, second] = files.map((rows) => interactionsOf(rows, courses));

  const unreadable = files.reduce((sum, rows) => sum + rows.unreadable, catalogue?.unreadable ?? 0);
  if (unreadable > 0) console.error(`${unreadable} rows left out: no learner, no course, or no readable time`);
  const leftOut = (first?.leftOut ?? 0) + (second?.leftOut ?? 0);
  if (leftOut > 0) console.error(`${leftOut} rows left out: their course is not in the catalogue`);

  if (second) return preSplit(first!.dataset, second.dataset);
  if (!at) return lastOut(first!);
  if (first!.dataset.times.every(Number.isNaN)) {
    throw new UserError('--protocol time needs times: say which column holds them with --map occurred_at=<column>');
  }
  return timeSplit(first!, at.getTime() / 1000);
}
