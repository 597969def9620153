import type { Command } from 'commander';
import type { Database } from '../../prisma/connect.ts';

export function registerPrivacy(program: Command): void {
  const privacy = program.command('privacy').description('What is stored about one person: export it, or erase it');

  privacy
    .command('export')
    .description('Print everything that is stored about a person, as JSON')
    .requiredOption('--user <id>', 'their external id: the user_id of imports and of the API')
    .action(async ({ user }: { user: string }) => {
      const { withDatabase } = await import('../database.ts');
      const { exportLearner } = await import('../../core/privacy/export.ts');
      await withDatabase(async (db) => {
        console.log(JSON.stringify(await exportLearner(db, await learnerOf(db, user)), null, 2));
      });
    });

  privacy
    .command('erase')
    .description('Erase a person for good; importing the same files again does not bring them back')
    .requiredOption('--user <id>', 'their external id: the user_id of imports and of the API')
    .action(async ({ user }: { user: string }) => {
      const { withDatabase } = await import('../database.ts');
      const { eraseLearner } = await import('../../core/privacy/erase.ts');
      await withDatabase(async (db) => {
        await eraseLearner(db, await learnerOf(db, user));
        console.log(
          'Erased. Rejects files of imports may still hold rows of theirs: delete the ones you need no more.',
        );
      });
    });
}

async function learnerOf(db: Database, user: string): Promise<string> {
  const { resolveExternal } = await import('../../core/learner/store.ts');
  const id = (await resolveExternal(db, [user], { create: false })).ids.get(user);
  if (id) return id;
  const { UserError } = await import('../explain.ts');
  throw new UserError(`There is nobody with the id ${user}`);
}
