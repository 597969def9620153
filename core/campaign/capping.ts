import type { Learner } from '../learner/learner.ts';
import { localDay, nextAllowedTime, startOfLocalDay } from '../learner/local-time.ts';
import type { MessageKind } from './message/message.ts';

/** What the moment of sending knows. */
export interface Moment {
  kind: MessageKind;
  expiresAt: Date;
  /** Whether they agreed to messages of this class at the place where it goes; communities and receipts need none. */
  agreed: boolean;
  learner: Pick<Learner, 'timeZone' | 'quietFrom' | 'quietTo'>;
  /** The learner's other marketing messages sent or being sent since their calendar day began. */
  sentToday: number;
  campaignStopped: boolean;
  /** The pushed course was bought, dismissed or taken out of the catalogue since. */
  outdated: boolean;
  now: Date;
}

export interface Limits {
  /** Most marketing messages to one learner in a calendar day of theirs. */
  dailyCap: number;
  /** Zone of learners whose own is not known. */
  defaultTimeZone: string;
}

export type Verdict =
  | { do: 'send' }
  /** Later, within its life. */
  | { do: 'defer'; until: Date; reason: 'quiet-hours' | 'daily-cap' }
  | {
      do: 'end';
      status: 'aborted' | 'expired';
      reason: 'no-consent' | 'stopped' | 'outdated' | 'expired' | 'quiet-hours' | 'daily-cap';
    };

/**
 * Whether a message may go out now. Caps and quiet hours are for marketing: a reminder comes at the
 * hour that its learner chose, a receipt and a post when there is something to say.
 */
export function judge(moment: Moment, limits: Limits): Verdict {
  const { kind, learner, now, expiresAt } = moment;
  if (!moment.agreed) return { do: 'end', status: 'aborted', reason: 'no-consent' };
  if (moment.campaignStopped) return { do: 'end', status: 'aborted', reason: 'stopped' };
  if (moment.outdated) return { do: 'end', status: 'aborted', reason: 'outdated' };
  if (expiresAt <= now) return { do: 'end', status: 'expired', reason: 'expired' };
  if (!isMarketing(kind)) return { do: 'send' };
  if (moment.sentToday >= limits.dailyCap)
    return defer(nextAllowedTime(learner, startOfNextDay(learner, now, limits), limits.defaultTimeZone), 'daily-cap');
  const allowed = nextAllowedTime(learner, now, limits.defaultTimeZone);
  return allowed > now ? defer(allowed, 'quiet-hours') : { do: 'send' };

  function defer(until: Date, reason: 'quiet-hours' | 'daily-cap'): Verdict {
    return until < expiresAt ? { do: 'defer', until, reason } : { do: 'end', status: 'expired', reason };
  }
}

/** What needs consent to messages, and counts for the daily cap. */
export function isMarketing(kind: MessageKind): kind is 'push' | 'campaign' {
  return kind === 'push' || kind === 'campaign';
}

const HOUR = 3_600_000;

function startOfNextDay(learner: Pick<Learner, 'timeZone'>, now: Date, { defaultTimeZone }: Limits): Date {
  // 30 hours after a day began lies within the next one, however long daylight saving made the day.
  const start = startOfLocalDay(learner, now, defaultTimeZone);
  const next = new Date(start.getTime() + 30 * HOUR);
  if (localDay(learner, next, defaultTimeZone) === localDay(learner, now, defaultTimeZone))
    throw new Error('A day of 30 hours');
  return startOfLocalDay(learner, next, defaultTimeZone);
}
