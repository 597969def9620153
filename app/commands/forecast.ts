import type { Command } from 'commander';
import type { StoredMetrics } from '../../core/insight/behaviour-model/store.ts';
import type { Window } from '../../core/insight/behaviour-model/train.ts';
import { repeatable } from '../repeatable.ts';

interface Options {
  behavior?: string[];
  map: string[];
  type: string[];
  tz: string;
  ratingScale?: string;
  seed?: string;
  json?: boolean;
}

export function registerForecast(program: Command): void {
  program
    .command('forecast')
    .description(
      'Train the behaviour model (who returns, buys, completes, lapses) on all behaviour so far and show how well it does',
    )
    .option('--behavior <file...>', 'measure on these behaviour files instead; no database, nothing is stored')
    .addOption(repeatable('--map <canonical=source,…>', "canonical column names and the files' own"))
    .addOption(repeatable('--type <type[:column]>', 'what every row of a file without a type column is'))
    .option('--rating-scale <min-max>', 'scale of the ratings; default: read from each file')
    .option('--tz <zone>', 'zone of times without one', 'UTC')
    .option('--seed <n>', 'whole number that decides every draw; default: train.seed of the settings')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { UserError } = await import('../explain.ts');
      const seed = options.seed === undefined ? undefined : Number(options.seed);
      if (seed !== undefined && !Number.isSafeInteger(seed))
        throw new UserError(`--seed: "${options.seed ?? ''}" is not a whole number`);
      const measured = options.behavior ? await onFiles(options, seed) : await onDatabase(options, seed);
      if (options.json) console.log(JSON.stringify(measured, null, 2));
      else console.log((await import('../forecast-table.ts')).forecastTable(measured));
    });
}

/** What is printed. */
interface Measured {
  data: Window;
  metrics: StoredMetrics;
  seconds: number;
}

async function onDatabase(options: Options, seed: number | undefined): Promise<Measured> {
  const { UserError } = await import('../explain.ts');
  if (options.map.length > 0 || options.type.length > 0 || options.ratingScale !== undefined)
    throw new UserError('--map, --type and --rating-scale say how files are read: give --behavior FILE too');
  const { withDatabase } = await import('../database.ts');
  const { terminalProgress } = await import('../progress.ts');
  const { trainBehaviourModel } = await import('../../core/insight/behaviour-model/worker.ts');
  return withDatabase((db, { train, push }) =>
    trainBehaviourModel(db, {
      seed: seed ?? train.seed,
      defaultZone: push.defaultTimeZone,
      progress: terminalProgress(),
    }),
  );
}

async function onFiles(options: Options, seed: number | undefined): Promise<Measured> {
  const { UserError } = await import('../explain.ts');
  const { ColumnError } = await import('../../core/behaviour/columns.ts');
  const { FileError } = await import('../../core/behaviour/files.ts');
  const { isTimeZone, timeZoneProblem } = await import('../../core/learner/time-zone.ts');
  const { readPasts } = await import('../../core/insight/behaviour-model/files.ts');
  const { metricsOf } = await import('../../core/insight/behaviour-model/store.ts');
  const { trainOn } = await import('../../core/insight/behaviour-model/train.ts');
  const { within } = await import('../../core/numerics/progress.ts');
  const { terminalProgress } = await import('../progress.ts');
  if (!isTimeZone(options.tz)) throw new UserError(`--tz: ${timeZoneProblem(options.tz)}`);
  const started = performance.now();
  const progress = terminalProgress();
  try {
    const reading = { map: options.map, types: options.type, zone: options.tz, ratingScale: options.ratingScale };
    const { pasts, refused } = await readPasts(
      options.behavior!,
      { ...reading, now: new Date() },
      within(progress, 0, 0.2),
    );
    if (refused > 0) console.error(`${refused} events left out: cleaning refuses them, as coursebell import would`);
    const { data, results } = trainOn(pasts, { seed: seed ?? 1, defaultZone: options.tz }, within(progress, 0.2, 1));
    return { data, metrics: metricsOf(results), seconds: (performance.now() - started) / 1000 };
  } catch (error) {
    if (error instanceof ColumnError || error instanceof FileError)
      throw new UserError(error.message, { cause: error });
    throw error;
  }
}
