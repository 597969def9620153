import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BotServices } from '../../../bots/bot.ts';
import type { TelegramBot } from '../../../bots/telegram/bot.ts';
import { keepPoll } from '../../../bots/telegram/store.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { learnerAt, setConsent } from '../../../core/learner/store.ts';
import { createTelegramDouble, personOf, type Call, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { botFor, buttonsOf, dataOf, idOf } from './bot.ts';
import { botServices } from './services.ts';

const db = testDatabase();
let telegram: TelegramDouble;
let services: BotServices;
let bot: TelegramBot;
let problems: string[];
let person = 100;

beforeAll(async () => {
  services = await botServices(db, (line) => problems.push(line));
});
beforeEach(async () => {
  person++;
  problems = [];
  await db.pool.query('delete from updates');
  telegram = await createTelegramDouble();
  bot = botFor(telegram, services);
  await bot.start();
});
afterEach(async () => {
  await bot.close();
  await telegram.close();
});
afterAll(() => {
  expect(problems).toEqual([]);
});

const text = ({ params }: Call): string => String(params['text'] ?? params['caption']);
const says = async (words: string, method = 'sendMessage') => {
  telegram.message(person, words);
  return telegram.next(method);
};
const presses = async (call: Call, start: string, method = 'sendMessage') => {
  telegram.press(person, idOf(call), dataOf(call, start));
  return telegram.next(method);
};
async function agrees() {
  const learner = (await learnerAt(db, 'telegram', String(person)))!;
  const at = new Date();
  await setConsent(db, {
    learnerId: learner.id,
    kind: 'recording',
    granted: true,
    channel: 'telegram',
    wording: 't',
    at,
  });
  return learner;
}

describe('in private', () => {
  test('words are answered in the language that Telegram says, as plain text', async () => {
    const answer = await says('/help');
    expect(answer.params['chat_id']).toBe(String(person));
    expect(answer.params).not.toHaveProperty('parse_mode');
    expect(text(answer)).toMatch(/recommend/i);
    telegram.message(person, '/help', { from: personOf(person, 'zh-hans') });
    expect(text(await telegram.next('sendMessage'))).toMatch(/推荐/);
    const learner = await learnerAt(db, 'telegram', String(person));
    expect(learner).toBeDefined();
  });

  test('a command that names another bot is answered all the same', async () => {
    expect(text(await says('/help@some_other_bot'))).toMatch(/recommend/i);
  });

  test('a list is one message whose pages turn in place', async () => {
    const list = await says('/recommend');
    expect(buttonsOf(list).map((button) => button.text)).toEqual(expect.arrayContaining(['1/3', '▶']));
    const first = text(list);
    telegram.press(person, idOf(list), '#1');
    const second = await telegram.next('editMessageText');
    expect(second.params).toMatchObject({ chat_id: String(person), message_id: idOf(list) });
    expect(text(second)).not.toBe(first);
    expect(buttonsOf(second).map((button) => button.text)).toEqual(expect.arrayContaining(['◀', '2/3', '▶']));
    // Out of order and twice: what is asked for last is what stands there, and nobody is left waiting.
    telegram.press(person, idOf(list), '#2');
    telegram.press(person, idOf(list), '#1');
    telegram.press(person, idOf(list), '#1');
    telegram.press(person, idOf(list), '#9');
    await telegram.until(() => telegram.calls.filter((call) => call.method === 'answerCallbackQuery').length === 5);
    const last = telegram.calls.filter((call) => call.method === 'editMessageText' && !call.failed).at(-1)!;
    expect(text(last)).toBe(text(second));
    expect(String(telegram.calls.at(-1)?.params['text'])).toMatch(/too old/);
  });

  test('the card of a course is a photo, uploaded once', async () => {
    const list = await says('/search excel');
    const card = await presses(list, 'course|', 'sendPhoto');
    expect(text(card)).toMatch(/Excel/);
    expect(String(card.params['caption']).length).toBeLessThanOrEqual(1024);
    const again = await presses(list, 'course|', 'sendPhoto');
    expect(again.params['photo']).toBe((card.result as { photo: { file_id: string }[] }).photo.at(-1)?.file_id);
  }, 60_000);

  test('a picture that Telegram refuses is left out, the words stay', async () => {
    const list = await says('/search excel');
    const off = telegram.on('sendPhoto', () => ({ error: 400, description: 'Bad Request: PHOTO_INVALID_DIMENSIONS' }));
    const card = await presses(list, 'course|');
    off();
    expect(text(card)).toMatch(/Excel/);
    expect(buttonsOf(card).length).toBeGreaterThan(2);
  }, 60_000);

  test('a deep link opens what it names', async () => {
    telegram.message(person, '/start course_c4');
    expect(text(await telegram.next('sendPhoto'))).toMatch(/Excel Formulas/);
  });

  test('what can not be read is answered with a sentence', async () => {
    telegram.message(person, '', { photo: [{ file_id: 'x', file_unique_id: 'y', width: 1, height: 1 }] });
    expect(text(await telegram.next('sendMessage'))).toMatch(/words only/);
    telegram.message(person, '', {
      document: { file_id: 'x', file_unique_id: 'y', file_name: 'a.pdf', mime_type: 'application/pdf' },
    });
    expect(text(await telegram.next('sendMessage'))).toMatch(/JSON/);
    telegram.message(person, '', {
      document: { file_id: 'x', file_unique_id: 'y', file_name: 'a.json', file_size: 300_000 },
    });
    expect(text(await telegram.next('sendMessage'))).toMatch(/256 KB/);
    // What Telegram notes by itself is nobody's question, nor is what a bot says.
    telegram.message(person, '', { pinned_message: { message_id: 1, date: 0, chat: { id: person, type: 'private' } } });
    telegram.message(person, 'hello', { from: { id: 5, is_bot: true, first_name: 'Other' } });
    telegram.message(person, '', {
      photo: [{ file_id: 'x', file_unique_id: 'y', width: 1, height: 1 }],
      caption: '/help',
    });
    expect(text(await telegram.next('sendMessage'))).toMatch(/recommend/i);
  });

  test('an old button is answered kindly, and a press under a message of nobody too', async () => {
    telegram.press(person, 4, '~AAAAAAAAAAAAAAAAAAAAAA');
    expect(text(await telegram.next('sendMessage'))).toMatch(/another time/);
    telegram.push({
      callback_query: { id: '7', from: personOf(person), chat_instance: '1', inline_message_id: 'i', data: 'x' },
    });
    await telegram.next('answerCallbackQuery');
    await telegram.next('answerCallbackQuery');
  });

  test('ticking something changes the message that was ticked', async () => {
    const asked = await says('/settings');
    const topics = await presses(asked, 'settings||topics');
    const [one] = buttonsOf(topics);
    telegram.press(person, idOf(topics), one!.callback_data!);
    const ticked = await telegram.next('editMessageText');
    expect(ticked.params['message_id']).toBe(idOf(topics));
    expect(buttonsOf(ticked)[0]?.text).not.toBe(one!.text);
  });
});

describe('a quiz', () => {
  test('is answered by its poll, by the person who was asked', async () => {
    await says('/help');
    const learner = (await learnerAt(db, 'telegram', String(person)))!;
    await keepPoll(db, {
      id: `poll ${person}`,
      learnerId: learner.id,
      chat: String(person),
      presses: ['privacy', 'help'],
    });
    const answer = (from: number, options: number[]) =>
      telegram.push({
        poll_answer: {
          poll_id: `poll ${person}`,
          user: personOf(from),
          option_ids: options,
          option_persistent_ids: options.map(String),
        },
      });
    answer(999, [0]);
    answer(person, []);
    answer(person, [0]);
    const next = await telegram.next('sendMessage');
    expect(next.params['chat_id']).toBe(String(person));
    expect(text(next)).toMatch(/keep/);
  });
});

describe('reactions', () => {
  test('are ratings of the course that the message shows, and are not answered', async () => {
    await says('/help');
    const learner = await agrees();
    const list = await says('/search music');
    const card = await presses(list, 'course|', 'sendPhoto');
    const react = (before: string[], after: string[]) =>
      telegram.push({
        message_reaction: {
          chat: { id: person, type: 'private', first_name: 'P' },
          message_id: idOf(card),
          user: personOf(person),
          date: Math.floor(Date.now() / 1000),
          old_reaction: before.map((emoji) => ({ type: 'emoji', emoji: emoji as '👍' })),
          new_reaction: after.map((emoji) => ({ type: 'emoji', emoji: emoji as '👍' })),
        },
      });
    react([], ['❤']);
    react(['❤'], ['👎']);
    react(['👎'], []);
    react([], ['👀']);
    const sent = telegram.calls.length;
    await says('/help');
    const rated = (await eventsOf(db, learner.id)).filter((event) => event.type === 'rate');
    const shown = /course\|(c\d+)/.exec(dataOf(list, 'course|'))?.[1];
    expect(rated.map((event) => [event.courseId, event.value])).toEqual([
      [shown, 1],
      [shown, 0],
    ]);
    expect(rated[0]?.circumstances).toHaveProperty('slate');
    expect(telegram.calls.slice(sent).map((call) => call.method)).toEqual(['sendMessage']);
  }, 60_000);
});
