import { expect, it } from 'vitest';
import { buildDataset } from '../../../../core/recommend/dataset.ts';
import { goneFacts } from '../../../../core/recommend/facts.ts';
import { overCourses } from '../../../../core/recommend/registry/renewal.ts';

it('puts newer behaviour over the courses of an older model, each learner in their place', () => {
  const rows = (['a:x', 'a:new', 'b:new', 'c:y', 'c:x'] as const).map((row, at) => {
    const [learner, course] = row.split(':') as [string, string];
    return { learner, course, time: at, weight: at + 1, rating: NaN };
  });
  const dataset = buildDataset(rows, ['new', 'x', 'y'].map(goneFacts));
  const older = overCourses(dataset, ['y', 'gone', 'x'].map(goneFacts));
  expect(older.learners).toEqual(['a', 'b', 'c']);
  expect([...older.starts]).toEqual([0, 1, 1, 3]);
  expect([...older.items]).toEqual([2, 0, 2]);
  expect([...older.weights]).toEqual([1, 4, 5]);
  expect(older.courses.map(({ id }) => id)).toEqual(['y', 'gone', 'x']);
});
