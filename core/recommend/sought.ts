import { eventTypes } from '../behaviour/event-types.ts';
import { decay, type Search as Searched } from '../behaviour/history.ts';
import type { Search } from '../catalogue/search.ts';

/** Older searches than the latest few different ones say nothing about what is wanted now. */
const LATEST = 3;
/** Score of a hit from which the course is what was asked for, and not merely has a word of it. */
const CLOSE = 0.4;
/** Hits of one search that are lifted. */
const DEPTH = 20;
/**
 * What a search just made adds to a relevance in [0, 1]: beside a long history, and beside none. Twice the
 * greatest relevance goes before what many took, though the list of hits has shown the course already.
 */
const [LEAST_PULL, MOST_PULL] = [0.5, 2];

/** A course that answers one of the learner's own searches. */
export interface Sought {
  /** As the learner typed it. */
  query: string;
  /** What it adds to a relevance in [0, 1]: less the longer ago the search and the longer the history. */
  pull: number;
}

/**
 * Courses that the latest searches ask for, each by the search that pulls the most:
 *
 *   pull(c) = (½ + 3/2 / (1 + n)) · max over searches q:  score(c, q) · 2^(−age(q) / half-life)
 *
 * with n courses of history, the score of the catalogue's search and the half-life of `search`.
 *
 * @param searches newest first.
 * @returns by course id.
 */
export function soughtCourses(
  search: Pick<Search, 'search'>,
  searches: readonly Searched[],
  courses: number,
  now: Date,
): Map<string, Sought> {
  const strength = LEAST_PULL + (MOST_PULL - LEAST_PULL) / (1 + courses);
  const latest = new Map<string, Searched>();
  for (const each of searches) {
    const key = each.query.trim().toLowerCase();
    if (latest.size < LATEST && !latest.has(key)) latest.set(key, each);
  }
  const found = new Map<string, Sought>();
  for (const { query, at } of latest.values()) {
    const fresh = strength * decay(now.getTime() - at, eventTypes.search.halfLifeDays);
    for (const { course, score } of search.search(query, { limit: DEPTH, accept: (each) => !each.archived })) {
      if (score < CLOSE) break;
      const pull = fresh * score;
      if (pull > (found.get(course.id)?.pull ?? 0)) found.set(course.id, { query, pull });
    }
  }
  return found;
}
