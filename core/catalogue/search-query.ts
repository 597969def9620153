import { mentions } from '../language/glossary.ts';
import { levelOf, levelOfTerm } from '../language/levels.ts';
import { isCourseWord, isGlue } from '../language/stop-words.ts';
import { stem } from '../language/tokenize.ts';
import { words, type Variant, type Vocabulary } from './search-vocabulary.ts';

/** One thing that a query asks for: a word, or a concept in several words. */
export interface QueryGroup {
  /** The index terms that can answer it, each with how much of the group it answers, in (0, 1]. */
  answers: Map<string, number>;
}

export interface QueryPlan {
  groups: QueryGroup[];
  /** Every index term to look up, with its weight. */
  boosts: Map<string, number>;
  /** The level asked for: it lifts courses, and keeps none out. */
  level: string | undefined;
}

/** What the words of a concept add to it, together: the very word is worth more than its translation. */
const WORDS_OF_CONCEPT = 0.6;
const LEVEL_WORD = 0.3;
/** By edits: how far a mended word is taken for the one that was meant. */
const CERTAINTY = [1, 0.8, 0.6];

/** Reads a query: which words matter, what they mean in the other language, what was misspelt. */
export function planQuery(query: string, vocabulary: Vocabulary): QueryPlan {
  const typed = words(query);
  const read = typed.map((word, place) => readings(word, place === typed.length - 1, vocabulary));
  const terms = read.map(([likeliest]) => stem(likeliest!.word));
  const asked = new Set(askedPlaces(terms));
  const groups: QueryGroup[] = [];
  const boosts = new Map<string, number>();
  const ask = (answers: [term: string, answer: number][]) => {
    groups.push({ answers: new Map(answers) });
    for (const [term, weight] of answers) boosts.set(term, Math.max(boosts.get(term) ?? 0, weight));
  };

  for (const { concept, from, to } of mentions(terms)) {
    const places = [...asked].filter((place) => place >= from && place < to);
    if (places.length === 0) continue;
    for (const place of places) asked.delete(place);
    const sure = Math.min(...places.map((place) => certainty(read[place]![0]!.edits)));
    const share = (WORDS_OF_CONCEPT * sure) / places.length;
    ask([...places.map((place): [string, number] => [terms[place]!, share]), [concept, sure]]);
  }
  for (const place of asked) {
    ask(read[place]!.map(({ word, edits }) => [stem(word), certainty(edits)]));
  }
  for (const term of terms) {
    if (levelOfTerm(term) && !boosts.has(term)) boosts.set(term, LEVEL_WORD);
  }
  return { groups, boosts, level: levelOf(terms) };
}

/** How much of the query the index terms of one course answer, in [0, 1]. */
export function coverage(plan: QueryPlan, matched: readonly string[]): number {
  let total = 0;
  for (const { answers } of plan.groups) {
    let best = 0;
    for (const term of matched) best = Math.max(best, answers.get(term) ?? 0);
    total += best;
  }
  return total / plan.groups.length;
}

/** The places of terms that a course must answer: topics before "beginner", that before "course". */
function askedPlaces(terms: readonly string[]): number[] {
  const places = [...terms.keys()].filter((place) => !isGlue(terms[place]!));
  const lists = [
    places.filter((place) => !isCourseWord(terms[place]!) && !levelOfTerm(terms[place]!)),
    places.filter((place) => !isCourseWord(terms[place]!)),
    places,
  ];
  return lists.find((list) => list.length > 0) ?? [];
}

/** What a typed word may stand for, the likeliest first: itself when the catalogue has it. */
function readings(word: string, isLast: boolean, vocabulary: Vocabulary): Variant[] {
  const itself = { word, edits: 0 };
  if (vocabulary.has(word) || isGlue(stem(word)) || mentions([stem(word)]).length > 0) return [itself];
  const unfinished = isLast ? vocabulary.beginning(word) : [];
  if (unfinished.length > 0) return unfinished;
  const near = vocabulary.near(word);
  return near.length > 0 ? near : [itself];
}

function certainty(edits: number): number {
  return CERTAINTY[edits] ?? CERTAINTY.at(-1)!;
}
