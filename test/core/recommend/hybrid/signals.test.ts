import { describe, expect, it } from 'vitest';
import { buildDataset, emptyHistory, type Interaction } from '../../../../core/recommend/dataset.ts';
import { featureNames, featuresOf } from '../../../../core/recommend/hybrid/features.ts';
import { fitLabels, loadLabels } from '../../../../core/recommend/hybrid/labels.ts';
import { fitRecent, loadRecent } from '../../../../core/recommend/hybrid/recent.ts';
import { fitSessions, loadSessions } from '../../../../core/recommend/hybrid/sessions.ts';
import { fitShelf } from '../../../../core/recommend/hybrid/shelf.ts';
import { fitSignals } from '../../../../core/recommend/hybrid/signals.ts';
import type { CourseFacts, History } from '../../../../core/recommend/model.ts';
import { facts } from '../series.ts';

const DAY = 86_400;

/** Each learner's courses by name, a day apart unless times are given. */
function dataOf(courses: readonly CourseFacts[], paths: readonly (readonly [string, number?][])[]) {
  const rows = paths.flatMap((path, learner) =>
    path.map(([course, time], at): Interaction => ({
      learner: `learner ${learner}`,
      course,
      time: time ?? at * DAY,
      weight: 1,
      rating: NaN,
    })),
  );
  return buildDataset(rows, courses);
}

function historyOf(...items: number[]): History {
  return {
    items: Int32Array.from(items),
    times: Float64Array.from(items, () => NaN),
    weights: Float32Array.from(items, () => 1),
    ratings: Float32Array.from(items, () => NaN),
  };
}

describe('labels', () => {
  const courses = ['a', 'b', 'c', 'd'].map((id, at) => facts(id, { level: at % 2 === 0 ? 'beginner' : 'advanced' }));
  const times = (count: number, from: string, to: string): [string][][] =>
    Array.from({ length: count }, () => [[from], [to]]);
  const data = dataOf(courses, [...times(6, 'a', 'b'), ...times(4, 'c', 'd')]);

  it('are lifts of pairs of labels over chance, smoothed: ten steps, all from beginner to advanced', () => {
    const lifts = fitLabels(data, true).lifts(historyOf(0), 0.5, 'level')!;
    expect(lifts[1]).toBeCloseTo(Math.log((10 + 5) / (10 + 5)), 6);
    expect(lifts[2]).toBeCloseTo(Math.log((0 + 5) / (0 + 5)), 6);
    const both = dataOf(courses, [...times(5, 'a', 'c'), ...times(5, 'b', 'd')]);
    const among = fitLabels(both, true).lifts(historyOf(0), 0.5, 'level')!;
    expect(among[2]).toBeCloseTo(Math.log((5 + 5) / (2.5 + 5)), 6);
    expect(among[3]).toBeCloseTo(Math.log((0 + 5) / (2.5 + 5)), 6);
  });

  it('tell free courses from priced ones, and these by quarters of what is asked in their currency', () => {
    const prices = [0, 1000, 2000, 3000, 4000, null];
    const priced = prices.map((priceMinor, at) => facts(`p${at}`, { priceMinor, currency: 'CNY' }));
    const steps = Array.from({ length: 10 }, (_, learner): [string][] => [['p1'], [learner < 5 ? 'p2' : 'p3']]);
    const lifts = fitLabels(
      dataOf([...priced, facts('yen', { priceMinor: 2000, currency: 'JPY' })], steps),
      true,
    ).lifts(historyOf(1), 0.5, 'other')!;
    expect(lifts[2]).toBeCloseTo(Math.log((5 + 5) / (5 + 5)), 6);
    expect(lifts[2]).toBe(lifts[3]);
    const fromFree = steps.map((): [string][] => [['p0'], ['p4']]);
    const all = dataOf(priced, [...steps, ...fromFree]);
    const found = fitLabels(all, true).lifts(historyOf(0), 0.5, 'other')!;
    // Ten of twenty steps are from free to the dearest quarter; by chance five would be.
    expect(found[4]).toBeCloseTo(Math.log((10 + 5) / (5 + 5)), 6);
    expect(found[2]).toBeCloseTo(Math.log((0 + 5) / (2.5 + 5)), 6);
    expect(found[5]).toBeCloseTo(0, 6);
  });

  it('say nothing of a kind that courses have not, and are the same after save and load', () => {
    const labels = fitLabels(data, true);
    expect(labels.lifts(historyOf(0), 0.5, 'topic')).toBeUndefined();
    expect(loadLabels(labels.save()).lifts(historyOf(1), 0.5, 'level')).toEqual(
      labels.lifts(historyOf(1), 0.5, 'level'),
    );
  });
});

