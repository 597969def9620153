import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTelegramApi } from '../../../bots/telegram/call.ts';
import { createTelegramChannel } from '../../../bots/telegram/channel.ts';
import { ANSWERING, createOutlet } from '../../../bots/telegram/outlet.ts';
import { createPresses } from '../../../bots/press/presses.ts';
import { findSent } from '../../../bots/message/store.ts';
import { encodePress, type Button, type Reply } from '../../../core/language/reply.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import { meetLearner } from '../../../core/learner/store.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { createTelegramDouble, type Call, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureCourses } from '../conversation/courses.ts';
import { buttonsOf } from './bot.ts';

const db = testDatabase();
let telegram: TelegramDouble;
const problems: string[] = [];
const log = (line: string) => problems.push(line);
const course: Course = { ...fixtureCourses[0]!, id: 'one' };
const pictured: Course = { ...course, id: 'two', attributes: { image_url: 'https://pictures.example/two.jpg' } };
const courseOf = (id: string) => [course, pictured].find((one) => one.id === id);

beforeAll(async () => {
  telegram = await createTelegramDouble();
});
afterAll(async () => {
  await telegram.close();
});

const words = (text: string) => ({ template: { zh: '{{ text }}', en: '{{ text }}' }, args: { text } });
const button = (label: string, id = 'help'): Button => ({ id, label: { zh: label, en: label } });

function outlet() {
  const api = createTelegramApi({ token: telegram.token, apiRoot: telegram.root });
  const invoice = () => {
    throw new Error('no invoice');
  };
  return createOutlet({
    api,
    services: { db, log },
    composer: { presses: createPresses(db), course: courseOf, invoice },
  });
}
async function send(chat: number, replies: Reply[], asPerson = true): Promise<Call[]> {
  const learnerId = asPerson ? (await meetLearner(db, 'telegram', String(chat), { reachable: true })).id : undefined;
  const from = telegram.calls.length;
  await outlet().send({ chat: String(chat), learnerId }, replies, { language: 'en', patience: ANSWERING });
  return telegram.calls.slice(from);
}
const channel = () =>
  createTelegramChannel({ token: telegram.token, apiRoot: telegram.root, db, course: courseOf, log });

test('no title, text or label breaks a message', async () => {
  const random = createRandom(7);
  const alphabet = [
    '<b>',
    '&amp;',
    '*',
    '_',
    '`',
    '[x](y)',
    '\\',
    '"',
    '{{',
    '}}',
    '{% if %}',
    '😀',
    '👩‍👩‍👧',
    '\u202e',
    '\0',
    '字',
    '한',
    'é',
    ' ',
    '\n',
    'a',
    '@all',
    'http://x',
    '\ud800',
  ];
  const junk = (most: number) =>
    Array.from(
      { length: Math.floor(random.next() * most) },
      () => alphabet[Math.floor(random.next() * alphabet.length)]!,
    ).join('');
  for (let round = 0; round < 150; round++) {
    const odd: Course = { ...course, id: `odd ${junk(20)}`, title: junk(60), translations: {} };
    const press = encodePress({
      action: 'course',
      course: storable(odd.id),
      value: 'v',
      ref: 's' + 'x'.repeat(36),
    });
    const replies: Reply[] = Array.from({ length: 1 + (round % 3) }, (_, at) => ({
      text: words(storable(junk(round % 10 === 0 ? 9000 : 300))),
      course: storable(odd.id),
      ...(round % 3 === 2 && { list: 'fuzz' }),
      ...(round % 4 === 0 && { file: { name: storable(junk(10)) || 'a.json', content: junk(50) } }),
      buttons: [
        [button(storable(junk(40)), press)],
        Array.from({ length: round % 12 }, (_, n) => button(storable(junk(9)), `help|${n}|${at}`)),
      ],
    }));
    const calls = await send(5000 + round, replies);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.every((call) => !call.failed)).toBe(true);
  }
  expect(telegram.violations).toEqual([]);
}, 120_000);

/** As the conversation's own texts are: what a database keeps. */
const storable = (text: string) => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ');

test('a text longer than a message is several, with the buttons under the last', async () => {
  const calls = await send(1, [{ text: words('A sentence of words. '.repeat(500)), buttons: [[button('Go')]] }]);
  expect(calls).toHaveLength(3);
  expect(calls.map((call) => buttonsOf(call).length)).toEqual([0, 0, 1]);
  expect(
    calls
      .map((call) => call.params['text'])
      .join(' ')
      .trim() === 'A sentence of words. '.repeat(500).trim(),
  ).toBe(true);
});

