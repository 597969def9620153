import { expect, test } from 'vitest';
import { acceptEvents } from '../../../core/behaviour/accept.ts';
import { createCatalogue } from '../../../core/catalogue/catalogue.ts';
import { upsertCourses } from '../../../core/catalogue/store.ts';
import { silent } from '../../../core/numerics/progress.ts';
import { loadTrainingData } from '../../../core/recommend/store.ts';
import { sampleCourse } from '../../doubles/recommender.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();

test('an amount far from all others that came in live is not learned from', async () => {
  const now = new Date('2026-11-20T12:00:00Z');
  await upsertCourses(db, [sampleCourse('a', 'Data')]);
  const events = Array.from({ length: 40 }, (_, index) => ({
    ...{ id: `order-${index}`, user_id: `buyer-${index}`, course_id: 'a', behavior_type: 'purchase' },
    ...{ value: index === 7 ? '99000' : String(90 + (index % 20)), occurred_at: '2026-11-19T12:00:00Z' },
  }));
  const catalogue = await createCatalogue(db);
  expect(await acceptEvents(db, catalogue, { events }, now)).toMatchObject({ accepted: 40, rejected: [] });
  expect((await loadTrainingData(db, silent)).window).toMatchObject({ events: 39, learners: 39 });
});
