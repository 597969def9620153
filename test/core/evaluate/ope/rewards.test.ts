import { describe, expect, it } from 'vitest';
import type { EventTypeName } from '../../../../core/behaviour/event-types.ts';
import type { Circumstances } from '../../../../core/behaviour/event.ts';
import { rewardsOf, type Act, type Impression } from '../../../../core/evaluate/ope/rewards.ts';

const DAY = 86_400_000;
const at = (days: number) => new Date(Date.UTC(2026, 0, 1) + days * DAY);
const shown = (courseId: string, slate: string, days: number): Impression => ({
  courseId,
  slate,
  position: 0,
  propensity: 0.5,
  at: at(days),
});
const act = (
  type: EventTypeName,
  courseId: string,
  days: number,
  circumstances: Circumstances = {},
  value: number | null = null,
): Act => ({ type, courseId, occurredAt: at(days), circumstances, value, setAside: null });
const rule = { days: 7, inCurrency: () => true };

describe('rewardsOf', () => {
  const twice = [shown('a', 's1', 0), shown('a', 's2', 2), shown('b', 's2', 2)];

  it('counts what names its slate there alone, and what names none for the latest showing', () => {
    expect(rewardsOf(twice, [act('save', 'a', 3, { slate: 's1' })], { ...rule, name: 'save' })).toEqual([1, 0, 0]);
    expect(rewardsOf(twice, [act('complete', 'a', 3)], { ...rule, name: 'complete' })).toEqual([0, 1, 0]);
    expect(rewardsOf(twice, [act('complete', 'a', 1)], { ...rule, name: 'complete' })).toEqual([1, 0, 0]);
  });

  it('leaves what another slate or message brought, what came before or too late, and other acts', () => {
    const acts = [
      act('save', 'a', 3, { slate: 'else' }),
      act('save', 'b', 3, { message: 'm' }),
      act('save', 'b', 1),
      act('save', 'b', 9.5),
      act('view', 'b', 3),
      { ...act('save', 'b', 3), setAside: 'robot' },
    ];
    expect(rewardsOf(twice, acts, { ...rule, name: 'save' })).toEqual([0, 0, 0]);
  });

  it('sums money less what was paid back, of one currency', () => {
    const acts = [
      act('purchase', 'a', 3, { slate: 's2' }, 9900),
      act('refund', 'a', 4, {}, 900),
      act('purchase', 'b', 3, { slate: 's2' }, 500),
    ];
    const euros = { ...rule, inCurrency: (id: string) => id === 'a' };
    expect(rewardsOf(twice, acts, { ...euros, name: 'revenue' })).toEqual([0, 9000, 0]);
    expect(rewardsOf(twice, acts, { ...rule, name: 'purchase' })).toEqual([0, 1, 1]);
  });
});
