import { describe, expect, it } from 'vitest';
import { isQuiet, localDay, localHour, nextAllowedTime, startOfLocalDay } from '../../../core/learner/local-time.ts';
import { isTimeZone, parseTimeZone } from '../../../core/learner/time-zone.ts';

const learner = (timeZone: string | null, quietFrom = 22, quietTo = 8) => ({ timeZone, quietFrom, quietTo });
const at = (text: string) => new Date(text);

describe('the local hour', () => {
  it('is that of the zone, of the default where none is known or the stored one is none', () => {
    const now = at('2026-01-01T16:30:00Z');
    expect(localHour(learner('Asia/Shanghai'), now, 'UTC')).toBe(0);
    expect(localHour(learner('Asia/Kolkata'), now, 'UTC')).toBe(22);
    expect(localHour(learner(null), now, 'Asia/Tokyo')).toBe(1);
    expect(localHour(learner('Gone/Zone'), now, 'Asia/Tokyo')).toBe(1);
    expect(() => localHour(learner(null), now, 'No/Zone')).toThrow('No/Zone');
  });

  it('decides the calendar day, not UTC', () => {
    const now = at('2026-01-01T16:30:00Z');
    expect(localDay(learner('Asia/Shanghai'), now, 'UTC')).toBe('2026-01-02');
    expect(localDay(learner('America/New_York'), now, 'UTC')).toBe('2026-01-01');
    expect(startOfLocalDay(learner('Asia/Shanghai'), now, 'UTC')).toEqual(at('2026-01-01T16:00:00Z'));
    // Beirut's day of 2021-03-28 began at 01:00: midnight was skipped.
    expect(startOfLocalDay(learner('Asia/Beirut'), at('2021-03-28T10:00:00Z'), 'UTC')).toEqual(
      at('2021-03-27T22:00:00Z'),
    );
  });
});

describe('quiet hours', () => {
  it('take in their first hour, leave out their last, and wrap past midnight', () => {
    const quiet = (hour: string, from: number, to: number) =>
      isQuiet(learner('UTC', from, to), at(`2026-01-01T${hour}:00Z`), 'UTC');
    expect(['21:59', '22:00', '23:59', '00:00', '07:59', '08:00'].map((hour) => quiet(hour, 22, 8))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(['12:59', '13:00', '13:59', '14:00'].map((hour) => quiet(hour, 13, 14))).toEqual([false, true, true, false]);
    expect(quiet('10:00', 9, 9)).toBe(false);
  });

  it('end at the local hour, whatever the offset does meanwhile', () => {
    // Spring forward in London, 2026-03-29 01:00 UTC, and in New York, 2026-03-08 07:00 UTC.
    expect(nextAllowedTime(learner('Europe/London'), at('2026-03-28T23:00:00Z'), 'UTC')).toEqual(
      at('2026-03-29T07:00:00Z'),
    );
    expect(nextAllowedTime(learner('America/New_York'), at('2026-03-08T04:00:00Z'), 'UTC')).toEqual(
      at('2026-03-08T12:00:00Z'),
    );
    // Fall back in London, 2026-10-25 01:00 UTC, and in New York, 2026-11-01 06:00 UTC.
    expect(nextAllowedTime(learner('Europe/London'), at('2026-10-24T22:00:00Z'), 'UTC')).toEqual(
      at('2026-10-25T08:00:00Z'),
    );
    expect(nextAllowedTime(learner('America/New_York'), at('2026-11-01T03:00:00Z'), 'UTC')).toEqual(
      at('2026-11-01T13:00:00Z'),
    );
  });

  it('end with the gap when they would have ended inside it', () => {
    // 02:00–03:00 does not exist in New York on 2026-03-08: the clock jumps at 07:00 UTC.
    expect(nextAllowedTime(learner('America/New_York', 22, 2), at('2026-03-08T05:00:00Z'), 'UTC')).toEqual(
      at('2026-03-08T07:00:00Z'),
    );
    expect(nextAllowedTime(learner('Europe/London', 22, 1), at('2026-03-29T00:10:00Z'), 'UTC')).toEqual(
      at('2026-03-29T01:00:00Z'),
    );
  });

  it('hold through a repeated hour', () => {
    // 01:00–02:00 comes twice in New York on 2026-11-01: 05:00 and 06:00 UTC.
    const quiet = learner('America/New_York', 1, 2);
    expect(isQuiet(quiet, at('2026-11-01T05:30:00Z'), 'UTC')).toBe(true);
    expect(isQuiet(quiet, at('2026-11-01T06:30:00Z'), 'UTC')).toBe(true);
    expect(nextAllowedTime(quiet, at('2026-11-01T05:30:00Z'), 'UTC')).toEqual(at('2026-11-01T07:00:00Z'));
  });

  it('end on the quarter hour in zones that have one, and leave an allowed time as it is', () => {
    // Kathmandu is 5:45 ahead.
    expect(nextAllowedTime(learner('Asia/Kathmandu'), at('2026-01-01T20:00:00Z'), 'UTC')).toEqual(
      at('2026-01-02T02:15:00Z'),
    );
    const noon = at('2026-01-01T12:34:56.789Z');
    expect(nextAllowedTime(learner('UTC'), noon, 'UTC')).toEqual(noon);
  });

  it('never end too early or too late: compared with looking at every minute', () => {
    for (const zone of ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Shanghai'])
      for (const [from, to] of [
        [22, 8],
        [1, 2],
        [23, 3],
        [2, 3],
      ] as const)
        for (const day of ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-11-01']) {
          const person = learner(zone, from, to);
          const now = at(`${day}T00:07:00Z`);
          let minute = now.getTime();
          while (isQuiet(person, new Date(minute), 'UTC')) minute += 60_000;
          expect(nextAllowedTime(person, now, 'UTC')).toEqual(new Date(minute));
        }
  });
});

describe('a time zone', () => {
  it.each([
    ['Asia/Shanghai', 'Asia/Shanghai'],
    ['asia/shanghai', 'Asia/Shanghai'],
    ['北京', 'Asia/Shanghai'],
    [' 上海市 ', 'Asia/Shanghai'],
    ['London', 'Europe/London'],
    ['new york', 'America/New_York'],
    ['New_York', 'America/New_York'],
    ['台北', 'Asia/Taipei'],
    ['纽约', 'America/New_York'],
    ['Tokyo', 'Asia/Tokyo'],
    ['Kolkata', 'Asia/Kolkata'],
    ['america/argentina/buenos aires', 'America/Argentina/Buenos_Aires'],
    ['utc', 'UTC'],
  ])('is understood from %s', (text, zone) => {
    expect(parseTimeZone(text)).toBe(zone);
    expect(isTimeZone(zone)).toBe(true);
  });

  it.each(['', 'Atlantis', '+08:00', 'UTC+8', '8', 'Asia/', '__proto__', 'constructor'])(
    'is not made of %j',
    (text) => {
      expect(parseTimeZone(text)).toBeUndefined();
    },
  );
});
