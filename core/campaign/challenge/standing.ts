import { DateTime } from 'luxon';
import type { ChallengePlan } from './plan.ts';

/** A challenge as it is kept. */
export interface Challenge extends ChallengePlan {
  id: string;
  communityId: string;
  status: 'open' | 'closed' | 'stopped';
}

/** Check-ins of the last minutes may still be on their way when the last day is over. */
const GRACE_MINUTES = 30;

/** Longest leaderboard that is shown. */
export const LEADERS = 10;

type Days = Pick<ChallengePlan, 'firstDay' | 'lastDay' | 'timeZone'>;

/** The instant at which the first day begins. */
export const beginsAt = ({ firstDay, timeZone }: Days): Date => startOf(firstDay, timeZone).toJSDate();

/** The instant at which the last day is over. */
export const endsAt = ({ lastDay, timeZone }: Days): Date =>
  startOf(lastDay, timeZone).plus({ days: 1 }).startOf('day').toJSDate();

export function isRunning(challenge: Pick<Challenge, 'status'> & Days, now: Date): boolean {
  return challenge.status === 'open' && now >= beginsAt(challenge) && now < endsAt(challenge);
}

/** Whether the results may be made up. */
export function isDue(challenge: Pick<Challenge, 'status'> & Days, now: Date): boolean {
  return challenge.status === 'open' && now.getTime() >= endsAt(challenge).getTime() + GRACE_MINUTES * 60_000;
}

/** The challenge's calendar day of an instant, `YYYY-MM-DD`; undefined outside of its days. */
export function challengeDay(challenge: Days, at: Date): string | undefined {
  const day = DateTime.fromJSDate(at, { zone: challenge.timeZone }).toFormat('yyyy-MM-dd');
  return day >= challenge.firstDay && day <= challenge.lastDay ? day : undefined;
}

/** Distinct days of the challenge with a check-in. */
export function daysDone(challenge: Days, checkIns: readonly Date[]): number {
  return new Set(checkIns.map((at) => challengeDay(challenge, at)).filter(Boolean)).size;
}

/** A member with what they have done so far. */
export interface Member {
  learnerId: string;
  /** Null for who is not on the leaderboard. */
  shownAs: string | null;
  days: number;
}

export interface Standings {
  members: number;
  /** Who is done with all the days that the coupon takes. */
  reached: number;
  /** Only those who want to be seen, best first; who has as many days has the same rank. */
  board: { rank: number; name: string; days: number }[];
  /** Members who stay unseen. */
  hidden: number;
}

/** @param most longest leaderboard; who shares the last rank may be cut. */
export function standingsOf(members: readonly Member[], daysNeeded: number, most: number): Standings {
  const shown = members.filter((member): member is Member & { shownAs: string } => member.shownAs !== null);
  const sorted = shown.toSorted((a, b) => b.days - a.days || (a.shownAs < b.shownAs ? -1 : 1));
  // Ranked among those who are seen: a gap would tell of those who are not.
  const board = sorted.map(({ shownAs, days }) => ({
    rank: 1 + sorted.filter((other) => other.days > days).length,
    name: shownAs,
    days,
  }));
  return {
    members: members.length,
    reached: members.filter(({ days }) => days >= daysNeeded).length,
    board: board.slice(0, most),
    hidden: members.length - shown.length,
  };
}

const startOf = (day: string, zone: string) => DateTime.fromISO(day, { zone }).startOf('day');
