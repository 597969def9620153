import { describe, expect, it } from 'vitest';
import { bootstrap, type Worth } from '../../../core/evaluate/bootstrap.ts';
import { createRandom } from '../../../core/numerics/random.ts';

const SIZE = 400;
const random = createRandom(5);
const chance = (rate: number): number[] => Array.from({ length: SIZE }, () => (random.next() < rate ? 1 : 0));
const lengths: Worth['lengths'] = Array.from({ length: SIZE }, (_, at) => (at % 4 === 0 ? '3-10' : '1-2'));
const worth = (hr: number[]): Worth => ({ hr, ndcg: hr.map((hit) => hit / 2), lengths });
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('bootstrap', () => {
  const base = chance(0.4);
  const better = base.map((hit, at) => (at % 10 === 1 ? 1 : hit));

  it('gives the normal interval of a rate', () => {
    const { intervals, draws } = bootstrap(new Map([['ease', worth(base)]]), 1);
    const rate = mean(base);
    const error = Math.sqrt((rate * (1 - rate)) / SIZE);
    expect(draws).toBe(1000);
    const [low, high] = intervals['ease']!.hr;
    expect(low).toBeGreaterThan(rate - 2.25 * error);
    expect(low).toBeLessThan(rate - 1.65 * error);
    expect(high).toBeGreaterThan(rate + 1.65 * error);
    expect(high).toBeLessThan(rate + 2.25 * error);
    expect(intervals['ease']!.ndcg[0]).toBeCloseTo(low / 2, 12);
  });

  it('pairs the hybrid with the best single model, in all and in each group', () => {
    const worths = new Map([
      ['popular', worth(chance(0.1))],
      ['ease', worth(base)],
      ['hybrid', worth(better)],
      ['hybrid+diversity', worth(chance(0.9))],
    ]);
    const { pairs } = bootstrap(worths, 1);
    expect(pairs.map(({ group, n, against }) => [group, n, against])).toEqual([
      ['all', 400, 'ease'],
      ['history 1-2', 300, 'ease'],
      ['history 3-10', 100, 'ease'],
    ]);
    const [all, short, long] = pairs;
    expect(all!.hr.mean).toBeCloseTo(mean(better) - mean(base), 12);
    // Every learner is at least as well off: no draw is below, and the interval is far narrower than either's own.
    expect(all!.hr.not_above_zero).toBe(0);
    expect(all!.hr.low).toBeGreaterThan(0);
    expect(all!.hr.high - all!.hr.low).toBeLessThan(0.06);
    expect(short!.ndcg.mean).toBeGreaterThan(0);
    expect(long!.hr.mean).toBeGreaterThanOrEqual(0);
  });

  it('finds no difference between a model and itself, repeats with its seed, and needs both for pairs', () => {
    const same = bootstrap(new Map([['ease', worth(base)], ['hybrid', worth(base)]]), 1); // prettier-ignore
    expect(same.pairs[0]!.hr).toEqual({ mean: 0, low: 0, high: 0, not_above_zero: 1 });
    const one = new Map([['ease', worth(base)]]);
    expect(bootstrap(one, 3)).toEqual(bootstrap(one, 3));
    expect(bootstrap(one, 3)).not.toEqual(bootstrap(one, 4));
    expect(bootstrap(one, 3).pairs).toEqual([]);
  });
});
