import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTelegramApi } from '../../../bots/telegram/call.ts';
import type { TelegramInline } from '../../../bots/telegram/desk.ts';
import { createTelegramInline } from '../../../bots/telegram/inline.ts';
import { eventsOf } from '../../../core/behaviour/store.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { meetLearner, setConsent, updateLearner } from '../../../core/learner/store.ts';
import { createTelegramDouble, personOf, type TelegramDouble } from '../../doubles/telegram/index.ts';
import { testDatabase } from '../../setup/database.ts';
import { fixtureCourses } from '../conversation/courses.ts';
import { botServices } from './services.ts';

const db = testDatabase();
let double: TelegramDouble;
let inline: TelegramInline;
let services: Awaited<ReturnType<typeof botServices>>;

beforeAll(async () => {
  services = await botServices(db, () => {});
});

beforeEach(async () => {
  await db.pool.query('truncate learners cascade');
  double = await createTelegramDouble();
  services.links.set('telegram', (payload) => `https://t.me/coursebell_bot?start=${payload}`);
  const api = createTelegramApi({ token: double.token, apiRoot: double.root });
  inline = createTelegramInline({ api, services });
});

afterEach(() => double.close());

interface Card {
  id: string;
  title: string;
  description: string;
  input_message_content: { message_text: string };
  reply_markup?: { inline_keyboard: { text: string; url: string }[][] };
}

async function typed(query: string, { language = 'en', offset = '', from = 4711 } = {}) {
  await inline.query({ id: 'q', from: personOf(from, language), query, offset });
  const { params } = await double.next('answerInlineQuery');
  return { ...params, results: params['results'] as Card[] } as Record<string, unknown> & { results: Card[] };
}

test('finds courses, each with a button that opens it', async () => {
  const { results, ...rest } = await typed('excel');
  expect(results.map(({ title }) => title)).toContain('Excel Formulas');
  // c5 is archived.
  expect(results.map(({ id }) => id).sort()).toEqual(['course_c4', 'course_c6', 'course_c7']);
  const card = results.find(({ id }) => id === 'course_c6')!;
  expect(card.input_message_content.message_text).toContain('Excel for Accountants, step by step.');
  expect(card.reply_markup!.inline_keyboard[0]![0]!.url).toBe('https://t.me/coursebell_bot?start=course_c6');
  expect(rest).toMatchObject({ is_personal: true, next_offset: '', cache_time: 300 });
});

test('speaks the language that the person chose, else that of their Telegram', async () => {
  expect((await typed('excel', { language: 'zh-hans' })).results.map(({ title }) => title)).toContain('会计 Excel');
  const learner = await meetLearner(db, 'telegram', '4711', { reachable: true });
  await updateLearner(db, learner.id, { language: 'zh' });
  const { results } = await typed('excel', { language: 'en' });
  expect(results.find(({ id }) => id === 'course_c6')).toMatchObject({ title: '会计 Excel' });
  expect(results[0]!.reply_markup!.inline_keyboard[0]![0]!.text).toBe('查看课程');
});

test('without words shows what everybody likes, page by page, each course once', async () => {
  const first = await typed('');
  const second = await typed('', { offset: first['next_offset'] as string });
  expect(first.results).toHaveLength(10);
  expect(second['next_offset']).toBe('');
  const ids = [...first.results, ...second.results].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toHaveLength(15);
  expect((await typed('', { offset: 'no number' })).results.map(({ id }) => id)).toEqual(
    first.results.map(({ id }) => id),
  );
});

test('what nothing answers leads into the chat', async () => {
  const { results, ...rest } = await typed('zzzzqqqq');
  expect(results).toEqual([]);
  expect(rest['button']).toMatchObject({ start_parameter: 'start' });
});

test('prices are those of Telegram', async () => {
  services.payments.telegram = { starsPerUnit: 2, ownCurrency: false, refund: () => Promise.resolve() };
  const { results } = await typed('excel');
  delete services.payments.telegram;
  const card = results.find(({ id }) => id === 'course_c6')!;
  expect(card.description).toContain('⭐ 318');
  expect(JSON.stringify(results)).not.toContain('¥');
});

test('texts as long as they come fit what Telegram takes', async () => {
  const long = '课程😀 <b>*_'.repeat(900);
  const id = 'ä/?='.repeat(50);
  await upsertCourses(db, [
    { ...fixtureCourses[6]!, id, title: long, description: long, translations: {}, topics: ['Excel'] },
  ]);
  await services.catalogue.refresh();
  const { results } = await typed('excel');
  const card = results.find((each) => each.id.startsWith('course_h-'))!;
  expect(Buffer.byteLength(card.id)).toBeLessThanOrEqual(64);
  expect(card.input_message_content.message_text.length).toBeLessThanOrEqual(4096);
  await db.pool.query('delete from courses where id = $1', [id]);
  await upsertCourses(db, [fixtureCourses[6]!]);
  await services.catalogue.refresh();
});

test('a card that was shared is behaviour of who agreed to recording, once', async () => {
  const learner = await meetLearner(db, 'telegram', '4711', { reachable: true });
  const chosen = () =>
    inline.chosen({ result_id: 'course_c6', from: personOf(4711), query: 'excel', inline_message_id: 'm1' });
  await chosen();
  expect(await eventsOf(db, learner.id)).toEqual([]);
  const at = new Date();
  await setConsent(db, {
    learnerId: learner.id,
    kind: 'recording',
    granted: true,
    channel: 'telegram',
    wording: '1',
    at,
  });
  await chosen();
  await chosen();
  await inline.chosen({ result_id: 'course_none', from: personOf(4711), query: '' });
  await inline.chosen({ result_id: 'course_c6', from: personOf(99), query: '' });
  expect(await eventsOf(db, learner.id)).toMatchObject([
    { type: 'share', courseId: 'c6', channel: 'telegram', circumstances: { list: 'inline', query: 'excel' } },
  ]);
});

test('an answer that comes too late is no failure', async () => {
  double.refuse('answerInlineQuery', { error: 400, description: 'Bad Request: query is too old' });
  await inline.query({ id: 'q', from: personOf(4711), query: 'excel', offset: '' });
});
