import type { Activity } from '../behaviour/history.ts';

/** Where a learner stands with the community. */
export const stages = ['new', 'active', 'paying', 'at-risk', 'lapsed'] as const;
export type Stage = (typeof stages)[number];

/** Days since the last thing a learner did after which they are at risk: gone for a month. */
export const AT_RISK_DAYS = 30;
/** … and after which they have lapsed: gone for a quarter. */
export const LAPSED_DAYS = 90;
/** Days after a purchase for which a learner counts as paying; the half-life of a purchase's evidence. */
export const PAYING_DAYS = 180;
/** Days after the first thing a learner did for which they are new. */
export const NEW_DAYS = 14;

/** What the stage is read from. Times are milliseconds since 1970 UTC. */
export type StageActivity = Pick<Activity, 'firstAt' | 'lastAt' | 'lastPurchaseAt' | 'purchases' | 'refunds'>;

/**
 * The life-cycle stage at `now`; the first rule that holds:
 *
 * 1. `new`: did nothing yet.
 * 2. `lapsed`: nothing for LAPSED_DAYS or more. 3. `at-risk`: nothing for AT_RISK_DAYS or more.
 * 4. `paying`: bought within PAYING_DAYS, and not everything was given back.
 * 5. `new`: began less than NEW_DAYS ago. 6. `active`.
 *
 * Fixed spans, so that a learner's stage does not depend on who else is there. Things that are done to
 * a learner (impressions, silence) do not keep them active.
 */
export function stageOf(activity: StageActivity, now: Date): Stage {
  const { firstAt, lastAt, lastPurchaseAt, purchases, refunds } = activity;
  if (firstAt === null || lastAt === null) return 'new';
  const idle = daysSince(lastAt, now);
  if (idle >= LAPSED_DAYS) return 'lapsed';
  if (idle >= AT_RISK_DAYS) return 'at-risk';
  if (lastPurchaseAt !== null && purchases > refunds && daysSince(lastPurchaseAt, now) < PAYING_DAYS) return 'paying';
  return daysSince(firstAt, now) < NEW_DAYS ? 'new' : 'active';
}

const DAY = 86_400_000;

function daysSince(time: number, now: Date): number {
  return (now.getTime() - time) / DAY;
}
