import { DateTime } from 'luxon';

export interface InstantOptions {
  /** IANA zone of times that carry none. */
  zone: string;
  /** Whether four digits are a year (its first instant) and not seconds since 1970. */
  year?: boolean;
}

/**
 * Reads a time: ISO 8601, `YYYY-MM-DD HH:MM[:SS[.sss]]` (slashes too), a date, a bare year where
 * allowed, or seconds or milliseconds since 1970 (told apart by their size).
 *
 * @returns undefined for what is none of these, or no day of the calendar.
 */
export function parseInstant(text: string, { zone, year = false }: InstantOptions): Date | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return fromDigits(text, zone, year);
  const plain = zone === 'UTC' || text.endsWith('Z') ? fromPlainUtc(text) : undefined;
  if (plain) return plain;
  const iso = text.replace(/^(\d{4})\/(\d{1,2})\/(\d{1,2})(?!\d)/, (_, y: string, m: string, d: string) =>
    [y, m.padStart(2, '0'), d.padStart(2, '0')].join('-'),
  );
  return valid(
    DateTime.fromISO(iso.replace(/^(\S+) +(?=\d)/, '$1T').replace(/T(\d:)/, 'T0$1'), { zone, setZone: false }),
  );
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?Z?$/;

/** The usual forms without luxon, which takes twenty times as long: imports read millions. */
function fromPlainUtc(text: string): Date | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? 0));
  const millisecond = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const date = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second, millisecond));
  // 30 February and 25:00 would run over into the next day.
  return date.getUTCDate() === day && date.getUTCMonth() === month! - 1 && minute! < 60 && second! < 60
    ? date
    : undefined;
}

function fromDigits(text: string, zone: string, year: boolean): Date | undefined {
  const digits = text.split('.')[0]!.length;
  if (year && /^\d{4}$/.test(text)) return valid(DateTime.fromObject({ year: Number(text) }, { zone }));
  if (/^\d{8}$/.test(text)) {
    const date = valid(DateTime.fromFormat(text, 'yyyyMMdd', { zone }));
    if (date) return date;
  }
  if (digits > 14) return undefined;
  return new Date(Math.round(Number(text) * (digits >= 12 ? 1 : 1000)));
}

function valid(time: DateTime): Date | undefined {
  return time.isValid ? time.toJSDate() : undefined;
}
