import { DateTime } from 'luxon';
import { z } from 'zod';
import { isTimeZone } from '../../learner/time-zone.ts';

/** A check-in challenge as a manager wishes it. Days are calendar days in `timeZone`, `YYYY-MM-DD`. */
export interface ChallengePlan {
  name: string;
  firstDay: string;
  /** Included. */
  lastDay: string;
  timeZone: string;
  /** Days with a check-in that earn the coupon. */
  daysNeeded: number;
  percent: number;
  /** Days that the coupon is good for. */
  couponDays: number;
}

export type ChallengeProblem =
  'unreadable' | 'name' | 'days' | 'zone' | 'order' | 'past' | 'long' | 'needed' | 'percent' | 'coupon-days';

export type ParsedChallenge = { ok: true; plan: ChallengePlan } | { ok: false; problem: ChallengeProblem };

const LONGEST_NAME = 60;
const MOST_DAYS = 366;
const PERCENT = 10;
const COUPON_DAYS = 30;

/** What can be written, as JSON or after the command. */
const written = z.strictObject({
  name: z.string(),
  first_day: z.string(),
  last_day: z.string(),
  days: z.int().optional(),
  percent: z.int().optional(),
  coupon_days: z.int().optional(),
  time_zone: z.string().optional(),
});
type Written = z.output<typeof written>;

const ARGUMENTS = /^(.+?)\s+(\d{4}-\d{1,2}-\d{1,2})\s+(\d{4}-\d{1,2}-\d{1,2})((?:\s+[a-z_]+\s*=\s*\d+)*)$/u;

/**
 * Reads `<name> <first day> <last day> [days=N] [percent=P] [coupon_days=D]`.
 *
 * @param options.now decides what lies in the past; `timeZone` holds where none is written.
 */
export function challengeFromWords(words: string, options: { now: Date; timeZone: string }): ParsedChallenge {
  const found = ARGUMENTS.exec(words.trim());
  if (!found) return { ok: false, problem: 'unreadable' };
  const [, name, first, last, more] = found;
  const numbers = [...(more ?? '').matchAll(/([a-z_]+)\s*=\s*(\d+)/g)].map(([, key, value]) => [key, Number(value)]);
  return challengeFrom({ name, first_day: first, last_day: last, ...Object.fromEntries(numbers) }, options);
}

/** Reads the JSON of a manager: `{"name", "first_day", "last_day", "days"?, "percent"?, "coupon_days"?, "time_zone"?}`. */
export function challengeFromJson(json: string, options: { now: Date; timeZone: string }): ParsedChallenge {
  try {
    return challengeFrom(JSON.parse(json.replace(/^\uFEFF/, '')), options);
  } catch {
    return { ok: false, problem: 'unreadable' };
  }
}

/** All days are needed, 10 % and 30 days, where nothing else is said. */
function challengeFrom(value: unknown, { now, timeZone }: { now: Date; timeZone: string }): ParsedChallenge {
  const parsed = written.safeParse(value);
  if (!parsed.success) return refused('unreadable');
  const row: Written = parsed.data;
  const name = row.name.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const zone = row.time_zone ?? timeZone;
  if (name === '' || name.length > LONGEST_NAME) return refused('name');
  if (!isTimeZone(zone)) return refused('zone');
  const [first, last] = [calendarDay(row.first_day, zone), calendarDay(row.last_day, zone)];
  if (!first || !last) return refused('days');
  if (last < first) return refused('order');
  if (first < DateTime.fromJSDate(now, { zone }).startOf('day')) return refused('past');
  const length = Math.round(last.diff(first, 'days').days) + 1;
  if (length > MOST_DAYS) return refused('long');
  const { days: daysNeeded = length, percent = PERCENT, coupon_days: couponDays = COUPON_DAYS } = row;
  if (!within(daysNeeded, 1, length)) return refused('needed');
  if (!within(percent, 1, 100)) return refused('percent');
  if (!within(couponDays, 1, MOST_DAYS)) return refused('coupon-days');
  const [firstDay, lastDay] = [first.toFormat('yyyy-MM-dd'), last.toFormat('yyyy-MM-dd')];
  return { ok: true, plan: { name, firstDay, lastDay, timeZone: zone, daysNeeded, percent, couponDays } };
}

/** As it was written, for a button that carries it: read back by `challengeFrom`. */
export const challengeJson = (plan: ChallengePlan): string =>
  JSON.stringify({
    name: plan.name,
    first_day: plan.firstDay,
    last_day: plan.lastDay,
    days: plan.daysNeeded,
    percent: plan.percent,
    coupon_days: plan.couponDays,
    time_zone: plan.timeZone,
  } satisfies Written);

function calendarDay(text: string, zone: string): DateTime | undefined {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  if (!found) return undefined;
  const [year, month, day] = found.slice(1).map(Number) as [number, number, number];
  const at = DateTime.fromObject({ year, month, day }, { zone });
  // Some zones skip midnight: the day stands all the same.
  return at.isValid ? at.startOf('day') : undefined;
}

const within = (number: number, least: number, most: number) => number >= least && number <= most;
const refused = (problem: ChallengeProblem): ParsedChallenge => ({ ok: false, problem });
