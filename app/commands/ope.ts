import { Option, type Command } from 'commander';
import type { OpeReport, PolicyName } from '../../core/evaluate/ope/ope.ts';
import type { RewardName } from '../../core/evaluate/ope/rewards.ts';
import type { EstimateOptions } from '../../core/evaluate/ope/estimate.ts';
import { UserError } from '../explain.ts';
import { reportFile } from '../report-file.ts';

interface Options {
  file?: string;
  policy: string;
  explore?: string;
  diversity?: string;
  list: string;
  reward: RewardName;
  days: string;
  since?: string;
  until?: string;
  clip?: string;
  bootstrap?: string;
  seed: string;
  json?: string;
}

export function registerOpe(program: Command): void {
  program
    .command('ope')
    .description(
      'Off-policy evaluation: what another recommender would have earned, from impressions with propensities',
    )
    .option('--policy <a,b,…>', 'champion, the number of a model version, popular, uniform', 'champion,popular,uniform')
    .option('--explore <share>', 'of model versions: share of places that explore; default: recommend.explore')
    .option('--diversity <share>', 'of model versions: 0 to 1; default: recommend.diversity')
    .option('--list <name>', 'which impressions: recommend, push, …', 'recommend')
    .addOption(
      new Option('--reward <what>', 'what counts as a reward (revenue: minor units of the currency of the settings)')
        .choices(['view', 'save', 'enrol', 'purchase', 'complete', 'revenue'])
        .default('view'),
    )
    .option('--days <n>', 'days after an impression in which a reward counts', '7')
    .option('--since <time>', 'impressions from this time on (ISO 8601, UTC); default: all')
    .option('--until <time>', 'impressions and rewards until this time; default: now')
    .option(
      '--file <file>',
      'impressions logged elsewhere (CSV or JSON lines) instead of the database; see docs/off-policy.md',
    )
    .option('--clip <weight>', 'weights above it count as it: less spread for some bias, which is shown')
    .option('--bootstrap <n>', 'intervals from so many resamples of learners; default: from the sandwich variance')
    .option('--seed <n>', 'seed of the resampling', '1')
    .option('--json <file>', 'write the report as JSON to this file')
    .action(run);
}

/** Options that say what is read from the database. */
const OF_DATABASE = ['policy', 'explore', 'diversity', 'list', 'reward', 'days', 'since', 'until'] as const;

async function run(options: Options, command: Command): Promise<void> {
  const stray = OF_DATABASE.find((name) => command.getOptionValueSource(name) === 'cli');
  if (options.file !== undefined && stray) {
    throw new UserError(`--${stray} goes with the database, and --file says it all: leave one of them out`);
  }
  const writeReport = await reportFile('--json', options.json);
  const estimating: EstimateOptions = {
    seed: numberOf('--seed', options.seed, { least: 0, whole: true }),
    ...(options.clip !== undefined && { clip: numberOf('--clip', options.clip, { least: Number.MIN_VALUE }) }),
    ...(options.bootstrap !== undefined && {
      bootstrap: numberOf('--bootstrap', options.bootstrap, { least: 100, whole: true }),
    }),
  };
  const report =
    options.file === undefined ? await fromDatabase(options, estimating) : await fromFile(options.file, estimating);
  const { opeTable } = await import('../ope-table.ts');
  console.log(opeTable(report));
  await writeReport(report);
}

async function fromDatabase(options: Options, estimating: EstimateOptions): Promise<OpeReport> {
  const { momentOf } = await import('../evaluation-input.ts');
  const instant = async (name: string, text: string) => new Date((await momentOf(name, text)) * 1000);
  const since = options.since === undefined ? undefined : await instant('--since', options.since);
  const until = options.until === undefined ? new Date() : await instant('--until', options.until);
  if (until.getTime() > Date.now())
    throw new UserError('--until lies in the future: what will come of it is not known');
  if (since && since > until) throw new UserError('--since must not be later than --until (or now)');
  const days = numberOf('--days', options.days, { least: 1 });
  const policies = options.policy.split(',').map((name) => policyOf(name.trim()));
  const share = (name: 'explore' | 'diversity') =>
    options[name] === undefined ? {} : { [name]: numberOf(`--${name}`, options[name], { least: 0, most: 1 }) };

  const { withDatabase } = await import('../database.ts');
  const { terminalProgress } = await import('../progress.ts');
  const { evaluatePolicies, PolicyError } = await import('../../core/evaluate/ope/ope.ts');
  return withDatabase((db, { recommend, currency }) => {
    const candidate = { ...recommend, ...share('explore'), ...share('diversity') };
    const { list, reward } = options;
    return evaluatePolicies(
      db,
      { ...estimating, policies, serving: recommend, candidate, list, reward, days, since, until, currency },
      terminalProgress(),
    ).catch((error: unknown) => {
      throw error instanceof PolicyError ? new UserError(error.message, { cause: error }) : error;
    });
  });
}

async function fromFile(file: string, estimating: EstimateOptions): Promise<OpeReport> {
  const { readLogged } = await import('../../core/evaluate/ope/read.ts');
  const { estimateOffPolicy } = await import('../../core/evaluate/ope/estimate.ts');
  const { ColumnError } = await import('../../core/behaviour/columns.ts');
  const { FileError } = await import('../../core/behaviour/files.ts');
  const { terminalProgress } = await import('../progress.ts');
  const { logged, unreadable } = await readLogged(file, terminalProgress()).catch((error: unknown) => {
    throw error instanceof ColumnError || error instanceof FileError
      ? new UserError(error.message, { cause: error })
      : error;
  });
  if (unreadable > 0) console.error(`${unreadable} rows left out: a number is missing or out of its range`);
  const n = logged.reward.length;
  return {
    source: 'file',
    reward: 'as in the file',
    impressions: n,
    certain: logged.propensity.filter((propensity) => propensity > 1 - 1e-9).length / n,
    contexts: { confirmed: 0, unconfirmed: 0 },
    left: { withoutPropensity: unreadable, tooYoung: 0, gone: 0, notRebuilt: 0 },
    policies: [{ policy: 'candidate', before: 0, ...estimateOffPolicy(logged, estimating) }],
  };
}

function policyOf(name: string): PolicyName {
  if (name === 'popular' || name === 'uniform' || name === 'champion') return name;
  if (/^[1-9]\d*$/.test(name)) return Number(name);
  throw new UserError(`--policy: "${name}" is none of champion, popular, uniform, or the number of a model version`);
}

function numberOf(
  option: string,
  text: string,
  { least, most = Infinity, whole = false }: { least: number; most?: number; whole?: boolean },
): number {
  const value = Number(text);
  const right = text.trim() !== '' && value >= least && value <= most && Number.isFinite(value);
  if (right && (!whole || Number.isSafeInteger(value))) return value;
  const from = least === Number.MIN_VALUE ? 'above 0' : `from ${least} on`;
  const range = most === Infinity ? from : `from ${least} to ${most}`;
  throw new UserError(`${option}: "${text}" is not a ${whole ? 'whole ' : ''}number ${range}`);
}
