import { Option, type Command } from 'commander';
import type { Interactions } from '../../core/evaluate/interactions.ts';
import type { Stage } from '../../core/evaluate/stages.ts';
import { protocols, type Split } from '../../core/evaluate/split.ts';
import type { Clock } from '../../core/recommend/held-out.ts';
import type { Progress } from '../../core/numerics/progress.ts';
import { inputOptions, momentOf, readInteractions, type InputOptions } from '../evaluation-input.ts';
import { UserError } from '../explain.ts';
import { reportFile } from '../report-file.ts';

interface Options extends InputOptions {
  behavior?: string[];
  train?: string[];
  test?: string[];
  protocol?: (typeof protocols)[number];
  clock?: Clock;
  every?: string;
  at?: string;
  models?: string;
  k: string;
  seed: string;
  rerank?: boolean;
  bootstrap?: boolean;
  budget: string;
  json?: string;
}

export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('Offline evaluation of the recommenders on behaviour files; needs no server and no database')
    .option('--behavior <file...>', 'behaviour files (CSV or JSON lines), to be split by --protocol')
    .addOption(
      new Option(
        '--protocol <name>',
        "last-out: each learner's last course (default); time: all that is new from --at on, and newcomers by themselves; " +
          "first-out: each learner's first course; rolling: the last course, refitted as time passes",
      ).choices(protocols),
    )
    .option('--at <time>', 'moment of --protocol time, such as 2019-07-01 (UTC)')
    .option('--every <days>', 'days from one fit of --protocol rolling to the next; default: calendar months')
    .addOption(
      new Option(
        '--clock <moment>',
        'where "now" stands when a learner is asked: at their last training interaction (last, the default), or at the tested one (asked)',
      ).choices(['last', 'asked'] satisfies Clock[]),
    )
    .option('--train <file...>', 'behaviour files to train on, already split')
    .option('--test <file...>', 'behaviour files to test on, already split');
  inputOptions(command)
    .option('--models <a,b,…>', 'models to compare; default: all')
    .option('--k <n>', 'length of the lists', '10')
    .option('--seed <n>', 'seed of everything that is drawn', '1')
    .option(
      '--rerank',
      'also show what each stage of a served list does to the hybrid, as recommend.* of the settings says',
    )
    .option('--bootstrap', '95 % intervals, and the hybrid against the best single model, learner by learner')
    .option('--budget <minutes>', 'time to plan with: models that do not fit into it are left out', '25')
    .option('--json <file>', 'write the report as JSON to this file')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { terminalProgress } = await import('../progress.ts');
  const { evaluate } = await import('../../core/evaluate/evaluate.ts');
  const { modelTypes } = await import('../../core/recommend/models/index.ts');
  const { evaluationTable } = await import('../evaluation-table.ts');

  const whole = (name: 'k' | 'seed' | 'budget', least: number): number => {
    const value = Number(options[name]);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new UserError(`--${name}: "${options[name]}" is not a whole number from ${least} on`);
    }
    return value;
  };
  const known = modelTypes.map(({ name }) => name);
  const models = options.models === undefined ? known : options.models.split(',').map((name) => name.trim());
  const unknown = models.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`--models: there is no model "${unknown.join('", "')}". Models: ${known.join(', ')}`);
  }
  if (options.rerank && !models.includes('hybrid')) {
    throw new UserError('--rerank shows what is done to the lists of the hybrid: name hybrid in --models too');
  }
  const writeReport = await reportFile('--json', options.json);
  const [k, seed, budgetSeconds] = [whole('k', 1), whole('seed', 0), whole('budget', 1) * 60];
  const progress = terminalProgress();
  const split = await readSplit(options, progress);
  if (split.tested === 0) {
    throw new UserError(
      options.at !== undefined
        ? `--at: nobody took a new course from ${options.at} on; give an earlier moment`
        : split.protocol === 'pre-split'
          ? 'No learner is left to test: none has a test course that is in the catalogue and not in train'
          : 'No learner is left to test: none took two courses of the catalogue',
    );
  }
  if (split.rounds.every(({ size }) => size === 0)) {
    throw new UserError(
      options.at !== undefined
        ? `--at: nothing was taken before ${options.at}, so there is nothing to train on; give a later moment`
        : 'There is nothing to train on: nothing was taken before what is asked for. Are all times the same?',
    );
  }
  const stages = options.rerank ? await servedStages() : undefined;
  const report = await evaluate(
    split,
    {
      models: [...new Set(models)],
      k,
      seed,
      budgetSeconds,
      stopwatch: () => performance.now(),
      ...(stages && { stages }),
      bootstrap: options.bootstrap === true,
    },
    progress,
  );
  for (const { model, why } of report.left_out) console.error(`${model} left out: ${why}`);
  if (Object.keys(report.models).length === 0) throw new UserError('--models: none of these could be evaluated');
  console.log(evaluationTable(report));
  await writeReport(report);
}

