import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import fastify from 'fastify';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BotServices } from '../../../bots/bot.ts';
import type { TelegramBot } from '../../../bots/telegram/bot.ts';
import { KINDS } from '../../../bots/telegram/updates.ts';
import { WEBHOOK_PATH } from '../../../bots/telegram/webhook.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { learnerAt, meetLearner, setConsent } from '../../../core/learner/store.ts';
import { createTelegramDouble, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { botFor, settingsFor } from './bot.ts';
import { botServices } from './services.ts';

const db = testDatabase();
let telegram: TelegramDouble;
let services: BotServices;
let problems: string[];
const bots: TelegramBot[] = [];

beforeAll(async () => {
  services = await botServices(db, (line) => problems.push(line));
});
beforeEach(async () => {
  problems = [];
  await db.pool.query('delete from updates');
  telegram = await createTelegramDouble();
});
afterEach(async () => {
  await Promise.all(bots.splice(0).map((bot) => bot.close()));
  await telegram.close();
});

async function begin(...given: Parameters<typeof botFor>): Promise<TelegramBot> {
  const bot = botFor(...given);
  bots.push(bot);
  await bot.start();
  return bot;
}
const answers = (chat: number) =>
  telegram.calls.filter(
    ({ method, params, failed }) => method === 'sendMessage' && params['chat_id'] === String(chat) && !failed,
  );
const answered = (chat: number, times = 1) => telegram.until(() => answers(chat).length >= times);

describe('fetching', () => {
  test('asks for reactions by name, takes a webhook away, and says at the end how far it came', async () => {
    await db.pool.query('delete from settings');
    const bot = await begin(telegram, services);
    telegram.message(1, '/help');
    await answered(1);
    expect(telegram.calls.map((call) => call.method)).toContain('deleteWebhook');
    expect(telegram.polls[0]).toMatchObject({ allowed_updates: [...KINDS], timeout: 50 });
    await bot.close();
    expect(telegram.pending).toHaveLength(0);
    expect(telegram.polls.at(-1)).toMatchObject({ timeout: 0, offset: telegram.polls[1]!['offset'] });
    // Telling goes on beside the updates, and is noted when all is told.
    await vi.waitFor(async () =>
      expect(await db.prisma.setting.count({ where: { name: { startsWith: 'telegram.profile.' } } })).toBe(1),
    );
    const commands = telegram.calls.filter((call) => call.method === 'setMyCommands').map((call) => call.params);
    expect(commands).toHaveLength(9);
    expect(commands.find((one) => one['language_code'] === 'zh')?.['commands']).toContainEqual({
      command: 'privacy',
      description: expect.stringMatching(/数据/) as string,
    });
    // Told once, not at each start.
    telegram.calls.length = 0;
    await begin(telegram, services);
    telegram.message(1, '/help');
    await answered(1);
    expect(telegram.calls.map((call) => call.method)).not.toContain('setMyCommands');
  });

  test('an update that comes twice is answered once', async () => {
    await begin(telegram, services);
    const update = telegram.message(2, '/help');
    await answered(2);
    telegram.push(update);
    telegram.message(2, '/privacy');
    await answered(2, 2);
    expect(answers(2)).toHaveLength(2);
  });

  test('another program that fetches, and faults of the network, are waited out and said once', async () => {
    telegram.refuse('getMe', { error: 502 });
    telegram.refuse('getUpdates', { error: 409 }, { error: 409 }, { error: 502 }, 'hang up');
    await begin(telegram, services);
    telegram.message(30, '/help');
    await answered(30);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^Telegram can not be reached .*502/);
    expect(problems[1]).toMatch(/^Another program receives/);
  }, 60_000);

  test('of several processes one fetches, and another takes over', async () => {
    const first = await begin(telegram, services);
    telegram.message(3, '/help');
    await answered(3);
    const second = await begin(telegram, services);
    telegram.message(3, '/help');
    await answered(3, 2);
    expect(telegram.calls.filter((call) => call.method === 'deleteWebhook')).toHaveLength(1);
    await first.close();
    telegram.message(3, '/help');
    await answered(3, 3);
    expect(answers(3)).toHaveLength(3);
    await second.close();
    expect(problems).toEqual([]);
  });

  test('a wrong token is said, with what to do', async () => {
    const wrong = { root: telegram.root, token: '123:wrong' };
    await expect(begin(wrong, services)).rejects.toThrow(/TELEGRAM_BOT_TOKEN .*BotFather/);
    await expect(begin({ ...wrong, token: 'nonsense' }, services)).rejects.toThrow(/TELEGRAM_BOT_TOKEN/);
  });
});

