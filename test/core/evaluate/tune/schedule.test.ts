import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bracketsOf, costOf, rungsOf, survivors } from '../../../../core/evaluate/tune/schedule.ts';
import { sampleSettings, spaceOf } from '../../../../core/evaluate/tune/space.ts';
import { createRandom } from '../../../../core/numerics/random.ts';
import { findModelType, modelTypes } from '../../../../core/recommend/models/index.ts';

describe('successive halving', () => {
  it('has as many rungs as there are questions for, each three times the one before', () => {
    expect(rungsOf(599)).toEqual([1]);
    expect(rungsOf(600)).toEqual([1 / 3, 1]);
    expect(rungsOf(1800)).toEqual([1 / 9, 1 / 3, 1]);
    expect(rungsOf(1e6)).toEqual([1 / 9, 1 / 3, 1]);
  });

  it('goes from nine to three to one, in brackets', () => {
    expect(bracketsOf(27, 3)).toEqual([9, 9, 9]);
    expect(bracketsOf(11, 3)).toEqual([9, 2]);
    expect(bracketsOf(2, 1)).toEqual([1, 1]);
    expect([9, 3, 2, 1].map(survivors)).toEqual([3, 1, 1, 1]);
    // 9 · 1/9 + 3 · 1/3 + 1, then 2 · 1/9 + 1/3 + 1.
    expect(costOf([9, 2], [1 / 9, 1 / 3, 1])).toBeCloseTo(3 + 2 / 9 + 1 / 3 + 1, 12);
  });
});

describe('what is searched', () => {
  const config = z.strictObject({
    factors: z.int().positive().default(64),
    share: z.number().min(0).max(1).default(0.5),
    step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
    penalty: z.union([z.number().positive(), z.literal('auto')]).default('auto'),
    kind: z.enum(['a', 'b']).default('a'),
    cut: z.enum(['auto', 'last']).default('auto'),
    seed: z.int().default(1),
  });

  it('is what a config allows: around defaults above 0, between near ends, each value', () => {
    expect(spaceOf({ config })).toEqual({
      factors: { values: [], range: { min: 16, max: 256, log: true, whole: true } },
      share: { values: [], range: { min: 0, max: 1, log: false, whole: false } },
      step: { values: ['auto'], range: { min: 0, max: 1, log: false, whole: false } },
      kind: { values: ['a', 'b'] },
    });
  });

  it('or what the type says', () => {
    const search = { penalty: { min: 10, max: 1000, log: true }, kind: ['b'], cut: ['auto', 'last'] } as const;
    const space = spaceOf({ config, search });
    expect(Object.keys(space).sort()).toEqual(['cut', 'factors', 'penalty', 'share', 'step']);
    const penalties = Array.from({ length: 300 }, (_, n) => Number(sampleSettings(space, createRandom(n))['penalty']));
    expect(Math.min(...penalties)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...penalties)).toBeLessThanOrEqual(1000);
    // Evenly in the logarithm: half of them below 100.
    expect(penalties.filter((penalty) => penalty < 100).length / 300).toBeCloseTo(0.5, 1);
  });

  it.each(['lstm', 'transformer'])('of %s is nothing that ends its training or keeps it from learning', (name) => {
    const space = Object.keys(spaceOf(findModelType(name)!));
    expect(space).toContain('learningRate');
    expect(space.filter((key) => /epochs|patience|least|budget/i.test(key))).toEqual([]);
  });

  it.each(modelTypes.map((type) => [type.name, type] as const))('%s takes whatever is drawn for it', (_, type) => {
    const space = spaceOf(type);
    for (let n = 0; n < 50; n++) {
      expect(type.config.safeParse(sampleSettings(space, createRandom(n))).success).toBe(true);
    }
  });
});
