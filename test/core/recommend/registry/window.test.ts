import { describe, expect, it } from 'vitest';
import { buildDataset, type Interaction } from '../../../../core/recommend/dataset.ts';
import { goneFacts } from '../../../../core/recommend/facts.ts';
import { lastWindow, newestWindow, shareUnknown } from '../../../../core/recommend/registry/window.ts';

const courses = ['a', 'b', 'c', 'd', 'e'].map(goneFacts);
const took = (learner: string, course: string, time: number): Interaction => ({
  ...{ learner, course, time },
  weight: 1,
  rating: NaN,
});
const idsOf = (items: Int32Array) => Array.from(items, (item) => courses[item]!.id).join('');

describe('the newest window', () => {
  const dataset = buildDataset(
    [
      took('u', 'a', 1),
      took('u', 'b', 11),
      took('u', 'c', 21),
      took('v', 'a', 2),
      took('v', 'd', 22),
      took('w', 'b', 12),
      took('w', 'a', 13),
      took('x', 'e', 3),
      took('y', 'c', 24),
    ],
    courses,
  );

  it('asks each learner of the newest half for their first course in it, and hides all that came from its start on', () => {
    // After 10 four learners are active; the newest two of them are met at time 22.
    const { questions, train, kind } = newestWindow(dataset, 10, 1);
    expect(kind).toBe('newest');
    expect(questions.map(({ history, now, target }) => [idsOf(history.items), now, courses[target]!.id])).toEqual([
      ['a', 22, 'd'],
      ['', 24, 'c'],
    ]);
    expect(Math.max(...train.times)).toBe(21);
    expect(train.items).toHaveLength(7);
    expect(train.learners).toHaveLength(5);
  });

  it('goes back as far as it takes to ask enough, never into what the champion has learned from', () => {
    const { questions, train } = newestWindow(dataset, 10, 100);
    expect(questions.map(({ history, now, target }) => [idsOf(history.items), now, courses[target]!.id])).toEqual([
      ['a', 11, 'b'],
      ['a', 22, 'd'],
      ['', 12, 'b'],
      ['', 24, 'c'],
    ]);
    expect(Math.max(...train.times)).toBe(3);
  });

  it('asks nothing and hides nothing where nothing is newer, or nothing has a time', () => {
    expect(newestWindow(dataset, 24, 1).questions).toEqual([]);
    expect(newestWindow(dataset, 24, 1).train.items).toHaveLength(9);
    const timeless = buildDataset([took('u', 'a', NaN), took('u', 'b', NaN)], courses);
    expect(newestWindow(timeless, 10, 1).questions).toEqual([]);
    expect(newestWindow(dataset, NaN, 1).questions).toEqual([]);
  });

  it('knows how much of what is new is on courses that are new', () => {
    expect(shareUnknown(dataset, 20, new Set('abc'))).toBe(1 / 3);
    expect(shareUnknown(dataset, 30, new Set('abc'))).toBeNaN();
  });
});

describe('last courses', () => {
  it('are asked of those with two or more, at the moment they were taken', () => {
    const dataset = buildDataset([took('u', 'a', 1), took('u', 'b', 5), took('v', 'c', 2)], courses);
    const { questions, train } = lastWindow(dataset, 1);
    expect(questions).toMatchObject([{ now: 5, target: 1 }]);
    expect(idsOf(questions[0]!.history.items)).toBe('a');
    expect(idsOf(train.items)).toBe('ac');
  });
});
