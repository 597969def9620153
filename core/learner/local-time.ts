import { DateTime } from 'luxon';
import type { Learner } from './learner.ts';
import { isTimeZone } from './time-zone.ts';

type Zoned = Pick<Learner, 'timeZone'>;
type WithQuietHours = Zoned & Pick<Learner, 'quietFrom' | 'quietTo'>;

const QUARTER_HOUR = 15 * 60_000;

/** The hour (0–23) on the learner's clock; `defaultZone` stands in where their zone is not known. */
export function localHour(learner: Zoned, now: Date, defaultZone: string): number {
  return local(learner, now, defaultZone).hour;
}

/** The calendar day on the learner's clock, as `YYYY-MM-DD`. */
export function localDay(learner: Zoned, now: Date, defaultZone: string): string {
  return local(learner, now, defaultZone).toFormat('yyyy-MM-dd');
}

/** The instant at which the learner's calendar day began (not always 00:00: some zones skip it). */
export function startOfLocalDay(learner: Zoned, now: Date, defaultZone: string): Date {
  return local(learner, now, defaultZone).startOf('day').toJSDate();
}

/** Whether nothing may be sent now: the local hour lies in [quietFrom, quietTo), over midnight too; equal means never. */
export function isQuiet(learner: WithQuietHours, now: Date, defaultZone: string): boolean {
  const { quietFrom, quietTo } = learner;
  const hour = localHour(learner, now, defaultZone);
  if (quietFrom <= quietTo) return hour >= quietFrom && hour < quietTo;
  return hour >= quietFrom || hour < quietTo;
}

/** `now` when it is not quiet, else the first instant after it that is not. */
export function nextAllowedTime(learner: WithQuietHours, now: Date, defaultZone: string): Date {
  if (!isQuiet(learner, now, defaultZone)) return now;
  // Zones change their offset on quarter hours of UTC only, so looking at each quarter hour is exact
  // where arithmetic on the wall clock would land in a daylight saving gap or in a repeated hour.
  let time = Math.floor(now.getTime() / QUARTER_HOUR) * QUARTER_HOUR;
  do time += QUARTER_HOUR;
  while (isQuiet(learner, new Date(time), defaultZone));
  return new Date(time);
}

function local({ timeZone }: Zoned, now: Date, defaultZone: string): DateTime<true> {
  // A stored zone that this machine's time zone data does not know must not make the person unreachable.
  const zone = timeZone !== null && isTimeZone(timeZone) ? timeZone : defaultZone;
  const time = DateTime.fromJSDate(now, { zone });
  if (!time.isValid) throw new RangeError(`Not a time or time zone: ${String(now)}, "${zone}"`);
  return time;
}
