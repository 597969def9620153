import { tokenize } from '../../core/language/tokenize.ts';
import type { Context } from './context.ts';

const MOST_WORDS = 3;
/** Score of a hit that holds every word of the query in good places. */
const ANSWERED = 0.6;

/** Few words, and courses that answer all of them: a subject, however it was put. */
export function looksLikeSubject({ services }: Context, query: string): boolean {
  if (tokenize(query).length > MOST_WORDS) return false;
  const [best] = services.search().search(query, { limit: 1, accept: (course) => !course.archived });
  return best !== undefined && best.score >= ANSWERED;
}
