import { setImmediate } from 'node:timers/promises';
import MiniSearch, { type SearchResult } from 'minisearch';
import { pieces } from '../language/tokenize.ts';
import { coverage, planQuery, type QueryPlan } from './search-query.ts';
import { analyse, createVocabulary } from './search-vocabulary.ts';
import type { Course } from './course.ts';

export interface Hit {
  course: Course;
  /** In (0, 1]; 1: every word of the query found as typed, in the best place. Comparable over queries. */
  score: number;
}

export interface Search {
  /** Best first; empty for an empty query and for one that nothing answers. */
  search(query: string, options?: { limit?: number; accept?: (course: Course) => boolean }): Hit[];
  /** Whether a term (of `tokenize`) stands in a title, a topic or a name, or nearly does. */
  knows(term: string): boolean;
  /** Topics whose names look most like the query, for one without hits. */
  suggest(query: string, limit?: number): string[];
}

const fields = ['title', 'topics', 'instructor', 'description', 'attributes'] as const;
const nameFields: ReadonlySet<string> = new Set(['title', 'topics', 'instructor']);
type Fields = Record<(typeof fields)[number], string>;

const boost: Record<keyof Fields, number> = {
  title: 4,
  topics: 2.5,
  instructor: 2,
  description: 1,
  attributes: 0.5,
};
const SAME_LEVEL = 1.3;
const DEFAULT_LIMIT = 20;
/** Of each field: what a long description says at its end is seldom what it is about. */
const MOST_CHARACTERS = 1000;
/** Courses indexed at once, some milliseconds of work. */
const SLICE = 20;
/** Between index terms handed to MiniSearch: no term holds a white space. */
const SEPARATOR = ' ';

/**
 * Full-text search over courses in Chinese and English: BM25+ over weighted fields, a glossary that
 * joins the languages, and mended spelling. The courses are indexed at once (12,000 in some seconds).
 */
export function createSearch(courses: readonly Course[]): Search {
  const building = indexInSlices(courses);
  for (;;) {
    const step = building.next();
    if (step.done) return step.value;
  }
}

/**
 * The same, built between other work: whoever asks meanwhile is answered.
 *
 * @throws the reason of `signal` when it is aborted meanwhile.
 */
export async function createSearchAside(courses: readonly Course[], signal?: AbortSignal): Promise<Search> {
  const building = indexInSlices(courses);
  for (;;) {
    const step = building.next();
    if (step.done) return step.value;
    await setImmediate();
    signal?.throwIfAborted();
  }
}

function* indexInSlices(courses: readonly Course[]): Generator<void, Search> {
  const byId = new Map(courses.map((course) => [course.id, course]));
  const index = new MiniSearch<{ id: string } & Fields>({
    fields: [...fields],
    tokenize: (terms) => (terms === '' ? [] : terms.split(SEPARATOR)),
    processTerm: (term) => term,
    searchOptions: { boost, bm25: { k: 1.2, b: 0.6, d: 0.5 } },
  });
  const allWords = new Map<string, number>();
  const nameWords = new Map<string, number>();
  const nameTerms = new Set<string>();
  for (const course of byId.values()) {
    const texts = textsOf(course);
    const document = { id: course.id } as { id: string } & Fields;
    for (const field of fields) {
      const { words, terms } = analyse(texts[field].slice(0, MOST_CHARACTERS));
      document[field] = terms.join(SEPARATOR);
      count(allWords, words);
      if (nameFields.has(field)) {
        count(nameWords, words);
        for (const term of terms) nameTerms.add(term);
      }
    }
    index.add(document);
    if (index.documentCount % SLICE === 0) yield;
  }
  const all = createVocabulary(allWords);
  const names = createVocabulary(nameWords);

  return {
    search(query, { limit = DEFAULT_LIMIT, accept } = {}) {
      const plan = planQuery(query, all);
      if (plan.groups.length === 0) return [];
      const found = index.search([...plan.boosts.keys()].join(SEPARATOR), {
        boostTerm: (term) => plan.boosts.get(term) ?? 1,
      });
      return rank(plan, found, byId, accept).slice(0, Math.max(0, limit));
    },
    knows: (term) =>
      nameTerms.has(term) || analyse(term).terms.some((each) => nameTerms.has(each)) || names.near(term).length > 0,
    suggest: (query, limit = 3) => nearestTopics(query, courses, limit),
  };
}

/** The lower part of a score that a course gets for one word of many, the rest for all of them. */
const FLOOR = 0.4;

function rank(
  plan: QueryPlan,
  found: readonly SearchResult[],
  byId: ReadonlyMap<string, Course>,
  accept: ((course: Course) => boolean) | undefined,
): Hit[] {
  const hits: { course: Course; relevance: number; covered: number }[] = [];
  for (const { id, score, terms, queryTerms } of found) {
    const covered = coverage(plan, terms);
    if (covered === 0) continue;
    const course = byId.get(id as string)!;
    if (accept && !accept(course)) continue;
    const level = plan.level !== undefined && course.level === plan.level ? SAME_LEVEL : 1;
    // MiniSearch multiplies by the number of words found; a concept and its words are one thing here.
    const relevance = (score / queryTerms.length) * level * (FLOOR + (1 - FLOOR) * covered);
    hits.push({ course, relevance, covered });
  }
  hits.sort((a, b) => b.relevance - a.relevance || (a.course.id < b.course.id ? -1 : 1));
  const best = hits[0]?.relevance ?? 0;
  const sure = hits.reduce((most, { covered }) => Math.max(most, covered), 0);
  return hits.map(({ course, relevance }) => ({ course, score: (relevance / best) * sure }));
}

function textsOf(course: Course): Fields {
  const translations = Object.values(course.translations);
  return {
    title: together([course.title, ...translations.map(({ title }) => title)]),
    topics: together(course.topics),
    instructor: course.instructor ?? '',
    description: together([course.description, ...translations.map(({ description }) => description)]),
    attributes: together(Object.values(course.attributes)),
  };
}

/** Each text once: a translation may repeat the original. */
function together(texts: readonly string[]): string {
  return [...new Set(texts)].join('\n');
}

function nearestTopics(query: string, courses: readonly Course[], limit: number): string[] {
  const wanted = letterPairs(query);
  const topics = [...new Set(courses.flatMap((course) => course.topics))];
  return topics
    .map((topic) => ({ topic, likeness: dice(wanted, letterPairs(topic)) }))
    .filter(({ likeness }) => likeness > 0.2)
    .sort((a, b) => b.likeness - a.likeness || (a.topic < b.topic ? -1 : 1))
    .slice(0, limit)
    .map(({ topic }) => topic);
}

function letterPairs(text: string): Set<string> {
  const letters = ` ${pieces(text).join(' ')} `;
  return new Set(Array.from({ length: letters.length - 1 }, (_, at) => letters.slice(at, at + 2)));
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return (2 * [...a].filter((pair) => b.has(pair)).length) / (a.size + b.size);
}

function count(frequencies: Map<string, number>, words: readonly string[]): void {
  for (const word of words) frequencies.set(word, (frequencies.get(word) ?? 0) + 1);
}
