import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTelegramApi, type TelegramApi } from '../../../bots/telegram/call.ts';
import type { TelegramFailure } from '../../../bots/telegram/failure.ts';
import { createTelegramDouble, type TelegramDouble } from '../../doubles/telegram/index.ts';

let telegram: TelegramDouble;
let api: TelegramApi;

beforeEach(async () => {
  telegram = await createTelegramDouble();
  api = createTelegramApi({ token: telegram.token, apiRoot: telegram.root });
});
afterEach(() => telegram.close());

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as TelegramFailure,
  );

test('Telegram’s refusals become what they mean, without what was sent', async () => {
  const send = () => failure(api.call('sendMessage', { chat_id: 5, text: 'a private word' }, { within: 200 }));
  const kinds = async (...answers: Parameters<TelegramDouble['refuse']>[1][]) => {
    telegram.refuse('sendMessage', ...answers);
    const found: (TelegramFailure | undefined)[] = [];
    while (found.length < answers.length) found.push(await send());
    return found;
  };
  const found = await kinds(
    { error: 429, retryAfter: 7 },
    { error: 403 },
    { error: 400, description: 'Bad Request: chat not found' },
    { error: 400, description: 'Bad Request: BUTTON_TYPE_INVALID "a private word"' },
    { error: 400, description: 'Bad Request: group chat was upgraded to a supergroup chat', migrateTo: -1001 },
    { error: 502 },
    { error: 409 },
    'hang up',
    'silence',
  );
  expect(found.map((one) => one?.kind)).toEqual([
    'rate-limited',
    'unreachable',
    'unreachable',
    'permanent',
    'permanent',
    'temporary',
    'conflict',
    'temporary',
    'temporary',
  ]);
  expect(found[0]?.retryAfterMs).toBe(7000);
  expect(found[4]?.movedTo).toBe('-1001');
  for (const one of found) {
    expect(inspect(one)).not.toContain('private');
    expect(one?.stack).not.toContain(telegram.token);
  }
  const stranger = createTelegramApi({ token: '1:wrong', apiRoot: telegram.root });
  expect(await failure(stranger.call('getMe', {}))).toMatchObject({ kind: 'unauthorised' });
  const nobody = createTelegramApi({ token: telegram.token, apiRoot: 'http://127.0.0.1:9' });
  expect((await failure(nobody.call('getMe', {})))?.message).toBe('Telegram getMe: ECONNREFUSED');
});

test('a form keeps every field beside the file', async () => {
  await api.call('sendPhoto', {
    chat_id: 5,
    photo: { source: Buffer.from('not really a picture'), filename: 'cover.png' },
    caption: '{"a": 1}',
    reply_parameters: { message_id: 3, allow_sending_without_reply: true },
    reply_markup: { inline_keyboard: [[{ text: 'Save', callback_data: 'save|x' }]] },
  });
  const { params, result } = await telegram.next('sendPhoto');
  expect(params).toMatchObject({
    chat_id: 5,
    caption: '{"a": 1}',
    reply_parameters: { message_id: 3, allow_sending_without_reply: true },
    reply_markup: { inline_keyboard: [[{ text: 'Save', callback_data: 'save|x' }]] },
  });
  const id = (result as { photo: { file_id: string }[] }).photo.at(-1)!.file_id;
  expect(telegram.files.get(id)?.toString()).toBe('not really a picture');
  expect((await api.download(id, 100)).toString()).toBe('not really a picture');
  await expect(api.download(id, 10)).rejects.toThrow(RangeError);
});

test('the double refuses what the Bot API does not know', async () => {
  await api.call('sendMessage', { chat_id: 5, text: 'x'.repeat(4097), nonsense: 1 } as never);
  await api.call('sendMessage', {
    chat_id: 5,
    text: 'x',
    reply_markup: { inline_keyboard: [[{ text: 'a', callback_data: '字'.repeat(22) }]] },
  });
  expect(telegram.violations).toContain('sendMessage.text: longer than 4096 characters');
  expect(telegram.violations).toContain('sendMessage.nonsense: not known');
  expect(telegram.violations.some((one) => one.includes('callback_data: longer than 64 bytes'))).toBe(true);
  await expect(telegram.close()).rejects.toThrow('Against the Bot API');
  telegram.violations.length = 0;
  telegram = await createTelegramDouble();
});
