import type { Command } from 'commander';
import { UserError } from '../explain.ts';

/** `coursebell key`: keys for servers that embed the chat or send events. */
export function registerKey(program: Command): void {
  const key = program
    .command('key')
    .description('Make a key for a server that embeds the chat or sends events')
    .option('--name <name>', 'what the key is for, to tell it from others', 'server')
    .option('--json', 'print JSON only')
    .action(async ({ name, json }: { name: string; json?: boolean }) => {
      const { withDatabase } = await import('../database.ts');
      const { createKey } = await import('../keys.ts');
      const made = await withDatabase((db) => createKey(db, name));
      if (json) {
        console.log(JSON.stringify(made));
        return;
      }
      console.error('Send it as "Authorization: Bearer <key>". It is shown this once; only its hash is kept.');
      console.log(made.key);
    });

  key
    .command('list')
    .description('List the keys (not their texts, which are not kept)')
    .action(async () => {
      const { withDatabase } = await import('../database.ts');
      const { listKeys } = await import('../keys.ts');
      const keys = await withDatabase(listKeys);
      if (wantsJson(key)) {
        console.log(JSON.stringify(keys));
        return;
      }
      const { minute, table } = await import('../terminal.ts');
      const rows = keys.map(({ id, name, createdAt, revokedAt }) => [
        ...[id, name, minute(createdAt)],
        revokedAt ? minute(revokedAt) : '',
      ]);
      console.log(
        rows.length > 0
          ? table(['id', 'name', 'made (UTC)', 'revoked (UTC)'], rows, ['left', 'left', 'left', 'left'])
          : 'There are no keys. Make one: coursebell key',
      );
    });

  key
    .command('revoke')
    .argument('<id or name>', 'from "coursebell key list"')
    .description('Make a key useless, at once')
    .action(async (idOrName: string) => {
      const { withDatabase } = await import('../database.ts');
      const { revokeKeys } = await import('../keys.ts');
      const revoked = await withDatabase((db) => revokeKeys(db, idOrName, new Date()));
      if (wantsJson(key)) console.log(JSON.stringify(revoked));
      else for (const { id, name } of revoked) console.log(`Revoked ${name} (${id})`);
      if (revoked.length === 0)
        throw new UserError(`No valid key has the id or name "${idOrName}": see coursebell key list`);
    });
}

const wantsJson = (command: Command) => command.opts<{ json?: boolean }>().json === true;
