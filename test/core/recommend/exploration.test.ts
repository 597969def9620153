import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/numerics/random.ts';
import {
  createExploration,
  drawPositions,
  exploredPropensity,
  rankedPropensity,
  sample,
} from '../../../core/recommend/exploration.ts';

describe('explored positions', () => {
  it('keep the share over many small slates by randomised rounding', () => {
    const random = createRandom(1);
    const exploration = createExploration(5, 0.1, 100);
    const counts = [0, 0];
    for (let i = 0; i < 20_000; i++) counts[drawPositions(exploration, random).filter(Boolean).length]!++;
    expect(counts[1]! / 20_000).toBeCloseTo(0.5, 1);
    expect(counts[0]! + counts[1]!).toBe(20_000);
  });

  it('never want more than the pool holds', () => {
    expect(createExploration(5, 0.5, 1).counts.every(({ explored }) => explored <= 1)).toBe(true);
    expect(drawPositions(createExploration(3, 0.5, 0), createRandom(1))).toEqual([false, false, false]);
  });

  it('have hand-computed propensities', () => {
    // Two positions, one of them explored for certain: each with 1/2, from 4 courses.
    const one = createExploration(2, 0.5, 4);
    expect(exploredPropensity(one)).toBeCloseTo(1 / 2 / 4);
    expect(rankedPropensity(one, 0, 0)).toBeCloseTo(1 / 2);
    expect(rankedPropensity(one, 0, 1)).toBeCloseTo(1 / 2);
    expect(rankedPropensity(one, 1, 1)).toBe(0);
    // Five positions, none or one explored: the first stays first unless position 0 was drawn (1/2 · 1/5).
    const five = createExploration(5, 0.1, 100);
    expect(rankedPropensity(five, 0, 0)).toBeCloseTo(0.9);
    expect(rankedPropensity(five, 0, 1)).toBeCloseTo(0.1);
    expect(rankedPropensity(five, 4, 4)).toBeCloseTo(0.5);
  });

  it('add up to one course a position', () => {
    for (const [size, share, pool] of [
      [5, 0.1, 30],
      [10, 0.37, 12],
      [3, 0.5, 2],
      [1, 0.1, 5],
      [4, 0, 9],
    ] as const) {
      const exploration = createExploration(size, share, pool);
      for (let position = 0; position < size; position++) {
        let sum = pool * exploredPropensity(exploration);
        for (let rank = 0; rank < size; rank++) sum += rankedPropensity(exploration, rank, position);
        expect(sum).toBeCloseTo(1, 10);
      }
    }
  });

  it('are drawn without repeats', () => {
    const random = createRandom(2);
    for (let i = 0; i < 100; i++) expect(new Set(sample(6, 6, random)).size).toBe(6);
  });
});
