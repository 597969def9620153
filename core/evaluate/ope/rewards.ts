import type { EventTypeName } from '../../behaviour/event-types.ts';
import type { Event } from '../../behaviour/event.ts';

const DAY = 86_400_000;

/** What may count as a reward, and the events that say so. */
export const rewardTypes = {
  view: ['view', 'click'],
  save: ['save'],
  enrol: ['enrol', 'purchase'],
  purchase: ['purchase'],
  complete: ['complete'],
  /** Paid less refunded, in minor units of one currency. */
  revenue: ['purchase', 'refund'],
} as const satisfies Record<string, readonly EventTypeName[]>;

export type RewardName = keyof typeof rewardTypes;

/** One course shown in one slate to one learner. */
export interface Impression {
  courseId: string;
  slate: string;
  /** 0-based. */
  position: number;
  propensity: number;
  at: Date;
}

export type Act = Pick<Event, 'courseId' | 'type' | 'value' | 'occurredAt' | 'circumstances' | 'setAside'>;

export interface RewardRule {
  name: RewardName;
  /** An act counts within so many days after the impression. */
  days: number;
  /** Whether money paid for the course is of the currency that is summed. */
  inCurrency: (courseId: string) => boolean;
}

/**
 * What came of each of a learner's impressions. An act that names the slate it answers counts there alone;
 * one that names none, such as finishing the course, counts for the latest time the course was shown.
 * 1 for at least one act, of revenue the sum.
 */
export function rewardsOf(
  impressions: readonly Impression[],
  acts: readonly Act[],
  { name, days, inCurrency }: RewardRule,
): number[] {
  const rewards = impressions.map(() => 0);
  const types: readonly EventTypeName[] = rewardTypes[name];
  for (const { type, courseId, value, occurredAt, circumstances, setAside } of acts) {
    if (courseId === null || setAside !== null || !types.includes(type)) continue;
    let latest = -1;
    impressions.forEach((shown, index) => {
      const after = occurredAt.getTime() - shown.at.getTime();
      if (shown.courseId !== courseId || after < 0 || after > days * DAY) return;
      if (circumstances.slate !== undefined && circumstances.slate !== shown.slate) return;
      if (circumstances.slate === undefined && circumstances.message !== undefined) return;
      if (latest < 0 || shown.at > impressions[latest]!.at) latest = index;
    });
    if (latest < 0) continue;
    if (name !== 'revenue') rewards[latest] = 1;
    else if (inCurrency(courseId)) rewards[latest]! += (type === 'refund' ? -1 : 1) * (value ?? 0);
  }
  return rewards;
}
