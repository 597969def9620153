import { courseTitle } from '../../core/catalogue/course.ts';
import { textInterest, type TermEvidence, type TermInterest } from '../../core/interest/text-interest.ts';
import type { LearnerState } from '../../core/interest/state.ts';
import { levelOfTerm } from '../../core/language/levels.ts';
import { segments, tokenize } from '../../core/language/tokenize.ts';
import type { Text } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { text } from './say.ts';

/** Of the courses' words only those of several courses say something of the learner, not of one course. */
const FEWEST_COURSES = 2;
/** Shorter ones say little: a letter, a number, one character. */
const SHORTEST = 2;

/**
 * A few words that what the learner did speaks of, as they are written there, the heaviest first;
 * those that stand in the same place together. Words of `topics` are left out: the profile has named these.
 */
export function interestWords(
  context: Context,
  state: LearnerState,
  { topics, count }: { topics: readonly string[]; count: number },
): Text[] {
  const named = new Set(topics.flatMap(tokenize));
  const seen = new Set<string>();
  const lines = new Map<string, { words: string[]; because: Text }>();
  for (const interest of textInterest(state, context.now, (id) => context.services.catalogue.get(id))) {
    if (seen.size === count) break;
    const { term } = interest;
    if (named.has(term) || levelOfTerm(term) || /^[\d.]*$/.test(term)) continue;
    const found = standing(context, interest);
    if (!found || seen.has(found.word)) continue;
    seen.add(found.word);
    const place = JSON.stringify(found.because);
    const line = lines.get(place) ?? { words: [], because: found.because };
    lines.set(place, { ...line, words: [...line.words, found.word] });
  }
  return [...lines.values()].map((line) => text('profile.words', line));
}

/** The word that a term comes from, in a search or else in titles, and which ones they are. */
function standing(context: Context, { term, evidence }: TermInterest): { word: string; because: Text } | undefined {
  const written = evidence
    .filter(({ weight }) => weight > 0)
    .flatMap((one) => {
      const source = sourceText(context, one);
      const word = source && wordOf(term, source);
      return word ? [{ one, source, word }] : [];
    });
  const search = written.find(({ one }) => 'query' in one);
  if (search) return { word: search.word, because: text('evidence.query', { query: search.source }) };
  const [first] = written;
  if (!first) return undefined;
  // A word within a longer one is a word of its own elsewhere.
  const titles = new Set(written.filter(({ word }) => word === first.word).map(({ source }) => source));
  if (titles.size < FEWEST_COURSES) return undefined;
  return { word: first.word, because: text('evidence.titles', { titles: [...titles].slice(0, FEWEST_COURSES) }) };
}

function sourceText({ services, language }: Context, evidence: TermEvidence): string | undefined {
  if ('query' in evidence) return evidence.query;
  const course = services.catalogue.get(evidence.courseId);
  return course && courseTitle(course)[language];
}

function wordOf(term: string, source: string): string | undefined {
  const word = segments(source).find((each) => tokenize(each).includes(term));
  return word && word.length >= SHORTEST ? word : undefined;
}
