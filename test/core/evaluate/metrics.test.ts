import { describe, expect, it } from 'vitest';
import { compareGroups, groupsOf, popularityThirds } from '../../../core/evaluate/groups.ts';
import { CalibrationTally, debiasingWeight, gini, MeanTally } from '../../../core/evaluate/metrics.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { emptyHistory } from '../../../core/recommend/dataset.ts';

describe('gini', () => {
  it('is 0 where all are shown alike, (n − 1) / n where one has everything, and null of nothing', () => {
    expect(gini(Float64Array.of(3, 3, 3, 3))).toBeCloseTo(0, 12);
    expect(gini(Float64Array.of(0, 8, 0, 0))).toBeCloseTo(3 / 4, 12);
    // Mean absolute difference over all pairs, over twice the mean: (2·(1+2+1)) / (2·9·2) = 2/9.
    expect(gini(Float64Array.of(1, 2, 3))).toBeCloseTo(2 / 9, 12);
    expect(gini(new Float64Array(3))).toBeNull();
  });
});

describe('debiasingWeight', () => {
  it('weighs a hit on a course that few took more: n^−1.35', () => {
    expect(debiasingWeight(1)).toBe(1);
    expect(debiasingWeight(100)).toBeCloseTo(100 ** -1.35, 12);
    expect(debiasingWeight(0)).toBe(0);
  });

  it('turns a hit on the popular and a miss on the rare into a low rate', () => {
    const rate = new MeanTally();
    rate.add(1, debiasingWeight(100));
    rate.add(0, debiasingWeight(1));
    expect(rate.mean()).toBeCloseTo(100 ** -1.35 / (1 + 100 ** -1.35), 12);
  });
});

describe('CalibrationTally', () => {
  it('is the mean gap of ten bins of equal mass', () => {
    const tally = new CalibrationTally();
    // Five bins of .1 that never come true, five of .9 of which all do: gap .1 in each.
    for (let i = 0; i < 50; i++) {
      tally.add(0.1, false);
      tally.add(0.9, true);
    }
    expect(tally.error()).toBeCloseTo(0.1, 6);
    expect(new CalibrationTally().error()).toBeNull();
  });

  it('is near 0 where probabilities come true as often as they say, and large where they are doubled', () => {
    const random = createRandom(1);
    const [honest, boastful] = [new CalibrationTally(), new CalibrationTally()];
    for (let i = 0; i < 20_000; i++) {
      const probability = random.next() / 2;
      const taken = random.next() < probability;
      honest.add(probability, taken);
      boastful.add(2 * probability, taken);
    }
    expect(honest.error()!).toBeLessThan(0.015);
    expect(boastful.error()!).toBeGreaterThan(0.2);
  });
});

describe('groups', () => {
  it('cuts the courses that somebody took into thirds, equal counts together', () => {
    expect([...popularityThirds(Float64Array.of(0, 1, 1, 4, 5, 9, 20))]).toEqual([0, 0, 0, 1, 1, 2, 2]);
    expect([...popularityThirds(new Float64Array(3))]).toEqual([0, 0, 0]);
  });

  it('are read in their order', () => {
    const keys = ['target popularity low', 'history 11+', 'target popularity high', 'cold', 'history 3-10'];
    expect([...keys, 'target popularity middle'].sort(compareGroups)).toEqual([
      ...['cold', 'history 3-10', 'history 11+'],
      ...['target popularity low', 'target popularity middle', 'target popularity high'],
    ]);
  });

  it('names the groups of a question', () => {
    const question = {
      learner: 0,
      history: { ...emptyHistory, items: Int32Array.of(1, 2, 0) },
      now: NaN,
      relevant: Int32Array.of(3),
      ratings: Float32Array.of(NaN),
    };
    const courses = { popularity: Uint8Array.of(0, 0, 0, 2), languages: ['en', null, null, 'zh'] };
    expect(groupsOf(question, courses)).toEqual(['history 3-10', 'target popularity high', 'language zh']);
    expect(groupsOf(question, { ...courses, languages: [null, null, null, null] })).toHaveLength(2);
  });
});
