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
    .description('Train the recommender on all behaviour so far; a running server takes the new version up by itself')
    .option('--seed <n>', 'whole number that decides every draw; default: train.seed of the settings')
    .option('--no-validate', 'skip measuring on held-out courses, which takes as long as the training itself')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { UserError } = await import('../explain.ts');
      const given = options.seed === undefined ? undefined : Number(options.seed);
      if (given !== undefined && !Number.isSafeInteger(given))
        throw new UserError(`--seed: "${options.seed ?? ''}" is not a whole number`);
      const { withDatabase } = await import('../database.ts');
      const { train, UnfitVersion } = await import('../../core/recommend/worker.ts');
      const { terminalProgress } = await import('../progress.ts');
      const training = await withDatabase((db, settings) =>
        train(db, {
          seed: given ?? settings.train.seed,
          validate: options.validate,
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
      if (!options.json) console.log(summary(training));
    });
}

function summary({ version, window, validation, seconds }: Training & { trained: true }): string {
  const day = (time: string | null) => time?.slice(0, 10) ?? '?';
  const number = (value: number) => value.toLocaleString('en');
  const lines = [
    `Model version ${version.number} (${version.id}) is the champion`,
    `Data      ${number(window.events)} events from ${day(window.from)} to ${day(window.to)}`,
    `          ${number(window.learners)} learners, ${number(window.courses)} courses, ${number(window.interactions)} pairs`,
    `Time      ${seconds.toFixed(1)} s`,
  ];
  if (validation) {
    const { learners, hr10, ndcg10, popular } = validation;
    lines.push(
      `Measured  HR@10 ${hr10.toFixed(3)}, NDCG@10 ${ndcg10.toFixed(3)} on the held-out last courses of ${number(learners)} learners`,
      `          (by popularity alone: ${popular.hr10.toFixed(3)}, ${popular.ndcg10.toFixed(3)})`,
    );
  }
  return lines.join('\n');
}
