import { eventTypes } from '../behaviour/event-types.ts';
import { decay, trackWeight } from '../behaviour/track.ts';
import { courseDescription, courseTitle, type Course } from '../catalogue/course.ts';
import { isCourseWord, isGlue } from '../language/stop-words.ts';
import { tokenize } from '../language/tokenize.ts';
import type { LearnerState } from './state.ts';

/** A term in the title counts like three in the description. */
const TITLE_WEIGHT = 3;

/** Where a term stands: a course they had to do with, or a search. `weight` is decayed; below 0 it speaks against it. */
export type TermEvidence = ({ courseId: string } | { query: string }) & { weight: number };

export interface TermInterest {
  /** Of `tokenize`. */
  term: string;
  /** Sum of the evidence. */
  weight: number;
  /** Strongest first. */
  evidence: TermEvidence[];
}

/**
 * Interest by text, as a vector over terms, after Rocchio ("Relevance feedback in information
 * retrieval", 1971), with graded judgements instead of two classes:
 *
 *   interest = Σ over courses c:  weight(c, now) · d(c)  +  Σ over searches q:  weight(q, now) · d(q)
 *
 * d is the vector of 1 + ln(term frequency), L2-normalised, so that a long description says no more than
 * a short one; weights are those of behaviour/event-types.ts, faded by their half-lives. A disliked
 * course subtracts, but no term goes below 0: a word that stands in a disliked course is no reason
 * against every other course that has it.
 *
 * @returns terms with a weight above 0, heaviest first.
 */
export function textInterest(
  state: LearnerState,
  now: Date,
  courseOf: (id: string) => Course | undefined,
): TermInterest[] {
  const at = now.getTime();
  const found = new Map<string, TermInterest>();
  const add = (vector: TermVector, weight: number, source: { courseId: string } | { query: string }) => {
    for (const [term, part] of vector) {
      let interest = found.get(term);
      if (!interest) found.set(term, (interest = { term, weight: 0, evidence: [] }));
      interest.weight += weight * part;
      interest.evidence.push({ ...source, weight: weight * part });
    }
  };
  const tracks = [...state.history.values()].sort((a, b) => (a.courseId < b.courseId ? -1 : 1));
  for (const track of tracks) {
    const weight = trackWeight(track, at);
    const course = weight === 0 ? undefined : courseOf(track.courseId);
    if (course) add(courseVector(course), weight, { courseId: course.id });
  }
  const { weight, halfLifeDays } = eventTypes.search;
  for (const { query, at: then } of state.searches)
    add(termVector(tokenize(query)), weight * decay(at - then, halfLifeDays), { query });
  const interests = [...found.values()].filter((interest) => interest.weight > 0);
  for (const { evidence } of interests) evidence.sort((a, b) => b.weight - a.weight);
  return interests.sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1));
}

type TermVector = ReadonlyMap<string, number>;

/** Segmenting a catalogue takes long; a course object never changes, a changed course is a new object. */
const vectors = new WeakMap<Course, TermVector>();

function courseVector(course: Course): TermVector {
  let vector = vectors.get(course);
  if (!vector) {
    const title = words(courseTitle(course));
    const terms = [...words(courseDescription(course))];
    for (let i = 0; i < TITLE_WEIGHT; i++) terms.push(...title);
    vectors.set(course, (vector = termVector(terms)));
  }
  return vector;
}

/** The terms of a text in all its languages; one that stands in for both is read once. */
function words(text: Partial<Record<string, string>>): string[] {
  return [...new Set(Object.values(text))].flatMap((value) => tokenize(value ?? ''));
}

function termVector(terms: readonly string[]): TermVector {
  const counts = new Map<string, number>();
  for (const term of terms) if (!isGlue(term) && !isCourseWord(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  let squares = 0;
  for (const [term, count] of counts) {
    const value = 1 + Math.log(count);
    counts.set(term, value);
    squares += value * value;
  }
  const norm = Math.sqrt(squares);
  for (const [term, value] of counts) counts.set(term, value / norm);
  return counts;
}
