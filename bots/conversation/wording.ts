/** How money, time, levels and topics are put into words. */

import { DateTime } from 'luxon';
import { quote, type Tariff } from '../../core/campaign/price.ts';
import type { Course } from '../../core/catalogue/course.ts';
import { render } from '../../core/language/render.ts';
import type { Language, Localised } from '../../core/language/reply.ts';
import { levels } from '../../core/learner/learner.ts';
import { STARS } from '../../core/numerics/money.ts';
import { eachLanguage, everywhere } from './say.ts';

const locales: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

/** @param minor amount in the currency's minor unit. Stars are told as such: ⭐ 1,200. */
export function money(minor: number, currency: string): Localised {
  if (currency === STARS) return everywhere(`⭐ ${minor.toLocaleString('en')}`);
  return eachLanguage((language) => {
    const { format, units } = moneyFormat(language, currency);
    return format.format(minor / units);
  });
}

const moneyFormats = new Map<string, { format: Intl.NumberFormat; units: number }>();

/** Made once for a language and currency: making one takes a hundred times as long as using it. */
function moneyFormat(language: Language, currency: string) {
  const key = `${language} ${currency}`;
  let made = moneyFormats.get(key);
  if (!made) {
    const format = new Intl.NumberFormat(locales[language], {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      trailingZeroDisplay: 'stripIfInteger',
    });
    made = { format, units: 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2) };
    moneyFormats.set(key, made);
  }
  return made;
}

/** @param tariff of the channel on which it is sold; none is the sandbox. */
export function price(course: Course, currency: string, tariff?: Tariff): Localised | undefined {
  const list = quote(course, undefined, currency, tariff);
  if (!list) return undefined;
  if (list.listMinor === 0) return eachLanguage((language) => render({ key: 'course.free' }, language));
  return money(list.listMinor, list.currency);
}

/** Minutes up to an hour, then hours to the nearest half. */
export function duration(minutes: number): Localised {
  if (minutes < 60) return worded('duration.minutes', { count: Math.max(1, Math.round(minutes)) });
  return worded('duration.hours', { count: Math.round(minutes / 30) / 2 });
}

export function levelName(level: string): Localised {
  return (levels as readonly string[]).includes(level) ? worded(`level.${level}`) : everywhere(level);
}

/** Joins localised words, in each language with its own separator. */
export function joined(words: readonly Localised[], separator: Localised = { zh: '、', en: ', ' }): Localised {
  return eachLanguage((language) =>
    words
      .map((word) => word[language])
      .filter(Boolean)
      .join(separator[language]),
  );
}

/** By course as it is now, then by what its price depends on. */
const metaLines = new WeakMap<Course, Map<string, Localised>>();

/** Level · duration · price · instructor, as far as they are known; put together once. */
export function metaLine(course: Course, currency: string, tariff?: Tariff): Localised {
  const known = metaLines.get(course) ?? new Map<string, Localised>();
  const pricing = JSON.stringify([currency, tariff]);
  const line = known.get(pricing) ?? makeMetaLine(course, currency, tariff);
  metaLines.set(course, known.set(pricing, line));
  return line;
}

function makeMetaLine(course: Course, currency: string, tariff?: Tariff): Localised {
  const parts = [
    course.level === null ? undefined : levelName(course.level),
    course.durationMinutes === null ? undefined : duration(course.durationMinutes),
    price(course, currency, tariff),
    course.instructor ? everywhere(course.instructor) : undefined,
    course.simulated ? worded('course.sample') : undefined,
  ];
  return joined(
    parts.filter((part) => part !== undefined),
    everywhere(' · '),
  );
}

/** A calendar day on the learner's clock. */
export function day(at: Date, zone: string): Localised {
  return eachLanguage((language) =>
    DateTime.fromJSDate(at, { zone }).setLocale(locales[language]).toLocaleString(DateTime.DATE_MED),
  );
}

/** A time zone as people call it; in English its IANA name. */
export function zoneName(zone: string): Localised {
  return eachLanguage((language) => {
    if (language === 'en') return zone;
    const parts = new Intl.DateTimeFormat(locales[language], { timeZone: zone, timeZoneName: 'longGeneric' });
    const name = parts.formatToParts(0).find(({ type }) => type === 'timeZoneName')?.value;
    // Zones without a name of their own are given as an offset.
    return name === undefined || name.startsWith('GMT') ? zone : name;
  });
}

export const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

function worded(key: string, args: Record<string, number> = {}): Localised {
  return eachLanguage((language) => render({ key, args }, language));
}
