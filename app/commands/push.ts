import type { Command } from 'commander';

interface Options {
  now?: boolean;
  learner?: string;
  json?: boolean;
}

export function registerPush(program: Command): void {
  program
    .command('push')
    .description("Write today's personal course pushes without waiting for each learner's hour")
    .requiredOption('--now', 'write them now, to everybody who agreed and has none yet today')
    .option('--learner <id>', "one learner only, by the seller's own id")
    .option('--json', 'print JSON')
    .action(push);
}

async function push({ learner, json }: Options): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { withDatabase } = await import('../database.ts');
  const { createCatalogue } = await import('../../core/catalogue/catalogue.ts');
  const { createServing } = await import('../../core/recommend/serving.ts');
  const { planPushes } = await import('../../core/campaign/planning.ts');
  const { resolveExternal } = await import('../../core/learner/store.ts');
  await withDatabase(async (db, settings) => {
    let only: string[] | undefined;
    if (learner !== undefined) {
      const { ids } = await resolveExternal(db, [learner], { create: false });
      const id = ids.get(learner);
      if (id === undefined) throw new UserError(`There is no learner "${learner}"`);
      only = [id];
    }
    const catalogue = await createCatalogue(db);
    const serving = await createServing(db, catalogue, settings.recommend);
    const planning = {
      db,
      catalogue,
      recommender: () => serving.current(),
      defaultTimeZone: settings.push.defaultTimeZone,
    };
    const planned = await planPushes(planning, new Date(), only ? { learnerIds: only } : { anyHour: true });
    await serving.close();
    if (json) console.log(JSON.stringify({ planned }));
    else if (planned > 0)
      console.log(`Wrote ${planned} pushes: a running server sends them within seconds, quiet hours apart.`);
    else console.log('Nobody to push to: all who agreed to messages and can be reached have had their push today.');
  });
}
