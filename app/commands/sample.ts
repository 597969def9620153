import type { Command } from 'commander';

export function registerSample(program: Command): void {
  const sample = program.command('sample').description('The sample catalogue and its simulated community');

  sample
    .command('load')
    .description('Load them (done by the first `npm start` into an empty database)')
    .action(async () => {
      const { withDatabase } = await import('../database.ts');
      const { terminalProgress } = await import('../progress.ts');
      const { loadSample } = await import('../sample/store.ts');
      await withDatabase(async (db, settings) => {
        const made = await loadSample(db, settings.train.seed, new Date(), terminalProgress());
        console.log(`Loaded ${made.courses} courses, ${made.learners} simulated learners and ${made.events} events.`);
        console.log('A running server trains on them by itself; `coursebell train` does it now.');
      });
    });

  sample
    .command('remove')
    .description('Remove every simulated learner, the sample courses, and the models trained on them')
    .action(async () => {
      const { withDatabase } = await import('../database.ts');
      const { removeSample } = await import('../sample/store.ts');
      await withDatabase(async (db) => {
        const gone = await removeSample(db, new Date());
        console.log(`Removed ${gone.courses} courses, ${gone.learners} simulated learners and ${gone.events} events.`);
        console.log('Import your own next: coursebell import --help');
      });
    });
}