async function servedStages(): Promise<Stage[]> {
  const { servingStages } = await import('../../core/evaluate/stages.ts');
  const { readSettings } = await import('../settings.ts');
  return servingStages(readSettings().recommend);
}

async function readSplit(options: Options, progress: Progress): Promise<Split> {
  const { lastOut, preSplit, timeSplit } = await import('../../core/evaluate/protocols.ts');
  const { firstOut, rolling } = await import('../../core/evaluate/rounds.ts');

  const split = options.train !== undefined || options.test !== undefined;
  if (split === (options.behavior !== undefined)) {
    throw new UserError('Give either --behavior, to be split by --protocol, or --train and --test');
  }
  if (split && (!options.train || !options.test)) throw new UserError('--train and --test are given together');
  if (split && options.protocol)
    throw new UserError('--protocol splits --behavior files; --train and --test are split');
  const protocol = split ? 'pre-split' : (options.protocol ?? 'last-out');
  if ((protocol === 'time') !== (options.at !== undefined)) {
    throw new UserError('--protocol time and --at TIME go together');
  }
  const at = options.at === undefined ? undefined : await momentOf('--at', options.at);
  const every = daysOf(options.every);
  if (every !== undefined && protocol !== 'rolling') {
    throw new UserError('--every says how often --protocol rolling fits; leave it out here');
  }
  if (options.clock === 'last' && (protocol === 'first-out' || protocol === 'rolling')) {
    throw new UserError(`--clock: --protocol ${protocol} asks at the moment of each course; leave --clock out`);
  }
  const clock = options.clock ?? 'last';

  const groups = split ? [options.train!, options.test!] : [options.behavior!];
  const read = await readInteractions(groups, options, progress);
  const needing = clock === 'asked' ? '--clock asked' : `--protocol ${protocol}`;
  if (clock === 'asked' || protocol === 'time' || protocol === 'first-out' || protocol === 'rolling') {
    if (read.some(({ dataset }) => dataset.times.some(Number.isNaN))) {
      throw new UserError(`${needing} needs times: say which column holds them with --map occurred_at=<column>`);
    }
  }
  if (read.some(({ dataset }) => dataset.times.length > 0 && dataset.times.every(Number.isNaN))) {
    console.error("Without times the order of a learner's rows stands for the order in which the courses were taken");
  }
  const [first, second] = read as [Interactions, Interactions];
  if (protocol === 'pre-split') return preSplit(first.dataset, second.dataset, clock);
  if (protocol === 'last-out') return lastOut(first, clock);
  if (protocol === 'first-out') return firstOut(first);
  if (protocol === 'rolling') return rolling(first, every);
  return timeSplit(first, at!, clock);
}

function daysOf(every: string | undefined): number | undefined {
  const days = every === undefined ? undefined : Number(every);
  if (days !== undefined && !(Number.isSafeInteger(days) && days > 0)) {
    throw new UserError(`--every: "${every}" is not a whole number of days from 1 on`);
  }
  return days;
}
