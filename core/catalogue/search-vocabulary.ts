import SearchableMap from 'minisearch/SearchableMap';
import { mentions } from '../language/glossary.ts';
import { isGlue } from '../language/stop-words.ts';
import { pieces, stem, tokenize } from '../language/tokenize.ts';

const HAN = /\p{Script=Han}/u;
const MOST_VARIANTS = 4;

/** A text as the index and as the mending of spelling see it. */
export interface AnalysedText {
  /** As typed: Chinese terms, and other words unstemmed. */
  words: string[];
  /** Words as index terms, and the concepts they name in either language; without glue. */
  terms: string[];
}

export function analyse(text: string): AnalysedText {
  const typed = words(text);
  const terms = typed.map(stem);
  const concepts = mentions(terms).map(({ concept }) => concept);
  return { words: typed, terms: [...terms.filter((term) => !isGlue(term)), ...concepts] };
}

/** Chinese terms, and other words unstemmed: edits are counted on what people type. `stem` makes a term of each. */
export function words(text: string): string[] {
  return pieces(text).flatMap((piece) => (HAN.test(piece) ? tokenize(piece) : [piece]));
}

export interface Variant {
  word: string;
  /** Letters changed, added, or left out; 0 when the typed word is the beginning of this one. */
  edits: number;
}

/** The words of a catalogue, to mend what was typed. */
export interface Vocabulary {
  has(word: string): boolean;
  /** Words that an unknown one may mean, likeliest first: fewest edits, then most frequent. */
  near(word: string): Variant[];
  /** Words that begin so, most frequent first. */
  beginning(word: string): Variant[];
}

/** @param frequencies how often each of `words` is written */
export function createVocabulary(frequencies: ReadonlyMap<string, number>): Vocabulary {
  const counts = SearchableMap.from([...frequencies]) as SearchableMap<number>;
  const ranked = (found: [word: string, edits: number][]): Variant[] =>
    found
      .map(([word, edits]) => ({ word, edits, count: counts.get(word) ?? 0 }))
      .sort((a, b) => a.edits - b.edits || b.count - a.count || (a.word < b.word ? -1 : 1))
      .filter(({ edits }, _, [first]) => edits === first!.edits)
      .slice(0, MOST_VARIANTS)
      .map(({ word, edits }) => ({ word, edits }));
  return {
    has: (word) => counts.has(word),
    near: (word) => {
      const edits = allowedEdits(word);
      if (edits === 0) return [];
      const swapped = swaps(word).filter((each) => counts.has(each));
      if (swapped.length > 0) return ranked(swapped.map((each) => [each, 1]));
      return ranked([...counts.fuzzyGet(word, edits)].map(([near, [, distance]]) => [near, distance]));
    },
    beginning: (word) => ranked([...counts.atPrefix(word).keys()].map((longer) => [longer, 0])),
  };
}

function allowedEdits(word: string): number {
  if (HAN.test(word) || word.length < 4 || /\d/.test(word)) return 0;
  return word.length < 8 ? 1 : 2;
}

/** Two letters in the wrong order are one slip of the fingers, though two edits. */
function swaps(word: string): string[] {
  return Array.from(
    { length: word.length - 1 },
    (_, at) => word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2),
  );
}