describe('recent steps', () => {
  const courses = ['a', 'b', 'c'].map((id) => facts(id));
  const data = dataOf(courses, [
    [
      ['a', 0],
      ['b', 10 * DAY],
    ],
    [
      ['a', 0],
      ['c', 30 * DAY],
    ],
  ]);

  it('halve in twenty days, and none that is not before the clock counts', () => {
    const recent = fitRecent(data);
    const at = (now: number) => recent.score(historyOf(0), now);
    expect(at(30 * DAY)[1]).toBeCloseTo(0.5, 6);
    expect(at(30 * DAY)[2]).toBe(0);
    expect(at(50 * DAY)[2]).toBeCloseTo(0.5, 6);
    expect(loadRecent(recent.save()).score(historyOf(0), 40 * DAY)).toEqual(at(40 * DAY));
  });
});

describe('sessions', () => {
  const courses = ['a', 'b', 'c', 'd', 'e'].map((id) => facts(id));
  const data = dataOf(courses, [
    [['a'], ['b'], ['c']],
    [['d'], ['a'], ['b'], ['c'], ['e']],
  ]);

  it('go on where the newest course in common stands: what follows it first, what came before it least', () => {
    const sessions = fitSessions(data);
    const scores = sessions.score(historyOf(0, 1));
    expect(scores[2]).toBeGreaterThan(scores[4]!);
    expect(scores[4]).toBeGreaterThan(scores[3]!);
    expect(loadSessions(sessions.save()).score(historyOf(0, 1))).toEqual(scores);
  });

  it('keep no learner of a single course, who has nothing to go on to', () => {
    expect(
      fitSessions(dataOf(courses, [[['a']], [['b']]]))
        .score(historyOf(0))
        .every((score) => score === 0),
    ).toBe(true);
  });
});

describe('shelf', () => {
  it('as listed is absent where it stands as published', () => {
    const published = (at: number) => ({ publishedAt: at });
    const inOrder = dataOf([facts('a', published(1)), facts('b', published(2))], [[['a'], ['b']]]);
    const other = dataOf([facts('a', published(2)), facts('b', published(1))], [[['a'], ['b']]]);
    expect(fitShelf(inOrder, 'listed')).toBeUndefined();
    expect(fitShelf(other, 'listed')).toBeDefined();
  });
});

describe('features', () => {
  it('call a course untaken that is published and nobody took before the clock, not one still to be published', () => {
    const courses = ['taken', 'out', 'later', 'undated'].map((id, at) =>
      facts(id, { publishedAt: [0, DAY, 9 * DAY, NaN][at]! }),
    );
    const signals = fitSignals(dataOf(courses, [[['taken', 2 * DAY]], [['out', 6 * DAY]]]), true);
    const sense = { order: true, times: true, texts: false, news: true };
    const at = (now: number, name: string) => {
      const columns = featuresOf({ parts: new Map(), signals }, courses, emptyHistory, now, sense);
      return [...columns[featureNames.indexOf(name)]!];
    };
    expect(at(5 * DAY, 'unseen')).toEqual([0, 1, 0, 1]);
    expect(at(5 * DAY, 'unpublished')).toEqual([0, 0, 1, 0]);
    expect(at(10 * DAY, 'unseen')).toEqual([0, 0, 1, 1]);
  });
});
