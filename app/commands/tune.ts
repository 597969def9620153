import { Option, type Command } from 'commander';
import type { Progress } from '../../core/numerics/progress.ts';
import type { Dataset } from '../../core/recommend/model.ts';
import type { Clock, Cut } from '../../core/recommend/held-out.ts';
import { inputOptions, momentOf, readInteractions, type InputOptions } from '../evaluation-input.ts';
import { UserError } from '../explain.ts';
import { reportFile } from '../report-file.ts';

interface Options extends InputOptions {
  model: string;
  behavior?: string[];
  train?: string[];
  protocol?: 'last-out' | 'time';
  at?: string;
  cut: Cut | 'auto';
  clock?: Clock;
  trials: string;
  minutes?: string;
  seed: string;
  out?: string;
}

export function registerTune(program: Command): void {
  const command = program
    .command('tune')
    .description(
      'Search better settings of a model on courses held out of the training data: of files, or of the database where none are given',
    )
    .requiredOption('--model <name>', 'whose settings, such as ease, item-knn or markov')
    .option(
      '--behavior <file...>',
      'behaviour files; what --protocol (needed then) tests is cut off first and never looked at',
    )
    .addOption(new Option('--protocol <name>', 'as of evaluate').choices(['last-out', 'time']))
    .option('--at <time>', 'moment of --protocol time, such as 2019-07-01 (UTC)')
    .option('--train <file...>', 'behaviour files to train on, already split');
  inputOptions(command)
    .addOption(
      new Option(
        '--cut <how>',
        'which courses are held out: the last, the newest by time, a random quarter; auto looks at the data',
      )
        .choices(['auto', 'last', 'time', 'random'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--clock <when>',
        'where "now" stands: at the last event before (default for files), or when it is asked (for the database)',
      ).choices(['last', 'asked']),
    )
    .option('--trials <n>', 'settings to try', '27')
    .option('--minutes <n>', 'time for all fits, those of a run before included')
    .option('--seed <n>', 'seed of everything that is drawn', '1')
    .option(
      '--out <file>',
      'result as JSON; the journal by which a killed run goes on stands beside it; default: tune-<model>.json',
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { terminalProgress } = await import('../progress.ts');
  const { findModelType, modelTypes } = await import('../../core/recommend/models/index.ts');
  const { searchOf, SearchError, tune } = await import('../../core/evaluate/tune/tune.ts');
  const { spaceOf } = await import('../../core/evaluate/tune/space.ts');
  const { JournalError, openJournal } = await import('../../core/evaluate/tune/files.ts');
  const { tuningTable } = await import('../tuning-table.ts');

  const type = findModelType(options.model);
  if (!type)
    throw new UserError(
      `--model: there is no model "${options.model}". Models: ${modelTypes.map(({ name }) => name).join(', ')}`,
    );
  const searchable = modelTypes.filter((one) => Object.keys(spaceOf(one)).length > 0);
  if (!searchable.includes(type))
    throw new UserError(
      `--model: ${type.name} has no setting to search. Models that have: ${searchable.map(({ name }) => name).join(', ')}`,
    );
  const [trials, seed] = [whole('--trials', options.trials, 1), whole('--seed', options.seed, 0)];
  const minutes = options.minutes === undefined ? undefined : Number(options.minutes);
  if (minutes !== undefined && !(minutes > 0))
    throw new UserError(`--minutes: "${options.minutes}" is not a number above 0`);
  const out = options.out ?? `tune-${type.name}.json`;
  const writeReport = await reportFile('--out', out);
  const progress = terminalProgress();
  const clock = options.clock ?? ((options.behavior ?? options.train) ? 'last' : 'asked');
  const { dataset, cut } = await trainingData(options, clock, progress);
  const searching = {
    ...{ seed, trials, cut, clock, stopwatch: () => performance.now() },
    ...(minutes !== undefined && { minutes }),
  };
  try {
    const journal = await openJournal(`${out}.journal.jsonl`, searchOf(type, dataset, searching));
    if (journal.before.length > 0) console.error(`Going on after ${journal.before.length} fits of a run before`);
    const tuned = await tune(type, dataset, searching, journal, progress);
    console.log(tuningTable(tuned));
    await writeReport(tuned);
  } catch (error) {
    if (error instanceof SearchError || error instanceof JournalError || error instanceof RangeError)
      throw new UserError(error.message, { cause: error });
    throw error;
  }
}

/** Training data alone: of files that are to be split, what the protocol tests is gone before anything is looked at. */
async function trainingData(
  options: Options,
  clock: Clock,
  progress: Progress,
): Promise<{ dataset: Dataset; cut: Cut | 'auto' }> {
  const { behavior, train, protocol, cut } = options;
  if (behavior && train)
    throw new UserError('Give --behavior with --protocol, or --train, or neither for the database');
  if ((behavior !== undefined) !== (protocol !== undefined))
    throw new UserError('--behavior and --protocol are given together');
  if ((protocol === 'time') !== (options.at !== undefined))
    throw new UserError('--protocol time and --at TIME go together');
  if (train) {
    const [read] = await readInteractions([train], options, progress);
    return { dataset: read!.dataset, cut };
  }
  if (!behavior) {
    const { withDatabase } = await import('../database.ts');
    const { loadTrainingData } = await import('../../core/recommend/store.ts');
    return { dataset: (await withDatabase((db) => loadTrainingData(db, progress))).dataset, cut };
  }
  const { lastOut, timeSplit } = await import('../../core/evaluate/protocols.ts');
  const at = options.at === undefined ? undefined : await momentOf('--at', options.at);
  const [read] = await readInteractions([behavior], options, progress);
  if (at === undefined) return { dataset: lastOut(read!, clock).rounds[0]!.train(), cut };
  if (read!.dataset.times.every(Number.isNaN))
    throw new UserError('--protocol time needs times: say which column holds them with --map occurred_at=<column>');
  const [round] = timeSplit(read!, at, clock).rounds;
  return { dataset: round!.train(), cut: cut === 'auto' ? 'time' : cut };
}

function whole(option: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UserError(`${option}: "${text}" is not a whole number from ${least} on`);
}
