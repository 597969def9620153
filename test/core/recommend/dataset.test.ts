import { describe, expect, it } from 'vitest';
import { buildDataset, filterDataset, hasTimes, historyAt, historyOf } from '../../../core/recommend/dataset.ts';
import { emptyState, foldEvent } from '../../../core/interest/state.ts';
import { facts } from './series.ts';

const courses = ['a', 'b', 'c'].map((id) => facts(id));
const row = (learner: string, course: string, time: number, weight = 1, rating = NaN) => ({
  learner,
  course,
  time,
  weight,
  rating,
});

describe('buildDataset', () => {
  it('counts a repeated pair once, at its first time, in time order', () => {
    const data = buildDataset(
      [row('u', 'b', 30), row('u', 'a', 20), row('v', 'c', 5), row('u', 'b', 10, 2), row('u', 'a', 40)],
      courses,
    );
    expect(data.learners).toEqual(['u', 'v']);
    expect([...data.starts]).toEqual([0, 2, 3]);
    expect([...data.items]).toEqual([1, 0, 2]);
    expect([...data.times]).toEqual([10, 20, 5]);
    expect([...data.weights]).toEqual([3, 2, 1]);
  });

  it('keeps row order where times are equal or missing', () => {
    const same = buildDataset([row('u', 'c', 7), row('u', 'a', 7), row('u', 'b', 7)], courses);
    expect([...same.items]).toEqual([2, 0, 1]);
    const undated = buildDataset([row('u', 'b', NaN), row('u', 'a', NaN), row('u', 'b', NaN)], courses);
    expect([...undated.items]).toEqual([1, 0]);
    expect(hasTimes(undated)).toBe(false);
    expect(hasTimes(same)).toBe(true);
  });

  it('leaves out pairs without interest and courses that are not there; the last rating stands', () => {
    const data = buildDataset(
      [row('u', 'a', 1, 2), row('u', 'a', 2, -3), row('u', 'x', 3), row('u', 'b', 4, 1, 0.2), row('u', 'b', 5, 1, 0.8)],
      courses,
    );
    expect([...data.items]).toEqual([1]);
    expect(data.ratings[0]).toBeCloseTo(0.8, 6);
  });

  it('cuts histories and filters by position', () => {
    const data = buildDataset([row('u', 'a', 1), row('u', 'b', 2), row('v', 'c', 3)], courses);
    expect([...historyAt(data, 0, 1).items]).toEqual([0]);
    const firsts = filterDataset(data, (_, at) => at === 0);
    expect([...firsts.items]).toEqual([0, 2]);
    expect([...firsts.starts]).toEqual([0, 1, 2]);
  });
});

it('reads a learner state as a history', () => {
  const state = emptyState();
  const event = (
    courseId: string,
    type: 'view' | 'purchase' | 'dismiss' | 'rate',
    at: number,
    value: number | null = null,
  ) => foldEvent(state, { courseId, type, value, occurredAt: new Date(at * 1000), circumstances: {} });
  event('b', 'purchase', 200);
  event('a', 'view', 100);
  event('a', 'rate', 150, 1);
  event('c', 'dismiss', 50);
  event('gone', 'view', 60);
  const history = historyOf(state, new Map(courses.map(({ id }, index) => [id, index])));
  expect([...history.items]).toEqual([0, 1]);
  expect([...history.times]).toEqual([100, 200]);
  expect(history.ratings[0]).toBe(1);
  expect(history.weights.every((weight) => weight > 0)).toBe(true);
});
