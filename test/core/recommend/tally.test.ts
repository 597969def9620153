import { describe, expect, it } from 'vitest';
import { firstFrom, tally } from '../../../core/recommend/tally.ts';

describe('tally', () => {
  const counts = tally(Int32Array.of(0, 1, 0, 1), Float64Array.of(0, 10, 10, 30), 3, 10);

  it('counts each taking by half after every half-life', () => {
    // Course 0 was taken 20 and 10 before, course 1 10 before.
    expect([...counts.at(20)]).toEqual([0.25 + 0.5, 0.5, 0]);
  });

  it('sees nothing at the mark itself or after it', () => {
    expect([...counts.at(10)]).toEqual([0.5, 0, 0]);
    expect([...counts.at(0)]).toEqual([0, 0, 0]);
  });
});

describe('firstFrom', () => {
  it('finds the first value that is not below the limit, within its range', () => {
    const values = Float64Array.of(1, 3, 3, 7);
    expect([0, 3, 4, 9].map((limit) => firstFrom(values, limit, 0, 4))).toEqual([0, 1, 3, 4]);
    expect(firstFrom(values, 0, 2, 4)).toBe(2);
  });
});
