import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { BotServices } from '../../../bots/bot.ts';
import type { TelegramBot } from '../../../bots/telegram/bot.ts';
import { createTelegramChannel } from '../../../bots/telegram/channel.ts';
import { meetCommunity, trustCommunity } from '../../../core/campaign/community/store.ts';
import { couponsOf } from '../../../core/campaign/sale/store.ts';
import { learnerAt } from '../../../core/learner/store.ts';
import type { Reply } from '../../../core/language/reply.ts';
import { createTelegramDouble, personOf, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { botFor, buttonsOf, dataOf, idOf } from './bot.ts';
import { botServices } from './services.ts';

const db = testDatabase();
const group = -1_001_234_567_890;
let telegram: TelegramDouble;
let services: BotServices;
let bot: TelegramBot;

beforeAll(async () => {
  services = await botServices(db, () => {});
});
beforeEach(async () => {
  telegram = await createTelegramDouble();
  bot = botFor(telegram, services);
  await bot.start();
});
afterEach(async () => {
  await bot.close();
  await telegram.close();
});

const plan = {
  name: 'spring',
  audience: { everyone: true },
  offer: { percent: 20, expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString(), limit: 9 },
  text: { en: 'Your code: {{ code }}' },
  holdout: 0,
  post: { text: { en: '{{ percent }}% off this week' }, to: ['here'] },
};

test('a campaign from an attached plan to the code of who came by its post', async () => {
  const { id } = await meetCommunity(db, { channel: 'telegram', chat: String(group), title: 'G' });
  await trustCommunity(db, id, true);
  telegram.files.set('plan', Buffer.from(JSON.stringify(plan)));
  telegram.on('getChatMember', () => ({ result: { status: 'administrator', user: personOf(7001) } }));
  telegram.message(group, '', {
    document: { file_id: 'plan', file_unique_id: 'u', file_name: 'plan.json', mime_type: 'application/json' },
    caption: '/campaign',
  });
  const review = await telegram.next('sendMessage');
  expect(review.params['text']).toContain('Posts to communities: 1');
  const start = buttonsOf(review).find(({ text }) => text === 'Start it')!.callback_data!;
  telegram.press(group, idOf(review), start);
  telegram.press(group, idOf(review), start);
  await telegram.until(() => telegram.calls.some(({ params }) => String(params['text']).includes('has been started')));
  const posts = await db.prisma.outboxMessage.findMany({ where: { kind: 'post' } });
  expect(posts).toMatchObject([{ communityId: id, status: 'pending' }]);

  const channel = createTelegramChannel({ token: telegram.token, apiRoot: telegram.root, db, log: () => {} });
  const reply = posts[0]!.reply as unknown as Reply;
  await channel.post!({ chat: String(group) }, reply, 'en', posts[0]!.id);
  const posted = telegram.calls.filter(({ method }) => method === 'sendMessage').at(-1)!;
  expect(posted.params['text']).toContain('20% off this week');
  const link = new URL(buttonsOf(posted)[0]!.url!);

  telegram.message(42, `/start ${link.searchParams.get('start')!}`);
  await telegram.until(() => telegram.calls.some(({ params }) => String(params['text']).includes('Your code: ')));
  const [coupon, ...more] = await couponsOf(db, (await learnerAt(db, 'telegram', '42'))!.id);
  expect(more).toEqual([]);
  const told = telegram.calls.find(({ params }) => String(params['text']).includes('Your code: '))!;
  expect(told.params['text']).toContain(coupon!.code);
  expect(dataOf(told, 'buy|')).toBeTruthy();
});
