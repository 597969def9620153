import { describe, expect, it } from 'vitest';
import { tooDear } from '../../../core/evaluate/asking.ts';
import { createBudget } from '../../../core/evaluate/budget.ts';

describe('createBudget', () => {
  it('divides what is left by the work that is left', () => {
    let now = 0;
    const budget = createBudget(100, [1, 3], () => now * 1000);
    budget.begin(0);
    expect(budget.learning(1)).toBeCloseTo(12.5, 12);
    expect(budget.learning(5)).toBeCloseTo(2.5, 12);
    now = 10;
    expect(budget.asking()).toBeCloseTo(15, 12);
    now = 40;
    expect(budget.asking()).toBeCloseTo(5, 12);
    budget.begin(1);
    expect(budget.learning(2)).toBeCloseTo(15, 12);
    expect(budget.asking()).toBeCloseTo(60, 12);
  });
});

describe('tooDear', () => {
  it('lets the hybrid go first and then the cheaper, and says what the others would take', () => {
    const costs = [
      { name: 'popular', seconds: 1 },
      { name: 'content', seconds: 50 },
      { name: 'als', seconds: 9 },
      { name: 'hybrid', seconds: 30 },
    ];
    expect(tooDear(costs, 100)).toEqual([]);
    const [left] = tooDear(costs, 60);
    expect(left!.model).toBe('content');
    expect(left!.why).toContain('50 s of 20 s left');
    expect(tooDear(costs, 20).map(({ model }) => model)).toEqual(['hybrid', 'content']);
  });
});
