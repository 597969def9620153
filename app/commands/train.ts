import type { Command } from 'commander';
import type { Training } from '../../core/recommend/worker.ts';

interface Options {
  seed?: string;
  validate: boolean;
  json?: boolean;
}

export function registerTrain(program: Command): void {
  program
    .command('train')
    .description(
      'Train the recommender on all behaviour so far; if it beats what serves, a running server takes it up by itself',
    )
    .option('--seed <n>', 'whole number that decides every draw; default: train.seed of the settings')
    .option(
      '--no-validate',
      'skip measuring, which takes as long as the training itself; such a version replaces nothing by itself',
    )
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { UserError } = await import('../explain.ts');
      const given = options.seed === undefined ? undefined : Number(options.seed);
      if (given !== undefined && !Number.isSafeInteger(given))
        throw new UserError(`--seed: "${options.seed ?? ''}" is not a whole number`);
      const { withDatabase } = await import('../database.ts');
      const { train, UnfitVersion } = await import('../../core/recommend/worker.ts');
      const { terminalProgress } = await import('../progress.ts');
      const { trainOptions } = await import('../training.ts');
      const training = await withDatabase((db, settings) =>
        train(db, {
          ...trainOptions(settings.train, { validate: options.validate, ...(given !== undefined && { seed: given }) }),
          progress: terminalProgress(),
        }).catch((error: unknown) => {
          throw error instanceof UnfitVersion ? new UserError(error.message, { cause: error }) : error;
        }),
      );
      if (options.json) console.log(JSON.stringify(training, null, 2));
      if (!training.trained)
        throw new UserError(
          training.window.courses === 0
            ? 'There is no course yet: import some with coursebell import --courses FILE'
            : 'There is no behaviour to learn from yet: import some with coursebell import --behavior FILE, or wait for learners',
        );
      if (!options.json) console.log(await summary(training));
    });
}

async function summary({ version, seconds }: Training & { trained: true }): Promise<string> {
  const { dataLines, measuredLines, reason } = await import('../models-table.ts');
  const champion = version.status === 'champion';
  return [
    `Model version ${version.number} (${version.id}) is ${champion ? 'the champion' : 'a challenger'}`,
    ...dataLines(version),
    `Time      ${seconds.toFixed(1)} s`,
    ...measuredLines(version.metrics.validation),
    `Decision  ${reason(version)}`,
    ...(champion ? [] : [`          coursebell models promote ${version.number} lets it serve all the same`]),
  ].join('\n');
}
