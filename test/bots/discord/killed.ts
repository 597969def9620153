/** A process with the bot, to be killed in the middle of updates; started by kill.test.ts. */

import { createDiscordBot } from '../../../bots/discord/bot.ts';
import { open } from '../../../prisma/connect.ts';
import { botServices } from '../telegram/services.ts';

const db = await open(JSON.parse(process.env['DATABASE_CONFIG']!) as Parameters<typeof open>[0]);
const bot = createDiscordBot({
  services: await botServices(db, (line) => console.error(line)),
  settings: {
    discord: {},
    platforms: { discordToken: process.env['TOKEN'], discordApi: process.env['ROOT'] },
  },
});
await bot.start();
process.on('message', () => {
  void bot
    .idle()
    .then(() => bot.close())
    .then(() => db.close())
    .then(() => process.disconnect());
});
process.send!('ready');
