import { tokenize } from '../language/tokenize.ts';
import type { CourseFacts } from './model.ts';

/** How often a title's and a topic's term counts beside one of the description. */
const TITLE = 3;
const TOPIC = 4;
/** Characters of a description that are read; what a course is about stands at its beginning. */
const READ = 4000;

/**
 * The courses of the living catalogue as TF-IDF vectors of unit length, for likeness between them:
 * what makes a slate diverse, finds similar courses, and places a course that nobody took yet.
 */
export interface CourseSpace {
  readonly size: number;
  /** Cosine in [0, 1]; 0 where either has neither a word nor a topic. */
  similarity(a: number, b: number): number;
  /** Cosine of each course with the weighted sum of `items`; all 0 for none. */
  nearness(items: ArrayLike<number>, weights: ArrayLike<number>): Float32Array;
}

interface Vectors {
  /** Of course i: `terms` (ascending) and `weights` from starts[i] to starts[i + 1]. */
  starts: Int32Array;
  terms: Int32Array;
  weights: Float32Array;
}

/**
 * Builds the space in slices, so that a server goes on answering while it does.
 *
 * @param pause awaited after every slice of courses.
 */
export async function buildSpace(courses: readonly CourseFacts[], pause: () => Promise<void>): Promise<CourseSpace> {
  const counts: Map<string, number>[] = [];
  for (const [index, course] of courses.entries()) {
    counts.push(countTerms(course));
    if (index % 20 === 19) await pause();
  }
  return space(counts);
}

/** The same at one go. */
export function createSpace(courses: readonly CourseFacts[]): CourseSpace {
  return space(courses.map(countTerms));
}

function countTerms({ title, text, topics }: CourseFacts): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (term: string, by: number) => counts.set(term, (counts.get(term) ?? 0) + by);
  for (const term of tokenize(title)) add(term, TITLE);
  for (const term of tokenize(text.slice(0, READ))) add(term, 1);
  // Marked, so that the topic "Design" is not the word "design".
  for (const topic of topics) add(`#${topic.toLowerCase()}`, TOPIC);
  return counts;
}

/** tf = 1 + ln(count), idf = ln(1 + N / df). */
function space(counts: readonly Map<string, number>[]): CourseSpace {
  const indexOf = new Map<string, number>();
  const documents: number[] = [];
  for (const terms of counts) {
    for (const term of terms.keys()) {
      const known = indexOf.get(term);
      if (known === undefined) {
        indexOf.set(term, documents.length);
        documents.push(1);
      } else documents[known]!++;
    }
  }
  const total = counts.reduce((sum, terms) => sum + terms.size, 0);
  const vectors: Vectors = {
    starts: new Int32Array(counts.length + 1),
    terms: new Int32Array(total),
    weights: new Float32Array(total),
  };
  let filled = 0;
  for (const [course, terms] of counts.entries()) {
    const row = [...terms]
      .map(([term, count]) => {
        const index = indexOf.get(term)!;
        return { index, weight: (1 + Math.log(count)) * Math.log(1 + counts.length / documents[index]!) };
      })
      .sort((a, b) => a.index - b.index);
    const norm = Math.hypot(...row.map(({ weight }) => weight)) || 1;
    for (const { index, weight } of row) {
      vectors.terms[filled] = index;
      vectors.weights[filled++] = weight / norm;
    }
    vectors.starts[course + 1] = filled;
  }
  return view(vectors, indexOf.size);
}

function view({ starts, terms, weights }: Vectors, vocabulary: number): CourseSpace {
  const profile = new Float64Array(vocabulary);
  return {
    size: starts.length - 1,
    similarity(a, b) {
      let sum = 0;
      let i = starts[a]!;
      let j = starts[b]!;
      while (i < starts[a + 1]! && j < starts[b + 1]!) {
        const difference = terms[i]! - terms[j]!;
        if (difference === 0) sum += weights[i++]! * weights[j++]!;
        else if (difference < 0) i++;
        else j++;
      }
      return Math.min(1, sum);
    },
    nearness(items, itemWeights) {
      const scores = new Float32Array(starts.length - 1);
      profile.fill(0);
      for (let k = 0; k < items.length; k++) {
        for (let at = starts[items[k]!]!; at < starts[items[k]! + 1]!; at++) {
          profile[terms[at]!]! += weights[at]! * itemWeights[k]!;
        }
      }
      let norm = 0;
      for (const value of profile) norm += value * value;
      if (norm === 0) return scores;
      norm = Math.sqrt(norm);
      for (let course = 0; course < scores.length; course++) {
        let sum = 0;
        for (let at = starts[course]!; at < starts[course + 1]!; at++) sum += profile[terms[at]!]! * weights[at]!;
        scores[course] = sum / norm;
      }
      return scores;
    },
  };
}
