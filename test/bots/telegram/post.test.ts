import { afterEach, beforeEach, expect, test } from 'vitest';
import { payloadOf } from '../../../bots/conversation/deep-link.ts';
import { createTelegramChannel } from '../../../bots/telegram/channel.ts';
import type { Reply } from '../../../core/language/reply.ts';
import { createTelegramDouble, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { buttonsOf } from './bot.ts';

const db = testDatabase();
let telegram: TelegramDouble;
beforeEach(async () => {
  telegram = await createTelegramDouble();
});
afterEach(() => telegram.close());

const campaign = '0b9c7a52-3b1e-4c56-9d3b-0f6a52a0b111';
const reply: Reply = {
  text: { template: { en: '20% off' } },
  buttons: [
    [{ id: `join||${campaign}`, label: { en: 'Get my coupon' } }],
    [
      { id: 'course|a%20course%20with%20a%20name', label: { en: 'A course' } },
      { id: 'similar|c1', label: { en: 'Similar' } },
    ],
  ],
};

test('buttons of a post lead into the private chat of who presses, in its topic', async () => {
  const channel = createTelegramChannel({ token: telegram.token, apiRoot: telegram.root, db, log: () => {} });
  for (const thread of ['7', undefined]) {
    const sent = await channel.post!({ chat: '-100123', ...(thread && { thread }) }, reply, 'en', 'message');
    expect(sent).toMatchObject({ ok: true });
  }
  const posts = telegram.calls.filter(({ method }) => method === 'sendMessage');
  expect(posts.map(({ params }) => params['message_thread_id'])).toEqual([7, undefined]);
  const name = (telegram.calls.find(({ method }) => method === 'getMe')!.result as { username: string }).username;
  expect(buttonsOf(posts[0]!)).toEqual([
    { text: 'Get my coupon', url: `https://t.me/${name}?start=campaign_${campaign}` },
    { text: 'A course', url: `https://t.me/${name}?start=${payloadOf('course', 'a course with a name')}` },
    // What no link stands for is pressed where it is.
    { text: 'Similar', callback_data: 'similar|c1' },
  ]);
  // The bot asks for its own name once.
  expect(telegram.calls.filter(({ method }) => method === 'getMe')).toHaveLength(1);
});

test('what is sent to one person keeps its buttons', async () => {
  const channel = createTelegramChannel({ token: telegram.token, apiRoot: telegram.root, db, log: () => {} });
  const { id: learnerId } = await db.prisma.learner.create({ data: {} });
  await channel.send({ learnerId, channel: 'telegram', chat: '5' }, reply, 'en', 'message');
  const sent = telegram.calls.find(({ method }) => method === 'sendMessage')!;
  expect(buttonsOf(sent).every(({ url }) => url === undefined)).toBe(true);
});
