import { levelOf } from '../language/levels.ts';
import type { Language } from '../language/reply.ts';
import { tokenize } from '../language/tokenize.ts';
import { parseInstant } from '../numerics/instant.ts';
import { LONGEST_EXTERNAL_ID } from './external-id.ts';
import type { LearnerRow } from './import/store.ts';
import { parseTimeZone } from './time-zone.ts';

/** The columns of a file of learners that Coursebell knows; every other becomes an attribute. */
export const learnerColumns = ['user_id', 'language', 'occupation', 'goal', 'level', 'time_zone', 'joined_at'] as const;

export interface LearnerNote {
  /** The column whose value counts as missing. */
  column: string;
  why: string;
}

export type LearnerResult =
  { ok: true; row: LearnerRow; notes: LearnerNote[] } | { ok: false; reason: 'missing-user' | 'too-long' };

/**
 * One row of a file of learners. A value that can not be used counts as missing, with a note; what
 * is missing leaves the learner as they are.
 *
 * @param read the text of a column, '' where missing.
 * @param options.zone IANA zone of `joined_at` without one.
 */
export function learnerFrom(
  read: (column: (typeof learnerColumns)[number]) => string,
  attributes: Record<string, string>,
  { zone }: { zone: string },
): LearnerResult {
  const externalId = read('user_id');
  if (externalId === '') return { ok: false, reason: 'missing-user' };
  if (externalId.length > LONGEST_EXTERNAL_ID) return { ok: false, reason: 'too-long' };
  const notes: LearnerNote[] = [];
  return {
    ok: true,
    notes,
    row: {
      externalId,
      language: use('language', learnerLanguage, 'the assistant speaks zh and en'),
      occupation: read('occupation') || null,
      goal: read('goal') || null,
      level: use('level', (text) => levelOf(tokenize(text)), 'not beginner, intermediate or advanced'),
      timeZone: use('time_zone', parseTimeZone, 'not an IANA time zone such as Asia/Shanghai'),
      joinedAt: use('joined_at', (text) => parseInstant(text, { zone, year: true }), 'not a time'),
      attributes,
    },
  };

  function use<T>(
    column: (typeof learnerColumns)[number],
    parse: (text: string) => T | undefined,
    why: string,
  ): T | null {
    const text = read(column);
    if (text === '') return null;
    const value = parse(text);
    if (value === undefined) notes.push({ column, why });
    return value ?? null;
  }
}

function learnerLanguage(text: string): Language | undefined {
  const word = text.toLowerCase();
  if (/^(zh([-_].*)?|chinese|mandarin|中文|汉语|简体中文)$/.test(word)) return 'zh';
  return /^(en([-_].*)?|english|英文|英语)$/.test(word) ? 'en' : undefined;
}
