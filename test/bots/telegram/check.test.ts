import { afterEach, expect, test } from 'vitest';
import { checkTelegram } from '../../../bots/telegram/check.ts';
import type { TelegramSettings } from '../../../bots/telegram/settings.ts';
import { createTelegramDouble, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { settingsFor } from './bot.ts';

let telegram: TelegramDouble;
afterEach(() => telegram.close());

const states = async (settings: TelegramSettings) =>
  Object.fromEntries((await checkTelegram(settings)).map(({ what, state }) => [what, state]));

test('a bot in order is in order, and each finding that is not says what to do', async () => {
  telegram = await createTelegramDouble({ me: { supports_inline_queries: true } });
  const settings = settingsFor(telegram);
  expect(await states(settings)).toEqual({
    'Telegram token': 'ok',
    'Telegram updates': 'ok',
    'Telegram groups': 'ok',
    'Telegram inline': 'ok',
    'Telegram payments': 'ok',
  });
  const webhook = { ...settings, telegram: { receive: 'webhook' as const } };
  for (const publicUrl of [undefined, 'http://bell.example', 'https://bell.example']) {
    for (const finding of await checkTelegram({ ...webhook, publicUrl }))
      if (finding.state !== 'ok') expect(finding.fix).toBeTruthy();
  }
  expect(await states(webhook)).toMatchObject({ 'Telegram updates': 'wrong', 'Telegram payments': 'warning' });
});

test('what BotFather must change is said', async () => {
  telegram = await createTelegramDouble({ me: { can_join_groups: false } });
  expect(await states(settingsFor(telegram))).toMatchObject({ 'Telegram groups': 'warning', 'Telegram inline': 'off' });
  await telegram.close();
  telegram = await createTelegramDouble({ me: { can_read_all_group_messages: true } });
  expect(await states(settingsFor(telegram))).toMatchObject({ 'Telegram groups': 'warning' });
});

test('a webhook that stands in the way, or fails, is seen', async () => {
  telegram = await createTelegramDouble();
  const settings = settingsFor(telegram);
  const info = (more: object) =>
    telegram.on('getWebhookInfo', () => ({
      result: {
        url: 'https://bell.example/telegram/webhook',
        has_custom_certificate: false,
        pending_update_count: 3,
        ...more,
      },
    }));
  info({});
  expect(await states(settings)).toMatchObject({ 'Telegram updates': 'warning' });
  const webhook = { ...settings, publicUrl: 'https://bell.example', telegram: { receive: 'webhook' as const } };
  expect(await states(webhook)).toMatchObject({ 'Telegram updates': 'ok' });
  info({ last_error_date: Math.floor(Date.now() / 1000), last_error_message: 'Connection refused' });
  expect(await states(webhook)).toMatchObject({ 'Telegram updates': 'wrong' });
});

test('a wrong token and a silent Telegram are told apart, without the token', async () => {
  telegram = await createTelegramDouble();
  const { platforms } = settingsFor(telegram);
  const wrong = { ...settingsFor(telegram), platforms: { ...platforms, telegramToken: '1:wrong' } };
  const [finding] = await checkTelegram(wrong);
  expect(finding).toMatchObject({ what: 'Telegram token', state: 'wrong' });
  expect(JSON.stringify(finding)).not.toContain('1:wrong');
  const away = { ...wrong, platforms: { ...platforms, telegramApi: 'http://127.0.0.1:9' } };
  expect(await checkTelegram(away)).toMatchObject([
    { what: 'Telegram', state: 'wrong', found: expect.stringContaining('ECONNREFUSED') as string },
  ]);
  expect(await checkTelegram({ ...wrong, platforms: { ...platforms, telegramToken: undefined } })).toMatchObject([
    { state: 'off' },
  ]);
});
