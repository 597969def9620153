/** Days of learning in a row (打卡). Days are calendar days on the learner's clock, `YYYY-MM-DD`. */
export interface Streak {
  /** Days learned in a row up to today; a day that a freeze bridged is not counted, and breaks nothing. */
  current: number;
  /** The longest there has been. */
  longest: number;
  /** Missed days that may still be bridged this month: 0 or 1. */
  freezesLeft: number;
  /** Whether today counts already. */
  doneToday: boolean;
  /** Whether the day before today was missed and bridged. */
  frozenYesterday: boolean;
}

/**
 * One missed day of each calendar month is bridged: the first while a streak runs, whether it helps
 * or a second miss ends the streak all the same. So what is said on a day never depends on later ones.
 * Today is not missed before it is over. Days after today (a clock gone wrong, a move west) wait.
 *
 * @param days in any order, repeats allowed.
 */
export function streakOf(days: Iterable<string>, today: string): Streak {
  const learned = new Set<number>();
  const end = dayNumber(today);
  for (const day of days) if (day <= today) learned.add(dayNumber(day));
  const streak: Streak = {
    current: 0,
    longest: 0,
    freezesLeft: 1,
    doneToday: learned.has(end),
    frozenYesterday: false,
  };
  let frozen: string | undefined;
  let before: number | undefined;
  for (const day of [...learned].sort((a, b) => a - b)) {
    if (before !== undefined) miss(before + 1, day);
    streak.current++;
    streak.longest = Math.max(streak.longest, streak.current);
    before = day;
  }
  if (before !== undefined) miss(before + 1, end);
  streak.freezesLeft = frozen === monthOf(end) ? 0 : 1;
  return streak;

  /** The days from `from` to before `to` went by without learning. */
  function miss(from: number, to: number) {
    for (let day = from; day < to && streak.current > 0; day++) {
      streak.frozenYesterday = false;
      if (frozen === monthOf(day)) streak.current = 0;
      else frozen = monthOf(day);
      streak.frozenYesterday = streak.current > 0 && day === end - 1;
    }
  }
}

const DAY = 86_400_000;

/** Days since 1970: calendar days know no daylight saving. */
const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY;
const monthOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 7);
