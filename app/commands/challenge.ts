import type { Command } from 'commander';

export function registerChallenge(program: Command): void {
  const challenge = program
    .command('challenge')
    .description('Check-in challenges of communities; their managers start them in the chat: /challenge');

  challenge.command('list').option('--json', 'print JSON').description('Every challenge, newest first').action(list);

  challenge
    .command('stop')
    .argument('<id>', 'as `coursebell challenge list` shows it')
    .description('Stop a challenge: nobody gets a coupon for it')
    .action(stop);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { withDatabase } = await import('../database.ts');
  const { listChallenges } = await import('../../core/campaign/challenge/store.ts');
  const challenges = await withDatabase((db) => listChallenges(db));
  if (json) {
    console.log(JSON.stringify(challenges, null, 2));
    return;
  }
  if (challenges.length === 0) {
    console.log('No challenge yet: a manager of a trusted community starts one with /challenge start there.');
    return;
  }
  const { table } = await import('../terminal.ts');
  const head = ['id', 'name', 'community', 'days', 'coupon', 'members', 'status'];
  const rows = challenges.map((each) => [
    each.id,
    each.name,
    each.community,
    `${each.firstDay} to ${each.lastDay}`,
    `${each.daysNeeded} days, ${each.percent}%`,
    each.members,
    each.status,
  ]);
  console.log(
    table(
      head,
      rows,
      head.map((name) => (name === 'members' ? 'right' : 'left')),
    ),
  );
}

async function stop(id: string): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { withDatabase } = await import('../database.ts');
  const { findChallenge, stopChallenge } = await import('../../core/campaign/challenge/store.ts');
  await withDatabase(async (db) => {
    const stopped = await stopChallenge(db, id);
    if (stopped) {
      console.log(`Stopped "${stopped.name}".`);
      return;
    }
    const known = await findChallenge(db, id);
    if (!known) throw new UserError(`There is no challenge ${id}: coursebell challenge list shows them all`);
    console.log(`"${known.name}" is ${known.status} already.`);
  });
}
