/** The basics on a Bot API server that nobody here wrote. */

import net from 'node:net';
import { TelegramServer } from 'telegram-test-api/lib/telegramServer.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TelegramBot } from '../../../bots/telegram/bot.ts';
import { testDatabase } from '../../setup/database.ts';
import { botFor } from './bot.ts';
import { botServices } from './services.ts';

const db = testDatabase();
const token = '666:basics';
interface Answer {
  chat_id: string;
  text: string;
  reply_markup?: object;
}

let server: TelegramServer;
let bot: TelegramBot;

beforeAll(async () => {
  server = new TelegramServer({ port: await freePort(), host: '127.0.0.1' });
  await server.start();
  bot = botFor({ root: server.config.apiURL, token }, await botServices(db, () => {}));
  await bot.start();
});
afterAll(async () => {
  await bot.close();
  await server.stop();
});

test('words and presses are answered', async () => {
  const client = server.getClient(token, { userId: 77, chatId: 77, timeout: 20_000 });
  // Its declarations name types that it does not bring.
  const answers = async () =>
    ((await client.getUpdates()).result as { message: Answer }[]).map(({ message }) => message);
  await client.sendCommand(client.makeCommand('/help'));
  const [help] = await answers();
  expect(help).toMatchObject({ chat_id: '77', text: expect.stringMatching(/recommend/i) as string });
  await client.sendMessage(client.makeMessage('search excel'));
  const [list] = await answers();
  expect(list?.text).toMatch(/excel/i);
  await client.sendCallback(client.makeCallbackQuery('recommend', { message: { message_id: 1 } }));
  const [found] = await answers();
  expect(found?.reply_markup).toHaveProperty('inline_keyboard');
}, 60_000);

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
