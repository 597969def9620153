import { describe, expect, it } from 'vitest';
import { divergence, listMix, topicMix } from '../../../core/recommend/calibration.ts';
import type { History } from '../../../core/recommend/model.ts';
import { rerank } from '../../../core/recommend/rerank.ts';

const topics: readonly (readonly string[])[] = [['a'], ['a', 'b'], ['b'], [], ['a'], ['a'], ['b']];
const topicsOf = (item: number) => topics[item]!;
const history = (items: number[], weights = items.map(() => 1)): History => ({
  items: Int32Array.from(items),
  times: new Float64Array(items.length).fill(NaN),
  weights: Float32Array.from(weights),
  ratings: new Float32Array(items.length).fill(NaN),
});

describe('the mix of topics', () => {
  it('shares each course out among its topics, by its evidence, and sums to 1', () => {
    // Evidence counts by its root: a has 1 + ½, b has ½ + 2.
    const mix = topicMix(history([0, 1, 2, 3], [1, 1, 4, 9]), topicsOf);
    expect(mix.get('a')).toBeCloseTo(1.5 / 4, 12);
    expect(mix.get('b')).toBeCloseTo(2.5 / 4, 12);
  });

  it('of a history with too little in it says nothing', () => {
    expect(topicMix(history([0, 2, 3]), topicsOf).size).toBe(0);
    expect(topicMix(history([]), topicsOf).size).toBe(0);
  });

  it('diverges by nothing from itself, by ln 100 from a list without any of it', () => {
    const own = new Map([['a', 1]]);
    expect(divergence(own, own)).toBeCloseTo(0, 12);
    expect(divergence(own, listMix([2], topicsOf))).toBeCloseTo(Math.log(100), 12);
    // q̃(a) = .99 · ½ + .01 · ¾ and q̃(b) = .99 · ½ + .01 · ¼
    const mixed = new Map([
      ['a', 0.75],
      ['b', 0.25],
    ]);
    const expected = 0.75 * Math.log(0.75 / 0.5025) + 0.25 * Math.log(0.25 / 0.4975);
    expect(divergence(mixed, listMix([0, 2], topicsOf))).toBeCloseTo(expected, 12);
  });
});

describe('a calibrated list', () => {
  const ranked = [0, 4, 5, 6, 2].map((item, place) => ({ item, score: 10 - place }));
  const asked = { count: 3, diversity: 0, similarity: () => 0 };
  const own = { topicsOf, mix: topicMix(history([0, 2, 1, 6]), topicsOf) };
  const items = (strength: number) =>
    rerank(ranked, { ...asked, calibration: { ...own, strength } }).map(({ item }) => item);

  it('has the topics that the learner has, as far as it is asked to', () => {
    expect(items(0)).toEqual([0, 4, 5]);
    expect(items(0.2)).toEqual([0, 6, 4]);
  });

  it('is left as it is for a learner of whom too little is known', () => {
    const unknown = { ...own, mix: new Map<string, number>(), strength: 0.5 };
    expect(rerank(ranked, { ...asked, calibration: unknown }).map(({ item }) => item)).toEqual([0, 4, 5]);
  });
});
