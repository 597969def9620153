import { describe, expect, it } from 'vitest';
import { bootstrapMean, middle } from '../../../core/numerics/bootstrap.ts';
import { createRandom } from '../../../core/numerics/random.ts';

describe('bootstrapMean', () => {
  it('gives the normal interval of a large sample: mean ± 1.96 standard errors', () => {
    const random = createRandom(1);
    const values = Float64Array.from({ length: 2000 }, () => 5 + 2 * random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const error = Math.sqrt(variance / values.length);
    const interval = bootstrapMean(values, 7);
    expect(interval.mean).toBeCloseTo(mean, 10);
    expect(interval.low).toBeCloseTo(mean - 1.96 * error, 1);
    expect(interval.high).toBeCloseTo(mean + 1.96 * error, 1);
    expect((interval.high - interval.low) / (2 * 1.96 * error)).toBeGreaterThan(0.93);
    expect((interval.high - interval.low) / (2 * 1.96 * error)).toBeLessThan(1.07);
  });

  it('holds the true mean in about 19 of 20 samples', () => {
    const random = createRandom(2);
    let held = 0;
    for (let sample = 0; sample < 300; sample++) {
      const values = Float64Array.from({ length: 100 }, () => random.next());
      const { low, high } = bootstrapMean(values, sample, 400);
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    expect(held / 300).toBeGreaterThan(0.9);
    expect(held / 300).toBeLessThan(0.985);
  });

  it('has no width where all are alike, repeats with its seed, and knows nothing of nothing', () => {
    expect(bootstrapMean(new Float64Array(50).fill(0.25), 1)).toEqual({ mean: 0.25, low: 0.25, high: 0.25 });
    const values = Float64Array.from([0, 0, 1, 0, 0.5, 0.2]);
    expect(bootstrapMean(values, 3)).toEqual(bootstrapMean(values, 3));
    expect(bootstrapMean(values, 3)).not.toEqual(bootstrapMean(values, 4));
    expect(bootstrapMean(new Float64Array(0), 1)).toEqual({ mean: NaN, low: NaN, high: NaN });
  });
});

describe('middle', () => {
  it('leaves out a fortieth at either end, whatever the order, and knows nothing of nothing', () => {
    const drawn = Array.from({ length: 201 }, (_, at) => 200 - at);
    expect(middle(drawn)).toEqual([5, 195]);
    expect(drawn[0]).toBe(200);
    expect(middle([7])).toEqual([7, 7]);
    expect(middle([])).toEqual([NaN, NaN]);
  });
});