test('a picture’s words longer than a caption stand apart', async () => {
  const long = await send(1, [
    { text: words('word '.repeat(300)), course: 'one', cover: true, buttons: [[button('Go')]] },
  ]);
  expect(long.map((call) => call.method)).toEqual(['sendPhoto', 'sendMessage']);
  expect(long[0]?.params).not.toHaveProperty('caption');
  expect(buttonsOf(long[1]!)).toHaveLength(1);
  telegram.refuse('sendPhoto', { error: 400, description: 'Bad Request: IMAGE_PROCESS_FAILED' });
  const without = await send(1, [{ text: words('word '.repeat(300)), course: 'one', cover: true }]);
  expect(without.filter((call) => !call.failed).map((call) => call.method)).toEqual(['sendMessage']);
}, 60_000);

test('a course’s own picture is fetched by Telegram, and one made from its title takes its place', async () => {
  const card: Reply = { text: words('Card'), course: 'two', cover: true };
  const [first] = await send(1, [card]);
  expect(first?.params['photo']).toBe('https://pictures.example/two.jpg');
  const [again] = await send(1, [card]);
  expect(again?.params['photo']).toMatch(/^file-/);
  await db.pool.query('delete from platform_files');
  telegram.refuse('sendPhoto', { error: 400, description: 'Bad Request: failed to get HTTP URL content' });
  const [, drawn] = await send(1, [card]);
  expect(drawn?.params['photo']).not.toBe('https://pictures.example/two.jpg');
  expect(drawn?.params['caption']).toBe('Card');
  // An id that Telegram has forgotten is uploaded anew.
  await db.pool.query(`update platform_files set file_id = 'gone'`);
  telegram.on('sendPhoto', ({ params }) =>
    params['photo'] === 'gone'
      ? { error: 400, description: 'Bad Request: wrong file identifier/HTTP URL specified' }
      : undefined,
  );
  const calls = await send(1, [{ text: words('Card'), course: 'two', cover: true }]);
  expect(calls.at(-1)).toMatchObject({ method: 'sendPhoto', failed: false });
}, 60_000);

test('the profile is a picture', async () => {
  const picture = { kind: 'interests', title: words('Interests'), bars: [{ label: 'Python', share: 0.7 }] } as const;
  const [photo] = await send(1, [{ text: words('What I think'), picture }]);
  expect(photo?.method).toBe('sendPhoto');
  const id = (photo?.result as { photo: { file_id: string }[] }).photo.at(-1)!.file_id;
  expect(telegram.files.get(id)?.subarray(1, 4).toString()).toBe('PNG');
}, 60_000);

test('a quiz is a poll of one person, and buttons where it fits none', async () => {
  const quiz = { options: [button('Right', 'quiz||a'), button('Wrong', 'quiz||b')], correct: 0 };
  const [poll] = await send(61, [{ text: words('Which?'), quiz, buttons: [[button('Skip', 'quiz||skip')]] }]);
  expect(poll?.params).toMatchObject({
    question: 'Which?',
    type: 'quiz',
    correct_option_ids: [0],
    is_anonymous: false,
  });
  const { rows } = await db.pool.query('select chat, presses from polls');
  expect(rows).toEqual([{ chat: '61', presses: ['quiz||a', 'quiz||b'] }]);
  const long = { ...quiz, options: [button('x'.repeat(99) + 'y'.repeat(20), 'quiz||a'), button('Wrong', 'quiz||b')] };
  // Labels are cut to what a button shows; a question may be longer than a poll's.
  const [asked] = await send(61, [{ text: words('Which? '.repeat(60)), quiz: long }]);
  expect(asked?.method).toBe('sendMessage');
  expect(buttonsOf(asked!).map((one) => one.callback_data)).toEqual(['quiz||a', 'quiz||b']);
  const [inGroup] = await send(-1_001_234_567_890, [{ text: words('Which?'), quiz }], false);
  expect(inGroup?.method).toBe('sendMessage');
});

