import type { Question } from './split.ts';

export type HistoryGroup = '0' | '1-2' | '3-10' | '11+';

export function historyGroup(length: number): HistoryGroup {
  return length === 0 ? '0' : length <= 2 ? '1-2' : length <= 10 ? '3-10' : '11+';
}

const popularityGroups = ['low', 'middle', 'high'] as const;

/** What tells the groups of courses apart, of one round's training data. */
export interface CourseGroups {
  /** Of each course: index into `popularityGroups`. */
  popularity: Uint8Array;
  /** Of each course; null where the catalogue says none. */
  languages: readonly (string | null)[];
}

/**
 * Thirds of the courses that somebody took, by how many did; equal counts stay together, in the
 * lower third. A course that nobody took is `low`.
 */
export function popularityThirds(counts: Float64Array): Uint8Array {
  const sorted = counts.filter((count) => count > 0).sort();
  const bound = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const [low, middle] = [bound(1 / 3), bound(2 / 3)];
  return Uint8Array.from(counts, (count) => (count <= low ? 0 : count <= middle ? 1 : 2));
}

/**
 * The keys under which a question counts: `history …`, `target popularity …`, `language …`. Where
 * several courses are asked for, the first of them says which target it is.
 */
export function groupsOf({ history, relevant }: Question, { popularity, languages }: CourseGroups): string[] {
  const target = relevant[0]!;
  const language = languages[target];
  return [
    `history ${historyGroup(history.items.length)}`,
    `target popularity ${popularityGroups[popularity[target]!]!}`,
    ...(language ? [`language ${language}`] : []),
  ];
}

const order = new Intl.Collator('en', { numeric: true });

/** Keys of groups in the order in which they are read: low before middle before high, 3-10 before 11+. */
export function compareGroups(a: string, b: string): number {
  const readable = (key: string): string =>
    popularityGroups.reduce((text, name, at) => text.replace(`popularity ${name}`, `popularity ${at}`), key);
  return order.compare(readable(a), readable(b));
}
