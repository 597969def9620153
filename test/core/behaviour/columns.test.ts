import { expect, test } from 'vitest';
import { parseColumnMap, planColumns } from '../../../core/behaviour/columns.ts';
import { eventTypeOf } from '../../../core/behaviour/clean.ts';
import { parseScale, scaleOf } from '../../../core/behaviour/import/scales.ts';
import { courseLanguage, parseTopics } from '../../../core/catalogue/import.ts';

const row = (...fields: string[]) => ({ line: 2, fields });

test('a canonical name is read from its source, else from the column of its own name', () => {
  const map = parseColumnMap(['title=name, published_at=made', 'occurred_at=made,price=cost']);
  const file = { name: 'f.csv', columns: ['course_id', 'name', 'title', 'made', 'price', 'extra'] };
  const plan = planColumns(file, 'courses', map, ['course_id', 'title']);
  const given = row('c', 'Name', 'Title', '2020', ' 5 ', 'N/A');
  expect([plan.read(given, 'title'), plan.read(given, 'published_at'), plan.read(given, 'price')]).toEqual([
    'Name',
    '2020',
    '5',
  ]);
  expect(plan.read(given, 'topics')).toBe('');
  // `title` is taken by nobody once `name` is the title; occurred_at is not of a catalogue.
  expect(plan.attributes(given)).toEqual({ title: 'Title' });
  expect([plan.has('price'), plan.has('level'), plan.has('occurred_at')]).toEqual([true, false, false]);
});

test.each(['', '[]', 'N/A', 'n/a', 'null', '  NULL '])('"%s" is missing', (text) => {
  const plan = planColumns({ name: 'f', columns: ['user_id', 'goal'] }, 'learners', new Map(), []);
  expect(plan.read(row('u', text), 'goal')).toBe('');
  expect(plan.read(row('u'), 'goal')).toBe('');
});

test('a source for two names is fine, two sources for one name are not', () => {
  expect(parseColumnMap(['user_id=a,course_id=a']).size).toBe(2);
  expect(() => parseColumnMap(['user_id=a', 'user_id=b'])).toThrow(/two sources, a and b/);
  expect(() => parseColumnMap(['user_id'])).toThrow(/canonical=source/);
});

test.each([
  ['["a", "b, c"]', ['a', 'b, c']],
  [`['It\\'s', "b", c]`, ["It's", 'b', 'c']],
  ["['数据分析', 'Excel']", ['数据分析', 'Excel']],
  ['a | b; c；a', ['a', 'b', 'c']],
  ['one, two', ['one, two']],
  ['[]', []],
])('topics %s', (text, topics) => expect(parseTopics(text)).toEqual(topics));

test('languages are cut to their tag', () => {
  expect(['zh-CN', 'English', '中文', 'pt_BR', 'Klingon'].map(courseLanguage)).toEqual([
    'zh',
    'en',
    'zh',
    'pt',
    'klingon',
  ]);
});

test('types are known in any case and a few other spellings', () => {
  expect(['Enroll', 'RATING', 'view', 'buy'].map(eventTypeOf)).toEqual(['enrol', 'rate', 'view', 'purchase']);
  expect([eventTypeOf('constructor'), eventTypeOf('')]).toEqual([undefined, undefined]);
});

test('a scale is the usual one that ends at the highest rating, else what the file shows', () => {
  expect([scaleOf(2, 5, 'f'), scaleOf(0.5, 5, 'f'), scaleOf(1, 10, 'f'), scaleOf(0, 1, 'f')]).toEqual([
    [1, 5],
    [0, 5],
    [1, 10],
    [0, 1],
  ]);
  expect([scaleOf(12, 100, 'f'), scaleOf(2, 7, 'f'), scaleOf(-3, 5, 'f')]).toEqual([
    [0, 100],
    [2, 7],
    [-3, 5],
  ]);
  expect(() => scaleOf(3, 3, 'f')).toThrow(/--rating-scale/);
  expect([parseScale('1-5'), parseScale('0.5-5'), parseScale('-1-1')]).toEqual([
    [1, 5],
    [0.5, 5],
    [-1, 1],
  ]);
});
