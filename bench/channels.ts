/**
 * The assistant on all channels at once, each against a double of its platform on this machine:
 *   npm run bench:channels              turns, latency and CPU; fuzzed updates; pushes through a bad day
 *   npm run bench:channels -- --json    the first of these, as JSON
 */
import path from 'node:path';
import { connect } from '../prisma/connect.ts';
import { createDiscordDouble } from '../test/doubles/discord/index.ts';
import type { PaceLimits } from '../test/doubles/discord/pace.ts';
import { createTelegramDouble } from '../test/doubles/telegram/index.ts';
import { fuzzDiscord, fuzzTelegram } from './channels/fuzz.ts';
import { measurePushes } from './channels/pushes.ts';
import { measureSpeed, type Doubles } from './channels/speed.ts';
import { startSubject } from './channels/subjects.ts';
import { createInstallation } from './installation.ts';

const json = process.argv.includes('--json');
const tell = (line: string) => console.error(line);

const SEED = 1;
const FUZZED = 10_000;
const PUSHES = 500;

const installation = await createInstallation({ sample: true });
const folder = path.dirname(installation.data);
try {
  await installation.run('sample', 'load');
  await installation.run('train', '--no-validate');
  const key = (await installation.run('key')).trim();
  const { speed, cpu } = await withDoubles(undefined, async (doubles) =>
    measureSpeed(doubles, await subject(doubles, 'web,bots'), { key, folder, tell }),
  );
  if (json) console.log(JSON.stringify(speed));
  else {
    console.table(speed);
    console.log('CPU of a turn, ms');
    console.table(cpu);
    const fuzzed = await withDoubles(undefined, async (doubles) => {
      const bots = await subject(doubles, 'bots');
      const telegram = await fuzzTelegram(doubles.telegram, bots, { updates: FUZZED, seed: SEED });
      tell(`telegram: ${JSON.stringify(telegram)}`);
      const discord = await fuzzDiscord(doubles.discord, bots, { updates: FUZZED, seed: SEED });
      await bots.stop();
      return { telegram, discord };
    });
    console.log('Fuzzed updates');
    console.table(fuzzed);
    const pushed = await withDoubles({ perSecond: 50, perChannel: 5 }, async (doubles) => {
      const db = await connect({ folder: installation.data });
      try {
        const start = () => subject(doubles, 'worker');
        return await measurePushes(db, doubles, { pushes: PUSHES, seed: SEED, start });
      } finally {
        await db.close();
      }
    });
    console.log('Pushes through 429, 403 and 5xx');
    console.table(pushed);
  }
} finally {
  installation.remove();
}

function subject({ telegram, discord }: Doubles, roles: string) {
  const env = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API: telegram.root,
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API: discord.root,
  };
  return startSubject([roles], { folder, env });
}

/** @param limits that Discord holds the bot to; none when left out. */
async function withDoubles<T>(limits: PaceLimits | undefined, work: (doubles: Doubles) => Promise<T>): Promise<T> {
  const telegram = await createTelegramDouble({ checked: false });
  const discord = await createDiscordDouble(limits ? { limits } : {});
  try {
    return await work({ telegram, discord });
  } finally {
    await telegram.close();
    await discord.close();
  }
}
