import { describe, expect, it } from 'vitest';
import { countPopularity, loadPopularity } from '../../../core/recommend/popularity.ts';
import { createStandings } from '../../../core/recommend/standings.ts';
import { course, DAY, event, now, trainingData } from './community.ts';

const courses = ['a', 'b', 'c'].map((id) => course(id, { topics: ['T'] }));
const seconds = now.getTime() / 1000;
const ago = (days: number) => new Date(now.getTime() - days * DAY);

function counted(events: ReturnType<typeof event>[]) {
  const { dataset, taken } = trainingData(courses, events);
  return countPopularity(dataset, taken);
}

describe('learners of a week', () => {
  it('counts the seven UTC days up to now, each learner once', () => {
    const popularity = counted([
      event('l1', 'view', 'a', ago(0)),
      event('l1', 'view', 'a', ago(0)),
      event('l2', 'view', 'a', ago(6)),
      event('l3', 'view', 'a', ago(7)),
      event('l4', 'view', 'b', ago(20)),
    ]);
    expect(popularity.lastWeek(0, seconds)).toBe(2);
    expect([...popularity.learners]).toEqual([3, 1, 0]);
    expect(popularity.lastWeek(1, seconds)).toBe(0);
  });

  it('moves on with the clock after training', () => {
    const popularity = counted([event('l1', 'view', 'a', ago(0)), event('l2', 'view', 'a', ago(5))]);
    const later = (days: number) => popularity.lastWeek(0, seconds + days * 86_400);
    expect([later(0), later(1), later(2), later(6), later(7), later(400)]).toEqual([2, 2, 1, 1, 0, 0]);
  });

  it('knows no week where times only stand in for an order', () => {
    const popularity = counted([{ ...event('l1', 'view', 'a'), circumstances: { undated: true } }]);
    expect(popularity.lastWeek(0, seconds)).toBe(0);
    expect(popularity.learners[0]).toBe(1);
  });
});

describe('courses taken together', () => {
  const fans = (count: number) =>
    Array.from({ length: count }, (_, i) => [
      event(`l${i}`, 'rate', 'a', ago(3), 0.75),
      event(`l${i}`, 'purchase', 'b', ago(2), 100),
      event(`l${i}`, 'view', 'c', ago(1)),
    ]).flat();

  it('counts learners who rated the one highly and took the other; looking is not taking', () => {
    const popularity = counted(fans(3));
    expect(popularity.together(0, 1)).toBe(3);
    expect(popularity.together(0, 2)).toBe(0);
    expect(popularity.together(1, 0)).toBe(0);
  });

  it('does not speak of fewer than three', () => {
    expect(counted(fans(2)).together(0, 1)).toBe(0);
  });

  it('survives storing', () => {
    const popularity = counted(fans(4));
    const loaded = loadPopularity(popularity.save());
    expect(loaded.together(0, 1)).toBe(4);
    expect(loaded.lastWeek(2, seconds)).toBe(popularity.lastWeek(2, seconds));
  });
});

describe('standings', () => {
  const many = Array.from({ length: 9 }, (_, i) => course(`c${i}`, { topics: ['T'], archived: i === 0 }));

  it('holds the best third of a topic, never fewer than three learners, ties together', () => {
    const standings = createStandings(
      many,
      (item) => [99, 8, 7, 7, 3, 2, 1, 0, 0][item]!,
      () => 0,
    );
    expect([0, 1, 2, 3, 4, 5].map((item) => standings.ever(item, 'T'))).toEqual([
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(standings.ever(1, '')).toBe(true);
    expect(standings.ever(1, 'other')).toBe(false);
    expect(standings.ofWeek(1, 'T', seconds)).toBe(false);
  });

  it('counts anew when the day changes', () => {
    const standings = createStandings(
      many,
      () => 0,
      (item, at) => (item === 1 && at < seconds + 3600 ? 5 : 0),
    );
    expect(standings.ofWeek(1, 'T', seconds)).toBe(true);
    expect(standings.ofWeek(1, 'T', seconds + 2 * 86_400)).toBe(false);
  });
});
