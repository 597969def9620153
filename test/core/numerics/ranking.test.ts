import { describe, expect, it } from 'vitest';
import { averageRank, hit, ndcg, precision, recall, reciprocalRank, topK } from '../../../core/numerics/ranking.ts';

const none = new Uint8Array(5);

describe('averageRank', () => {
  it('counts ties as their average rank', () => {
    const scores = Float32Array.of(3, 2, 2, 2, 1);
    expect(averageRank(scores, 0, none)).toBe(1);
    // Three courses share the ranks 2, 3 and 4.
    for (const item of [1, 2, 3]) expect(averageRank(scores, item, none)).toBe(3);
    expect(averageRank(scores, 4, none)).toBe(5);
    expect(averageRank(new Float32Array(5), 2, none)).toBe(3);
    expect(averageRank(Float32Array.of(1, 1), 0, new Uint8Array(2))).toBe(1.5);
  });

  it('leaves out what is excluded, never the target', () => {
    const scores = Float32Array.of(3, 2, 2, 2, 1);
    expect(averageRank(scores, 4, Uint8Array.of(1, 1, 0, 0, 1))).toBe(3);
  });
});

describe('metrics', () => {
  it('match fractions worked out by hand', () => {
    // Relevant courses at ranks 2 and 3.5 of the top 3: one hit.
    expect(hit([2, 3.5], 3)).toBe(1);
    expect(recall([2, 3.5], 3)).toBe(1 / 2);
    expect(precision([2, 3.5], 3)).toBe(1 / 3);
    expect(reciprocalRank([2, 3.5], 3)).toBe(1 / 2);
    expect(ndcg([2, 3.5], 3)).toBeCloseTo(1 / Math.log2(3) / (1 + 1 / Math.log2(3)), 12);
  });

  it('are 0 below the top k and 1 at the ideal', () => {
    for (const metric of [hit, recall, precision, reciprocalRank, ndcg]) expect(metric([4], 3)).toBe(0);
    for (const metric of [hit, recall, reciprocalRank, ndcg]) expect(metric([1, 2], 2)).toBe(1);
    // The ideal of four relevant courses in a list of two is two hits.
    expect(ndcg([1, 2, 3, 4], 2)).toBe(1);
    expect(recall([1, 2, 3, 4], 2)).toBe(1 / 2);
  });

  it('take a fractional rank on the edge as outside', () => {
    expect(hit([10], 10)).toBe(1);
    expect(hit([10.5], 10)).toBe(0);
  });
});

describe('topK', () => {
  it('is the sorted head, ties by index', () => {
    const scores = Float32Array.of(1, 5, 3, 5, 2);
    expect([...topK(scores, 3)]).toEqual([1, 3, 2]);
    expect([...topK(scores, 9)]).toEqual([1, 3, 2, 4, 0]);
    expect([...topK(scores, 2, Uint8Array.of(0, 1, 0, 0, 0))]).toEqual([3, 2]);
  });
});
