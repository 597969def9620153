import type { Command } from 'commander';
import type { Change, Version } from '../../core/recommend/registry/store.ts';

interface Options {
  json?: boolean;
  reason?: string;
}

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('Trained model versions: which one serves, how good each is, and why it was promoted or was not')
    .option('--json', 'print JSON');

  models
    .command('list', { isDefault: true })
    .option('--json', 'print JSON')
    .description('Every version on a line, the newest first')
    .action(() => list(models.opts()));

  models
    .command('show')
    .argument('<number>', 'of the version, as `coursebell models` shows it')
    .option('--json', 'print JSON')
    .description('One version: its data, config, figures, and the comparison with the champion of its day')
    .action((number: string) => show(number, models.opts()));

  models
    .command('promote')
    .argument('<number>', 'of a version whose model is kept')
    .option('--reason <text>', 'why, for the record')
    .description('Let this version serve, whatever its figures; after that only a better one replaces it by itself')
    .action((number: string, { reason }: Options) => promote(number, reason));

  models
    .command('rollback')
    .option('--reason <text>', 'why, for the record')
    .description('Go back to the champion before the present one; running servers take it up within seconds')
    .action(({ reason }: Options) => rollback(reason));
}

async function list({ json }: Options): Promise<void> {
  const { modelsText } = await import('../models-table.ts');
  const versions = await versionsOf();
  console.log(json ? JSON.stringify(versions, null, 2) : modelsText(versions));
}

async function show(text: string, { json }: Options): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { versionText } = await import('../models-table.ts');
  const number = await numberOf(text);
  const version = (await versionsOf()).find((each) => each.number === number);
  if (!version) throw new UserError(problem('unknown', number));
  console.log(json ? JSON.stringify(version, null, 2) : versionText(version));
}

async function promote(text: string, note: string | undefined): Promise<void> {
  const number = await numberOf(text);
  const { withDatabase } = await import('../database.ts');
  const store = await import('../../core/recommend/registry/store.ts');
  await tell(await withDatabase((db) => store.promote(db, number, note ?? null)), number);
}

async function rollback(note: string | undefined): Promise<void> {
  const { withDatabase } = await import('../database.ts');
  const store = await import('../../core/recommend/registry/store.ts');
  await tell(await withDatabase((db) => store.rollback(db, note ?? null)), NaN);
}

async function tell(change: Change, number: number): Promise<void> {
  const { UserError } = await import('../explain.ts');
  if (!change.changed) throw new UserError(problem(change.why, number));
  const before = change.from === null ? '' : ` instead of version ${change.from}`;
  console.log(`Version ${change.to} serves${before}. Running servers take it up within seconds.`);
}

function problem(why: (Change & { changed: false })['why'], number: number): string {
  switch (why) {
    case 'unknown':
      return `There is no version ${number}: coursebell models list shows them`;
    case 'failed':
      return `Version ${number} does not serve: coursebell models show ${number} says why`;
    case 'dropped':
      return `The model of version ${number} is not kept any more: coursebell models list shows which are`;
    case 'champion':
      return `Version ${number} serves already`;
    case 'nothing-before':
      return 'There is no champion before the present one whose model is kept: coursebell models list shows what there is';
  }
}

async function versionsOf(): Promise<Version[]> {
  const { withDatabase } = await import('../database.ts');
  const { listVersions } = await import('../../core/recommend/registry/store.ts');
  return withDatabase((db) => listVersions(db));
}

async function numberOf(text: string): Promise<number> {
  const { UserError } = await import('../explain.ts');
  if (!/^\d{1,9}$/.test(text))
    throw new UserError(`"${text}" is not the number of a version: coursebell models list shows them`);
  return Number(text);
}
