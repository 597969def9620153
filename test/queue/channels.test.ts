import { afterAll, beforeAll, describe } from 'vitest';
import { channelContract } from '../contracts/channel.ts';
import { createDiscordDouble, type DiscordDouble } from '../doubles/discord/index.ts';
import { discordStage, telegramStage, webStage } from '../doubles/stages.ts';
import type { Stage } from '../contracts/channel.ts';
import { createTelegramDouble, type TelegramDouble } from '../doubles/telegram/index.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();

describe('the web channel', () => {
  let stage: Stage;
  beforeAll(() => {
    stage = webStage(db);
  });
  channelContract(() => stage);
});

describe('the Telegram channel', () => {
  let double: TelegramDouble;
  let stage: Stage;
  beforeAll(async () => {
    double = await createTelegramDouble();
    stage = telegramStage(db, double);
  });
  afterAll(() => double.close());
  channelContract(() => stage);
});

describe('the Discord channel', () => {
  let double: DiscordDouble;
  let stage: Stage;
  beforeAll(async () => {
    double = await createDiscordDouble();
    stage = discordStage(db, double);
  });
  afterAll(() => double.close());
  channelContract(() => stage);
});
