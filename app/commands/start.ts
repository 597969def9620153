import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Role } from '../start.ts';

const allRoles: readonly Role[] = ['web', 'bots', 'worker', 'trainer'];

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('Start the assistant: database, queue, web chat, Telegram and Discord, pushes and training')
    .option(
      '--roles <list>',
      'what this process does, of web, bots, worker and trainer (several processes share one external database)',
      parseRoles,
      allRoles,
    )
    .action(async ({ roles }: { roles: readonly Role[] }) => {
      console.log('Starting Coursebell');
      const { runUntilStopped } = await import('../start.ts');
      const { readSettings } = await import('../settings.ts');
      const { terminalProgress } = await import('../progress.ts');
      await runUntilStopped({
        settings: readSettings(),
        roles,
        print: (line) => console.log(line),
        progress: terminalProgress(),
      });
    });
}

function parseRoles(text: string): Role[] {
  return text.split(',').map((name) => {
    const role = allRoles.find((known) => known === name.trim());
    if (!role) throw new InvalidArgumentError(`"${name}" is not a role. Roles are ${allRoles.join(', ')}.`);
    return role;
  });
}
