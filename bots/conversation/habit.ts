/** How a learner's days of learning stand. */

import { learningTimes } from '../../core/insight/learning/store.ts';
import { streakOf, type Streak } from '../../core/insight/streak.ts';
import type { Text } from '../../core/language/reply.ts';
import { localDay } from '../../core/learner/local-time.ts';
import type { Context } from './context.ts';
import { text } from './say.ts';

export interface Habit {
  streak: Streak;
  /** Today, on the learner's calendar. */
  today: string;
  checkIns: Date[];
  checkedInToday: boolean;
}

/**
 * The learner's streak as of this turn; undefined without consent to recording.
 *
 * @param options.learned whether this turn itself is learning, and not in the log yet.
 */
export async function habitOf(context: Context, { learned = false } = {}): Promise<Habit | undefined> {
  if (!context.records) return undefined;
  const { services, learner, now, timeZone } = context;
  const times = (await learningTimes(services.db, [learner.id])).get(learner.id) ?? { learned: [], checkedIn: [] };
  const dayOf = (at: Date) => localDay({ timeZone }, at, services.timeZone);
  const today = dayOf(now);
  const days = times.learned.map(dayOf);
  return {
    streak: streakOf(learned ? [...days, today] : days, today),
    today,
    checkIns: times.checkedIn,
    checkedInToday: times.checkedIn.some((at) => dayOf(at) === today),
  };
}

/** "Streak: 5 days. …" */
export function streakText({ current, longest, freezesLeft, doneToday, frozenYesterday }: Streak): Text {
  return text('streak', { current, longest, freezes: freezesLeft, today: doneToday, bridged: frozenYesterday });
}