test('a file is a document', async () => {
  const [document] = await send(1, [{ text: words('Your data'), file: { name: 'data.json', content: '{"数": 1}' } }]);
  expect(document).toMatchObject({ method: 'sendDocument', params: { caption: 'Your data' } });
  const { document: file } = document!.result as { document: { file_id: string; file_name: string } };
  expect(file.file_name).toBe('data.json');
  expect(telegram.files.get(file.file_id)?.toString()).toBe('{"数": 1}');
});

test('an address that Telegram refuses is left out', async () => {
  telegram.refuse('sendMessage', { error: 400, description: 'Bad Request: BUTTON_URL_INVALID' });
  const calls = await send(1, [
    { text: words('Hi'), buttons: [[{ ...button('Here'), url: 'http://localhost/' }, button('Go')]] },
  ]);
  expect(buttonsOf(calls.at(-1)!).map((one) => one.text)).toEqual(['Go']);
});

test('the channel says what became of a message', async () => {
  const learner = await meetLearner(db, 'telegram', '71', { reachable: true });
  const address = { learnerId: learner.id, channel: 'telegram', chat: '71' } as const;
  const ref = 'm00000000-0000-4000-8000-000000000009';
  const reply: Reply = {
    text: words('A course'),
    course: 'one',
    buttons: [[button('Look', encodePress({ action: 'course', course: 'one', ref }))]],
  };
  const deliver = () => channel().send(address, reply, 'en', 'id');
  const done = await deliver();
  expect(done).toMatchObject({ ok: true });
  const { platformId } = done as { platformId: string };
  expect(telegram.calls.at(-1)).toMatchObject({ method: 'sendPhoto', params: { chat_id: 71, caption: 'A course' } });
  expect(await findSent(db, 'telegram', '71', platformId)).toMatchObject({ course: 'one', ref, learnerId: learner.id });
  telegram.refuse('sendPhoto', { error: 403 }, { error: 429, retryAfter: 9 }, { error: 502 }, 'hang up', {
    error: 401,
  });
  expect(await deliver()).toEqual({ ok: false, kind: 'unreachable' });
  expect(await deliver()).toEqual({ ok: false, kind: 'rate-limited', retryAfterMs: 9000 });
  for (let time = 0; time < 3; time++) expect(await deliver()).toMatchObject({ ok: false, kind: 'temporary' });
  telegram.refuse('sendPhoto', { error: 400, description: 'Bad Request: PHOTO_INVALID' });
  telegram.refuse('sendMessage', { error: 400, description: 'Bad Request: something else' });
  const refused = await deliver();
  expect(refused).toMatchObject({ ok: false, kind: 'permanent' });
  expect(JSON.stringify(refused)).not.toContain(telegram.token);
}, 60_000);

test('a message in two parts is not begun anew when its second fails', async () => {
  const learner = await meetLearner(db, 'telegram', '72', { reachable: true });
  const reply: Reply = { text: words('word '.repeat(300)), course: 'one' };
  telegram.refuse('sendMessage', { error: 403 });
  let waits = 0;
  const further = () => {
    waits++;
    return Promise.resolve();
  };
  const done = await channel().send(
    { learnerId: learner.id, channel: 'telegram', chat: '72' },
    reply,
    'en',
    'id',
    further,
  );
  expect(done).toMatchObject({ ok: true });
  expect(waits).toBe(1);
}, 60_000);

test('a post goes to its topic, and follows a group that moved', async () => {
  const reply: Reply = { text: words('Picks') };
  await channel().post!({ chat: '-100200', thread: '7' }, reply, 'zh', 'id');
  expect(telegram.calls.at(-1)?.params).toMatchObject({ chat_id: '-100200', message_thread_id: 7 });
  telegram.refuse('sendMessage', {
    error: 400,
    description: 'Bad Request: group chat was upgraded to a supergroup chat',
    migrateTo: -100_300,
  });
  expect(await channel().post!({ chat: '-100200' }, reply, 'zh', 'id')).toMatchObject({ ok: true });
  expect(telegram.calls.at(-1)?.params['chat_id']).toBe('-100300');
});

test('five buttons of stars stand in rows that a phone can show', async () => {
  const stars = [1, 2, 3, 4, 5].map((count) => button('★'.repeat(count), `rate|one|${count}`));
  const [call] = await send(81, [{ text: words('How many?'), buttons: [stars] }]);
  const { inline_keyboard: rows } = call!.params['reply_markup'] as { inline_keyboard: { text: string }[][] };
  expect(rows.map((row) => row.length)).toEqual([3, 2]);
});
