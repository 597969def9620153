/** Long texts in pieces that a platform takes. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Where a piece may end, the better first; what the expression matches stays with the piece, white space at its end goes. */
const ENDS = [
  /\n\s*\n/g,
  /\n/g,
  /[.!?…]+["'”’)\]]*(?=\s)|[。！？…]+["'”’）】」』]*/g,
  /[,;:](?=\s)|[，；：、]/g,
  /\s+/g,
];
/** A piece shorter than this share of the limit is no better than one that ends in the middle of a sentence. */
const LEAST = 0.4;

/**
 * Pieces of at most `limit` UTF-16 units, none empty: cut at the end of a paragraph, line, sentence
 * or word where there is one, never inside what a reader takes for one character (one that is longer
 * than the limit excepted, which is cut between code points). White space at the cuts goes, nothing else does.
 */
export function splitText(text: string, limit: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const end = pieceEnd(rest, limit);
    const piece = rest.slice(0, end).trimEnd();
    if (piece !== '') pieces.push(piece);
    rest = rest.slice(end).replace(/^\s+/, '');
  }
  if (rest.trim() !== '' || pieces.length === 0) pieces.push(rest);
  return pieces;
}

function pieceEnd(text: string, limit: number): number {
  // One character more than fits, to see whether the cut would go through it.
  const window = text.slice(0, limit + 1);
  for (const end of ENDS) {
    let best = 0;
    for (const found of window.matchAll(end)) {
      const at = found.index + found[0].trimEnd().length;
      if (at <= limit) best = at;
    }
    if (best >= limit * LEAST && isBoundary(text, best)) return best;
  }
  return lastBoundary(text, limit);
}

/** Enough of what comes before and after for the rules of characters to be seen. */
const CONTEXT = 64;

function isBoundary(text: string, at: number): boolean {
  const from = Math.max(0, at - CONTEXT);
  return graphemes.segment(text.slice(from, at + CONTEXT)).containing(at - from)?.index === at - from;
}

function lastBoundary(text: string, limit: number): number {
  let last = 0;
  for (const { index } of graphemes.segment(text.slice(0, limit + 2))) if (index <= limit) last = index;
  if (last > 0) return last;
  // A character longer than a message.
  const code = text.charCodeAt(limit - 1);
  return limit > 1 && code >= 0xd800 && code < 0xdc00 ? limit - 1 : limit;
}
