import { describe, expect, it } from 'vitest';
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
