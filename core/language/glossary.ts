import { glossaryEntries } from './glossary-entries.ts';
import { pieces, tokenize } from './tokenize.ts';

/** Terms of no text: what stands for a concept can not be typed. */
const MARK = '§';

interface Glossary {
  /** Concepts of a phrase of terms, keyed by the terms joined. */
  concepts: Map<string, Set<string>>;
  /** How many terms the longest phrase that begins with a term has. */
  longest: Map<string, number>;
}

let opened: Glossary | undefined;

/** One concept found in a list of terms: which, and at which places. */
export interface Mention {
  concept: string;
  from: number;
  /** Not included. */
  to: number;
}

/**
 * The concepts that terms (of `tokenize`) name in either language, so that "数据分析" and "data
 * analysis" come to the same concept term. A longer phrase hides the shorter ones within it:
 * "deep learning" is no "learning".
 */
export function mentions(terms: readonly string[]): Mention[] {
  const { concepts, longest } = (opened ??= open());
  const found: Mention[] = [];
  let covered = 0;
  for (let from = 0; from < terms.length; from++) {
    let to = Math.min(terms.length, from + (longest.get(terms[from]!) ?? 0));
    while (to > from && !concepts.has(phrase(terms, from, to))) to--;
    if (to <= Math.max(from, covered)) continue;
    for (const concept of concepts.get(phrase(terms, from, to))!) found.push({ concept, from, to });
    covered = to;
  }
  return found;
}

function phrase(terms: readonly string[], from: number, to: number): string {
  return to === from + 1 ? terms[from]! : terms.slice(from, to).join(' ');
}

function open(): Glossary {
  const concepts = new Map<string, Set<string>>();
  const longest = new Map<string, number>();
  glossaryEntries
    .trim()
    .split('\n')
    .forEach((line, index) => {
      for (const words of line.split(/[=,]/)) {
        if (pieces(words).length === 0) continue;
        const terms = tokenize(words);
        const key = terms.join(' ');
        concepts.set(key, (concepts.get(key) ?? new Set()).add(`${MARK}${index}`));
        longest.set(terms[0]!, Math.max(longest.get(terms[0]!) ?? 0, terms.length));
      }
    });
  return { concepts, longest };
}
