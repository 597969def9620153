import { LESSONS } from '../catalogue/course.ts';
import { tokenize } from '../language/tokenize.ts';
import { buildCsr, normaliseRows, type Csr } from '../numerics/sparse.ts';
import type { CourseFacts } from './model.ts';

/** How often a word of the title counts against one of the description. */
const TITLE_WEIGHT = 3;
/** Words in more than this share of the courses tell nothing apart. */
const COMMON = 0.5;
/** Longer values are prose, not categories. */
const LONGEST_VALUE = 60;
/** A column of numbers with more distinct values than this is a measure, not a category. */
const MOST_NUMBERS = 30;

/**
 * TF-IDF of title and description: (1 + ln tf) · ln((1 + N) / (1 + df)), rows of length 1. Words of
 * a single course are dropped after the length is taken: they can not match, but they do dilute.
 */
export function textVectors(courses: readonly CourseFacts[]): Csr {
  return vectors(
    courses.map((course) => {
      const counts = new Map<string, number>();
      for (const term of tokenize(course.title)) counts.set(term, (counts.get(term) ?? 0) + TITLE_WEIGHT);
      for (const term of tokenize(course.text)) counts.set(term, (counts.get(term) ?? 0) + 1);
      return counts;
    }),
  );
}

/** The same over what a course is labelled with: topics, level, instructor, language, and categorical attributes. */
export function attributeVectors(courses: readonly CourseFacts[]): Csr {
  const columns = categoricalColumns(courses);
  return vectors(
    courses.map((course) => {
      const labels = new Map<string, number>();
      const add = (kind: string, value: string | null): void => {
        if (value) labels.set(`${kind}\n${value.toLowerCase()}`, 1);
      };
      for (const topic of course.topics) add('topic', topic);
      add('level', course.level);
      add('instructor', course.instructor);
      add('language', course.language);
      for (const column of columns) for (const value of valuesOf(course.attributes[column])) add(column, value);
      return labels;
    }),
  );
}

/** Attribute columns whose values are categories: short, shared between courses, and no measures. */
export function categoricalColumns(courses: readonly CourseFacts[]): string[] {
  const names = new Set(courses.flatMap((course) => Object.keys(course.attributes)));
  return [...names].filter((name) => {
    if (name === LESSONS) return false;
    const seen = new Map<string, number>();
    let numbers = 0;
    let filled = 0;
    for (const course of courses) {
      for (const value of valuesOf(course.attributes[name])) {
        if (value.length > LONGEST_VALUE) return false;
        filled++;
        seen.set(value, (seen.get(value) ?? 0) + 1);
        if (value !== '' && Number.isFinite(Number(value))) numbers++;
      }
    }
    if (numbers > filled / 2 && seen.size > MOST_NUMBERS) return false;
    return seen.size >= 2 && seen.size <= filled / 2;
  });
}

const MISSING = new Set(['', '[]', 'n/a', 'null', 'none', 'nan']);

/** An attribute may hold one value or a list: JSON, Python-style, or separated by `|` or `;`. */
export function valuesOf(text: string | undefined): string[] {
  if (text === undefined || MISSING.has(text.trim().toLowerCase())) return [];
  const list = /^\s*\[(.*)\]\s*$/s.exec(text)?.[1];
  const parts = list === undefined ? text.split(/[|;]/) : list.split(',');
  return parts.map((part) => part.trim().replace(/^(['"])(.*)\1$/s, '$2')).filter((part) => part !== '');
}

function vectors(documents: readonly Map<string, number>[]): Csr {
  const frequency = new Map<string, number>();
  for (const document of documents) {
    for (const term of document.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const total = documents.length;
  const columns = new Map<string, number>();
  for (const [term, count] of frequency) if (count <= Math.max(1, COMMON * total)) columns.set(term, columns.size);
  const weighted = buildCsr(total, columns.size, (row, put) => {
    const entries: [number, number][] = [];
    for (const [term, count] of documents[row]!) {
      const column = columns.get(term);
      if (column === undefined) continue;
      const idf = Math.log((1 + total) / (1 + frequency.get(term)!));
      entries.push([column, (1 + Math.log(count)) * idf]);
    }
    entries.sort((a, b) => a[0] - b[0]);
    for (const [column, value] of entries) put(column, value);
  });
  const unit = normaliseRows(weighted);
  const shared = Uint8Array.from(columns.keys(), (term) => (frequency.get(term)! >= 2 ? 1 : 0));
  return buildCsr(total, columns.size, (row, put) => {
    for (let at = unit.starts[row]!; at < unit.starts[row + 1]!; at++) {
      if (shared[unit.indices[at]!] === 1) put(unit.indices[at]!, unit.values[at]!);
    }
  });
}
