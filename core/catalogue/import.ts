import { levelOf } from '../language/levels.ts';
import type { Language } from '../language/reply.ts';
import { tokenize } from '../language/tokenize.ts';
import { parseInstant } from '../numerics/instant.ts';
import { isCurrency, parseMoney } from '../numerics/money.ts';
import type { Course } from './course.ts';

/** The columns of a catalogue file that Coursebell knows; every other becomes an attribute. */
export const courseColumns = [
  ...['course_id', 'title', 'description', 'topics', 'level', 'language', 'price', 'currency'],
  ...['duration_minutes', 'duration_seconds', 'instructor', 'published_at', 'archived'],
  ...['title_zh', 'title_en', 'description_zh', 'description_en'],
] as const;

const LONGEST_ID = 200;
const LONGEST_MINUTES = 1_000_000;

export interface CourseSource {
  has: (column: string) => boolean;
  /** The text of a column, '' where missing. */
  read: (column: string) => string;
  attributes: Record<string, string>;
}

export interface CourseNote {
  /** 'filled' from something else; 'unusable': the value could not be read and counts as missing. */
  kind: 'filled' | 'unusable';
  column: string;
  /** How it was filled, or why it is of no use. */
  how: string;
}

export type CourseResult =
  | { ok: true; course: Course; notes: CourseNote[] }
  | { ok: false; reason: 'missing-course' | 'missing-title' | 'too-long' };

/**
 * One row of a catalogue file as a course. Columns that the file does not have keep what `before`,
 * the course as it is in the catalogue, says; a value that can not be used counts as missing.
 *
 * @param options.zone IANA zone of `published_at` without one.
 * @param options.currency of prices whose currency is not given.
 */
export function courseFrom(
  source: CourseSource,
  before: Course | undefined,
  { zone, currency: usual }: { zone: string; currency: string },
): CourseResult {
  const notes: CourseNote[] = [];
  const { has, read } = source;
  const id = read('course_id');
  const title = read('title') || read('title_en') || read('title_zh') || before?.title;
  if (id === '') return { ok: false, reason: 'missing-course' };
  if (id.length > LONGEST_ID) return { ok: false, reason: 'too-long' };
  if (!title) return { ok: false, reason: 'missing-title' };
  const description = has('description')
    ? read('description')
    : read('description_en') || read('description_zh') || (before?.description ?? '');

  return {
    ok: true,
    notes,
    course: {
      id,
      title,
      description,
      translations: { ...before?.translations, ...translations() },
      topics: has('topics') ? parseTopics(read('topics')) : (before?.topics ?? []),
      level: has('level') ? courseLevel(read('level')) : (before?.level ?? null),
      language: language(),
      ...price(),
      durationMinutes: duration(),
      instructor: has('instructor') ? read('instructor') || null : (before?.instructor ?? null),
      publishedAt: publishedAt(),
      archived: archived(),
      attributes: { ...before?.attributes, ...source.attributes },
      simulated: false,
    },
  };

  function unusable(column: string, how: string): null {
    notes.push({ kind: 'unusable', column, how });
    return null;
  }

  function translations(): Course['translations'] {
    const found: Course['translations'] = {};
    for (const one of ['zh', 'en'] satisfies Language[]) {
      const [ownTitle, ownDescription] = [read(`title_${one}`), read(`description_${one}`)];
      if (ownTitle || ownDescription) {
        found[one] = { title: ownTitle || title!, description: ownDescription || description };
      }
    }
    return found;
  }

  function language(): string | null {
    const given = read('language');
    if (given) return courseLanguage(given);
    if (!has('language') && before?.language) return before.language;
    if (!/\p{Script=Han}/u.test(title!)) return null;
    notes.push({ kind: 'filled', column: 'language', how: 'zh, from the script of the title' });
    return 'zh';
  }

  function price(): Pick<Course, 'priceMinor' | 'currency'> {
    if (!has('price')) return { priceMinor: before?.priceMinor ?? null, currency: before?.currency ?? null };
    const code = read('currency').toUpperCase();
    if (code && !isCurrency(code)) unusable('currency', 'not an ISO 4217 code such as CNY');
    const text = read('price');
    if (text === '') return { priceMinor: null, currency: null };
    const given = isCurrency(code) ? code : undefined;
    const money = parseMoney(text, given ?? usual);
    if (!money) return { priceMinor: unusable('price', 'not an amount of money'), currency: null };
    const named = given ?? money.currency;
    if (!named) notes.push({ kind: 'filled', column: 'currency', how: `${usual}, the currency of the settings` });
    return { priceMinor: money.minor, currency: named ?? usual };
  }

  function duration(): number | null {
    const column = (['duration_minutes', 'duration_seconds'] as const).find((name) => read(name) !== '');
    if (!column) return has('duration_minutes') || has('duration_seconds') ? null : (before?.durationMinutes ?? null);
    const number = Number(read(column));
    const minutes = column === 'duration_seconds' ? number / 60 : number;
    if (!(minutes >= 0 && minutes <= LONGEST_MINUTES)) return unusable(column, 'not a length of time');
    return minutes === 0 ? 0 : Math.max(1, Math.round(minutes));
  }

  function publishedAt(): Date | null {
    if (!has('published_at')) return before?.publishedAt ?? null;
    const text = read('published_at');
    if (text === '') return null;
    const at = parseInstant(text, { zone, year: true });
    const year = at?.getUTCFullYear() ?? 0;
    return at && year >= 1900 && year < 2200 ? at : unusable('published_at', 'not a time');
  }

  function archived(): boolean {
    if (!has('archived')) return before?.archived ?? false;
    const text = read('archived').toLowerCase();
    if (yes.has(text)) return true;
    if (text !== '' && !no.has(text)) unusable('archived', 'neither yes nor no; taken as no');
    return false;
  }
}

const yes = new Set(['1', '1.0', 'true', 't', 'yes', 'y', 'archived', '是', '已下架', '下架']);
const no = new Set(['0', '0.0', 'false', 'f', 'no', 'n', 'active', '否', '上架', '在售']);

/** A JSON array, a Python list, or parts between `|` or `;`; each once, in order. */
export function parseTopics(text: string): string[] {
  const parts = /^\[[\s\S]*\]$/.test(text) ? listItems(text) : text.split(/[|;；]/);
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

/** Items of `["a", "b"]` or `['a', "b's", c]`. */
function listItems(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
  } catch {
    // Not JSON: the quotes are Python's.
  }
  const items = text.slice(1, -1).matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,\s'"][^,]*)/gs);
  return [...items].map(([, single, double, bare]) => (single ?? double ?? bare ?? '').replaceAll(/\\(.)/gs, '$1'));
}

/** One of `levels` where the words name one, else the file's own word. */
function courseLevel(text: string): string | null {
  return levelOf(tokenize(text)) ?? (text || null);
}

const languageWords: Record<string, readonly string[]> = {
  zh: ['zh', 'chinese', 'mandarin', '中文', '汉语', '普通话', '简体中文', '国语'],
  en: ['en', 'english', '英文', '英语'],
};

/** A language tag cut to its language: `zh-CN` is `zh`; `English` is `en`; others as they stand. */
export function courseLanguage(text: string): string {
  const word = text.trim().toLowerCase();
  const known = Object.keys(languageWords).find((tag) => languageWords[tag]!.includes(word));
  return known ?? /^([a-z]{2,3})(?:[-_][a-z0-9]+)*$/.exec(word)?.[1] ?? word;
}
