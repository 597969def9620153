import { DateTime } from 'luxon';
import type { Localised } from './reply.ts';

/** A moment on the clock of a zone (IANA), to the minute: "20 November 2026, 18:00". */
export function momentText(at: Date, zone: string): Localised {
  const time = DateTime.fromJSDate(at, { zone });
  return {
    zh: time.setLocale('zh-CN').toFormat('yyyy年M月d日 HH:mm'),
    en: time.setLocale('en-GB').toFormat('d LLLL yyyy, HH:mm'),
  };
}
