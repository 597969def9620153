/**
 * The assistant on all channels at once, each against a double of its platform on this machine:
 *   npm run bench:channels [-- --json]
 */
import path from 'node:path';
import { createDiscordDouble } from '../test/doubles/discord/index.ts';
import { createTelegramDouble } from '../test/doubles/telegram/index.ts';
import { measureSpeed } from './channels/speed.ts';
import { startSubject } from './channels/subjects.ts';
import { createInstallation } from './installation.ts';

const json = process.argv.includes('--json');
const tell = (line: string) => console.error(line);

const installation = await createInstallation({ sample: true, push: { dailyCap: 1_000 } });
const telegram = await createTelegramDouble({ checked: false });
const discord = await createDiscordDouble();
try {
  await installation.run('sample', 'load');
  await installation.run('train', '--no-validate');
  const key = (await installation.run('key')).trim();
  const folder = path.dirname(installation.data);
  const env = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API: telegram.root,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API: discord.root,
  };
  const { speed, cpu } = await measureSpeed({ telegram, discord }, await startSubject(['web,bots'], { folder, env }), {
    key,
    folder,
    tell,
  });
  if (json) console.log(JSON.stringify(speed));
  else {
    console.table(speed);
    console.table(cpu);
  }
} finally {
  await telegram.close();
  await discord.close();
  installation.remove();
}
