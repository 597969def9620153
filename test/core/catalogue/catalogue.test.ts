import { expect, test } from 'vitest';
import { createCatalogue } from '../../../core/catalogue/catalogue.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import { deleteCourses, loadCourses, upsertCourses } from '../../../core/catalogue/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();

const course = (id: string, change: Partial<Course> = {}): Course => ({
  id,
  title: `Course ${id}`,
  description: 'Two words',
  translations: { zh: { title: '课程', description: '' } },
  topics: ['Data', 'Excel'],
  level: 'beginner',
  language: 'en',
  priceMinor: 9900,
  currency: 'CNY',
  durationMinutes: 90,
  instructor: 'A. Teacher',
  publishedAt: new Date('2020-01-01T00:00:00Z'),
  archived: false,
  attributes: { format: 'video' },
  simulated: false,
  ...change,
});

test('courses come back as they went in, and an upsert tells new, changed and unchanged apart', async () => {
  const [a, b] = [course('a'), course('b', { publishedAt: null, priceMinor: null, topics: [] })];
  expect(await upsertCourses(db, [a, b])).toEqual({ inserted: 2, updated: 0, unchanged: 0 });
  expect(await loadCourses(db)).toEqual([a, b]);
  const changed = course('a', { topics: ['Excel', 'Data'] });
  expect(await upsertCourses(db, [b, course('c'), changed])).toEqual({ inserted: 1, updated: 1, unchanged: 1 });
  expect(await loadCourses(db)).toEqual([changed, b, course('c')]);
});

test('a catalogue sees a change made elsewhere at its next refresh, and only then counts a version', async () => {
  const [here, elsewhere] = await Promise.all([createCatalogue(db), createCatalogue(db)]);
  const { version } = here;
  expect(await here.refresh()).toBe(false);
  await upsertCourses(db, [course('new', { topics: ['Rust'] }), course('old', { archived: true, topics: ['Gone'] })]);
  expect(here.get('new')).toBeUndefined();
  expect(await Promise.all([here.refresh(), elsewhere.refresh()])).toEqual([true, true]);
  expect(here.version).toBeGreaterThan(version);
  expect(here.get('new')).toEqual(elsewhere.get('new'));
  expect(here.topics()).toContain('Rust');
  expect(here.topics()).not.toContain('Gone');
  await upsertCourses(db, [course('new', { topics: ['Rust'] })]);
  expect(await here.refresh()).toBe(false);
  expect(await deleteCourses(db, ['new', 'never there'])).toBe(1);
  expect(await here.refresh()).toBe(true);
  expect(here.get('new')).toBeUndefined();
});

test('a catalogue that keeps its search ready shows a change together with its index, and the old of both until then', async () => {
  const here = await createCatalogue(db, { searchReady: true });
  const before = here.search();
  const titles = Array.from({ length: 300 }, (_, n) => course(`wine-${n}`, { title: `Winemaking ${n}` }));
  await upsertCourses(db, titles);
  const seen: { shown: boolean; old: boolean; hits: number }[] = [];
  const look = () =>
    seen.push({
      shown: here.get('wine-0') !== undefined,
      old: here.search() === before,
      hits: here.search().search('winemaking', { limit: 1 }).length,
    });
  let next = setImmediate(function turn() {
    look();
    next = setImmediate(turn);
  });
  expect(await here.refresh()).toBe(true);
  clearImmediate(next);
  look();
  expect(seen.filter(({ shown }) => !shown).length).toBeGreaterThanOrEqual(10);
  for (const each of seen) expect(each).toEqual({ shown: each.shown, old: !each.shown, hits: each.shown ? 1 : 0 });
  expect(seen.at(-1)).toMatchObject({ shown: true });
});