describe('failures', () => {
  test('429, 5xx and broken connections are tried again, and the answers keep their order', async () => {
    await begin(telegram, services);
    telegram.refuse('sendMessage', { error: 429, retryAfter: 0.2 }, { error: 502 }, 'hang up');
    telegram.message(4, '/help');
    telegram.message(4, '/privacy');
    telegram.message(4, '/coupons');
    await answered(4, 3);
    const texts = answers(4).map((call) => String(call.params['text']));
    expect(texts[0]).toMatch(/^What you can do/);
    expect(texts[1]).toMatch(/keep/);
    expect(problems).toEqual([]);
  }, 30_000);

  test('a slow chat holds up no other', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    telegram.on('sendMessage', async ({ params }) => {
      if (params['chat_id'] === '5') await held;
      return undefined;
    });
    await begin(telegram, services);
    telegram.message(5, '/help');
    telegram.message(6, '/help');
    await answered(6);
    expect(answers(5)).toHaveLength(0);
    await telegram.until(() =>
      telegram.calls.some((call) => call.method === 'sendChatAction' && call.params['chat_id'] === '5'),
    );
    release();
    await answered(5);
  });

  test('who has blocked the bot is not asked again', async () => {
    await begin(telegram, services);
    telegram.on('sendMessage', ({ params }) => (params['chat_id'] === '7' ? { error: 403 } : undefined));
    telegram.message(7, '/help');
    telegram.message(8, '/help');
    await answered(8);
    await telegram.until(() => telegram.calls.some((call) => call.params['chat_id'] === '7'));
    await bots[0]!.close();
    expect(
      telegram.calls.filter((call) => call.params['chat_id'] === '7' && call.method === 'sendMessage'),
    ).toHaveLength(1);
    const { rows } = await db.pool.query(`select reachable from addresses where chat = '7'`);
    expect(rows).toEqual([{ reachable: false }]);
    expect(problems).toEqual([]);
  });

  test('an update that breaks something is answered with a sentence and logged without what it says', async () => {
    const broken = { ...services, conversation: { handle: () => Promise.reject(new RangeError('my secret words')) } };
    await begin(telegram, broken);
    telegram.message(9, 'my secret words');
    telegram.message(10, 'more');
    await answered(9);
    await answered(10);
    expect(String(answers(9)[0]?.params['text'])).toMatch(/went wrong/);
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('secret');
    expect(problems.join()).not.toContain(telegram.token);
  });

  test('a refusal that nothing mends is told, and ends there', async () => {
    await begin(telegram, services);
    telegram.refuse('sendMessage', { error: 400, description: 'Bad Request: BUTTON_DATA_INVALID' });
    telegram.message(11, '/help');
    await answered(11);
    expect(String(answers(11)[0]?.params['text'])).toMatch(/went wrong/);
  });
});

describe('a webhook', () => {
  test('takes updates with the secret alone, keeps each, and is refused without https', async () => {
    const app = fastify();
    const settings = { ...settingsFor(telegram), publicUrl: 'https://bell.example/' };
    settings.telegram = { receive: 'webhook' };
    const statuses: number[] = [];
    await telegram.close();
    telegram = await createTelegramDouble({
      via: async (url, headers, update) => {
        const { statusCode } = await app.inject({
          method: 'POST',
          url: new URL(url).pathname,
          headers,
          payload: update,
        });
        statuses.push(statusCode);
        return statusCode;
      },
    });
    settings.platforms = settingsFor(telegram).platforms;
    const bot = botFor(telegram, services, { settings });
    bots.push(bot);
    await bot.webhook(app);
    const early = await app.inject({ method: 'POST', url: WEBHOOK_PATH, payload: { update_id: 1 } });
    expect(early.statusCode).toBe(503);
    await bot.start();
    const { params } = await telegram.next('setWebhook');
    expect(params).toMatchObject({ url: `https://bell.example${WEBHOOK_PATH}`, allowed_updates: [...KINDS] });
    const update = telegram.message(12, '/help');
    await answered(12);
    expect(statuses).toEqual([200]);
    for (const secret of [undefined, '', 'wrong', `${String(params['secret_token'])}x`]) {
      const { statusCode } = await app.inject({
        method: 'POST',
        url: WEBHOOK_PATH,
        headers: secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret },
        payload: { update_id: 77, message: update.message },
      });
      expect(statusCode).toBe(401);
    }
    telegram.push(update);
    telegram.message(13, '/help');
    await answered(13);
    expect(answers(12)).toHaveLength(1);
    expect(telegram.polls).toEqual([]);
    await app.close();
    const plain = { ...settings, publicUrl: 'http://bell.example' };
    await expect(botFor(telegram, services, { settings: plain }).start()).rejects.toThrow(/https/);
  });
});

describe('kill -9', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  test('in the middle of updates loses none, records none twice, and sends what was not sent', async () => {
    const people = [21, 22, 23, 24, 25, 26];
    for (const chat of people) {
      const learner = await meetLearner(db, 'telegram', String(chat), { reachable: true });
      const at = new Date();
      await setConsent(db, {
        learnerId: learner.id,
        kind: 'recording',
        granted: true,
        channel: 'telegram',
        wording: 't',
        at,
      });
    }
    const work = async () => {
      children.push(
        fork(fileURLToPath(new URL('child.ts', import.meta.url)), {
          execArgv: ['--import', 'tsx'],
          env: {
            ...process.env,
            CHILD: JSON.stringify({ database: db.config, root: telegram.root, token: telegram.token }),
          },
        }),
      );
      const child = children.at(-1)!;
      await once(child, 'message');
      return child;
    };
    const end = async (child: ChildProcess) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    const deaths = [2, 5, 9];
    let sends = 0;
    let child = await work();
    let dying: Promise<void> | undefined;
    telegram.on('sendMessage', () => {
      // The connection ends with the process, before or after Telegram has taken the message.
      if (++sends === deaths[0]) {
        deaths.shift();
        dying = end(child).then(async () => {
          child = await work();
        });
      }
      return undefined;
    });
    for (const chat of people) telegram.message(chat, 'search excel');
    await telegram.until(() => deaths.length === 0 && people.every((chat) => answers(chat).length > 0), 90_000);
    await dying;
    const open = async () =>
      (await db.pool.query<{ open: number }>('select count(*)::int as open from updates where done_at is null'))
        .rows[0]!.open;
    await expect.poll(open, { timeout: 20_000 }).toBe(0);
    await end(child);
    for (const chat of people) {
      const learner = (await learnerAt(db, 'telegram', String(chat)))!;
      expect((await eventsOf(db, learner.id)).filter((event) => event.type === 'search')).toHaveLength(1);
      // Of each death at most the message that was on its way comes once more.
      expect(answers(chat).length).toBeLessThanOrEqual(2 + 3);
    }
  }, 180_000);
});
