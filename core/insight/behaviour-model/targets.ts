import { isActive } from '../../behaviour/track.ts';
import { LAPSED_DAYS } from '../stage.ts';
import { DAY, deedsUntil, lastActiveAt, SITTING, type Deed, type Past } from './past.ts';

/** What is foretold. */
export const targets = ['return', 'buy', 'complete', 'lapse'] as const;
export type Target = (typeof targets)[number];

/** Days after the moment within which it happens or does not. */
export const horizonDays: Record<Target, number> = { return: 7, buy: 14, complete: 14, lapse: 30 };

/**
 * Whether it happened after `now`, in the window (now, now + horizon]:
 *
 * - `return`: the learner did something once the sitting was over, that is later than `SITTING` after now.
 * - `buy`: a purchase, refunded later or not.
 * - `complete`: a course was completed, or reached a progress of 1, that was not completed at now.
 * - `lapse`: they did nothing at all once the sitting was over.
 *
 * The log must reach to the end of the window.
 */
export function happened(target: Target, past: Past, now: number): boolean {
  const { deeds } = past;
  const from = deedsUntil(deeds, now);
  const end = now + horizonDays[target] * DAY;
  switch (target) {
    case 'return':
      return some(deeds, from, end, ({ at, type }) => at > now + SITTING && isActive(type));
    case 'lapse':
      return !some(deeds, from, end, ({ at, type }) => at > now + SITTING && isActive(type));
    case 'buy':
      return some(deeds, from, end, ({ type }) => type === 'purchase');
    case 'complete': {
      const before = new Set(
        deeds
          .slice(0, from)
          .filter(completes)
          .map(({ courseId }) => courseId),
      );
      return some(deeds, from, end, (deed) => completes(deed) && !before.has(deed.courseId));
    }
  }
}

/**
 * Whether anything is foretold of a learner: who has done nothing for `LAPSED_DAYS` has lapsed, and
 * who has done nothing yet gives nothing to go by.
 */
export function isForetold(past: Past, now: number): boolean {
  const last = lastActiveAt(past, now);
  return last !== undefined && now - last < LAPSED_DAYS * DAY;
}

export function completes({ type, value }: Deed): boolean {
  return type === 'complete' || (type === 'progress' && value !== null && value >= 1);
}

function some(deeds: readonly Deed[], from: number, end: number, is: (deed: Deed) => boolean): boolean {
  for (let at = from; at < deeds.length && deeds[at]!.at <= end; at++) if (is(deeds[at]!)) return true;
  return false;
}
