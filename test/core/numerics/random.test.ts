import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../core/numerics/random.ts';
import { hashUnit } from '../../../core/numerics/splits.ts';

describe('createRandom', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 5 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('is uniform and normal where it says so', () => {
    const random = createRandom(3);
    const uniform = Array.from({ length: 20_000 }, () => random.next());
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniform)).toBeLessThan(1);
    expect(mean(uniform)).toBeCloseTo(0.5, 1);
    const normal = Array.from({ length: 20_000 }, () => random.normal());
    expect(mean(normal)).toBeCloseTo(0, 1);
    expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1);
  });

  it('draws each integer and each order about equally often', () => {
    const random = createRandom(5);
    const counts = [0, 0, 0];
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      counts[random.int(3)]!++;
      const order = random.shuffle([1, 2, 3]).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(150);
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(130);
  });

  it('refuses to pick from nothing', () => {
    expect(() => createRandom(1).pick([])).toThrow('non-empty');
  });
});

describe('hashUnit', () => {
  it('spreads ids evenly, and apart for different seeds', () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `learner-${i}`);
    const low = ids.filter((id) => hashUnit(1, id) < 0.3).length;
    expect(Math.abs(low - 3000)).toBeLessThan(150);
    const both = ids.filter((id) => hashUnit(1, id) < 0.5 && hashUnit(2, id) < 0.5).length;
    expect(Math.abs(both - 2500)).toBeLessThan(150);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
