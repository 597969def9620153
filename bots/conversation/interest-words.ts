import { textInterest, type TermInterest } from '../../core/interest/text-interest.ts';
import type { LearnerState } from '../../core/interest/state.ts';
import { levelOfTerm } from '../../core/language/levels.ts';
import { segments, tokenize } from '../../core/language/tokenize.ts';
import type { Text } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { text } from './say.ts';

/** Shorter ones say little: a letter, a number, one character. */
const SHORTEST = 2;

/**
 * A few words of the learner's own searches, as typed, those first that all they did speaks of the
 * most; words of one search together. Words of `topics` are left out: the profile has named these.
 */
export function interestWords(
  context: Context,
  state: LearnerState,
  { topics, count }: { topics: readonly string[]; count: number },
): Text[] {
  const named = new Set(topics.flatMap(tokenize));
  const seen = new Set<string>();
  /** By search. */
  const lines = new Map<string, string[]>();
  for (const interest of textInterest(state, context.now, (id) => context.services.catalogue.get(id))) {
    if (seen.size === count) break;
    const { term } = interest;
    if (named.has(term) || levelOfTerm(term) || /^[\d.]*$/.test(term)) continue;
    const found = typed(interest);
    if (!found || seen.has(found.word)) continue;
    seen.add(found.word);
    lines.set(found.query, [...(lines.get(found.query) ?? []), found.word]);
  }
  return [...lines].map(([query, words]) =>
    text('profile.words', { words, because: text('evidence.query', { query }) }),
  );
}

/** Where the learner typed the word of a term. Titles are not asked: a word that two share is often a chance ("first"). */
function typed({ term, evidence }: TermInterest): { word: string; query: string } | undefined {
  for (const one of evidence) {
    if (!('query' in one)) continue;
    const word = segments(one.query).find((each) => tokenize(each).includes(term));
    if (word && word.length >= SHORTEST) return { word, query: one.query };
  }
  return undefined;
}
