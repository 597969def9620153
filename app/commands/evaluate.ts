import { Option, type Command } from 'commander';
import type { Reranker } from '../../core/evaluate/evaluate.ts';
import type { Split } from '../../core/evaluate/protocols.ts';
import type { Progress } from '../../core/numerics/progress.ts';
import { inputOptions, momentOf, readInteractions, type InputOptions } from '../evaluation-input.ts';
import { UserError } from '../explain.ts';

interface Options extends InputOptions {
  behavior?: string[];
  train?: string[];
  test?: string[];
  protocol?: 'last-out' | 'time';
  at?: string;
  models?: string;
  k: string;
  seed: string;
  rerank?: boolean;
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
        "last-out: each learner's last course; time: all that is new from --at on",
      ).choices(['last-out', 'time']),
    )
    .option('--at <time>', 'moment of --protocol time, such as 2019-07-01 (UTC)')
    .option('--train <file...>', 'behaviour files to train on, already split')
    .option('--test <file...>', 'behaviour files to test on, already split');
  inputOptions(command)
    .option('--models <a,b,…>', 'models to compare; default: all')
    .option('--k <n>', 'length of the lists', '10')
    .option('--seed <n>', 'seed of everything that is drawn', '1')
    .option('--rerank', 'also show the hybrid after re-ranking and exploration, as recommend.* of the settings says')
    .option('--json <file>', 'write the report as JSON to this file')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { terminalProgress } = await import('../progress.ts');
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
  const known = modelTypes.map(({ name }) => name);
  const models = options.models === undefined ? known : options.models.split(',').map((name) => name.trim());
  const unknown = models.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`--models: there is no model "${unknown.join('", "')}". Models: ${known.join(', ')}`);
  }
  const [k, seed] = [whole('k', 1), whole('seed', 0)];
  const progress = terminalProgress();
  const split = await readSplit(options, progress);
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

async function readSplit(options: Options, progress: Progress): Promise<Split> {
  const { lastOut, preSplit, timeSplit } = await import('../../core/evaluate/protocols.ts');

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
  const at = options.at === undefined ? undefined : await momentOf('--at', options.at);
  const groups = split ? [options.train!, options.test!] : [options.behavior!];
  const [first, second] = await readInteractions(groups, options, progress);
  if (second) return preSplit(first!.dataset, second.dataset);
  if (at === undefined) return lastOut(first!);
  if (first!.dataset.times.every(Number.isNaN)) {
    throw new UserError('--protocol time needs times: say which column holds them with --map occurred_at=<column>');
  }
  return timeSplit(first!, at);
}
