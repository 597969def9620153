import type { Command } from 'commander';

export function registerCommunity(program: Command): void {
  const community = program
    .command('community')
    .description('Telegram groups and Discord servers that the bot is in, and which of them are trusted')
    .action(async () => {
      const { UserError } = await import('../explain.ts');
      throw new UserError(community.helpInformation());
    });

  community
    .command('list')
    .option('--json', 'print JSON')
    .description('Every community, with the id by which it is trusted')
    .action(list);

  community
    .command('trust')
    .argument('<id>', 'as `coursebell community list` and the bot itself show it')
    .description('Let its admins run campaigns and challenges, set it up, and read what learners ask')
    .action((id: string) => trust(id, true));

  community
    .command('untrust')
    .argument('<id>')
    .description('Take that back; what runs already goes on')
    .action((id: string) => trust(id, false));
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const { withDatabase } = await import('../database.ts');
  const { communities } = await import('../../core/campaign/community/store.ts');
  const all = await withDatabase((db) => communities(db.pool));
  if (json) {
    console.log(JSON.stringify(all, null, 2));
    return;
  }
  if (all.length === 0) {
    console.log('The bot is in no community yet: add it to a Telegram group or a Discord server.');
    return;
  }
  const { table } = await import('../terminal.ts');
  const rows = all.map(({ id, channel, chat, title, trusted, active }) => [
    id,
    channel,
    chat,
    title.replaceAll(/\p{Cc}/gu, ' '),
    trusted ? 'yes' : 'no',
    active ? 'yes' : 'no',
  ]);
  console.log(table(['id', 'channel', 'chat', 'title', 'trusted', 'bot is in it'], rows));
}

async function trust(id: string, trusted: boolean): Promise<void> {
  const { UserError } = await import('../explain.ts');
  const { withDatabase } = await import('../database.ts');
  const { trustCommunity } = await import('../../core/campaign/community/store.ts');
  const changed = await withDatabase((db) => trustCommunity(db, id, trusted));
  if (!changed) throw new UserError(`There is no community ${id}: coursebell community list shows them all`);
  const name = changed.title.replaceAll(/\p{Cc}/gu, ' ') || changed.chat;
  console.log(
    trusted
      ? `"${name}" is trusted: its admins may run campaigns and challenges and read what learners ask.`
      : `"${name}" is trusted no more.`,
  );
}
