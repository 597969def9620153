import { mentions } from './glossary.ts';
import type { IntentName } from './intents.ts';
import { levelOfTerm } from './levels.ts';
import { carrierTexts } from './seeds/index.ts';
import { isCourseWord, isGlue } from './stop-words.ts';
import { joinSegments, segments, stem } from './tokenize.ts';

/** Takes the words of asking off a message, and leaves what is asked for. */
export interface Phrases {
  /** What to search for: levels stay, "courses about" and "please" go. */
  query(text: string): string | undefined;
  /** The name of a course, as far as the catalogue knows the words; a title in 《》 or quotes as it is. */
  course(text: string, knows: (term: string) => boolean): string | undefined;
  /** The words with a meaning of their own: neither asking, nor glue, nor a level. */
  content(text: string): string[];
}

const QUOTED = /《([^》]+)》|“([^”]+)”|「([^」]+)」|"([^"]+)"/u;
const NUMBER = /^\d+(?:\.\d+)?$/;

/** The words of asking are those of the seed utterances around their topics, by intent. */
export function createPhrases(): Phrases {
  const searching = termsOf(carrierTexts(['search', 'recommend']));
  const naming = termsOf(carrierTexts(courseIntents));
  const asks = (term: string) => searching.has(term) || isGlue(term) || isCourseWord(term);
  return {
    query(text) {
      const words = segments(text);
      return between(words, (term) => levelOfTerm(term) !== undefined || !asks(term) || inConcept(words, term));
    },
    course(text, knows) {
      const quoted = QUOTED.exec(text)?.slice(1).find(Boolean)?.trim();
      if (quoted) return quoted;
      const words = segments(text);
      const concepts = new Set(mentions(words.map(stem)).flatMap(({ from, to }) => words.slice(from, to).map(stem)));
      const names = (term: string) =>
        !NUMBER.test(term) &&
        !isGlue(term) &&
        !isCourseWord(term) &&
        !naming.has(term) &&
        (concepts.has(term) || knows(term));
      return between(words, names);
    },
    content: (text) =>
      segments(text)
        .map(stem)
        .filter((term) => !isGlue(term) && !isCourseWord(term) && levelOfTerm(term) === undefined),
  };
}

/** What is asked of a quoted title: its own words tell nothing. A message that is but a title stays whole. */
export function withoutTitle(text: string): string {
  const rest = text.replace(QUOTED, ' ').trim();
  return rest === '' ? text : rest;
}

const courseIntents = [
  'course',
  'similar',
  'rate',
  'save',
  'dismiss',
  'buy',
  'progress',
  'complete',
  'refund',
] as const satisfies readonly IntentName[];

export function namesCourse(intent: IntentName): boolean {
  return (courseIntents as readonly IntentName[]).includes(intent);
}

/** From the first segment whose stem passes to the last one. */
function between(words: readonly string[], passes: (term: string) => boolean): string | undefined {
  const from = words.findIndex((word) => passes(stem(word)));
  const to = words.findLastIndex((word) => passes(stem(word)));
  return from < 0 ? undefined : joinSegments(words.slice(from, to + 1));
}

function inConcept(words: readonly string[], term: string): boolean {
  const terms = words.map(stem);
  return mentions(terms).some(({ from, to }) => to - from > 1 && terms.slice(from, to).includes(term));
}

function termsOf(texts: readonly string[]): Set<string> {
  return new Set(texts.flatMap((text) => segments(text).map(stem)));
}
