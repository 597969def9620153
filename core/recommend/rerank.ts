/** Courses by place, best first: the form that re-ranking takes and gives. */
export interface Ranked {
  /** Dense course index. */
  item: number;
  /** Higher is better. An even scale: of probabilities take the logarithm, else likeness drowns them. */
  score: number;
}

export interface RerankOptions {
  count: number;
  /** 0 ranks by relevance alone, 1 by difference alone. */
  diversity: number;
  /** Likeness of two courses in [0, 1]; called at most depth · count times. */
  similarity: (a: number, b: number) => number;
}

/** Only the best of the ranking are re-ordered: what is far down is not relevant enough to be different with. */
export const RERANK_DEPTH = 50;

/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998): takes, again and again, the course with
 * the highest (1 − d) · relevance − d · (its greatest likeness to the courses already taken).
 * Relevance is the score mapped to [0, 1] over the best `RERANK_DEPTH` (or `count`, if more).
 *
 * @param ranked best first.
 * @returns at most `count`, in the new order; without diversity the first `count` as they are.
 */
export function rerank(ranked: readonly Ranked[], { count, diversity, similarity }: RerankOptions): Ranked[] {
  if (diversity === 0 || ranked.length < 2) return ranked.slice(0, count);
  const pool = ranked.slice(0, Math.max(count, RERANK_DEPTH));
  const relevance = toUnit(pool.map(({ score }) => score));
  const likeness = new Float64Array(pool.length);
  const taken = new Uint8Array(pool.length);
  const wanted = Math.min(count, pool.length);
  const result: Ranked[] = [];
  while (result.length < wanted) {
    let best = -1;
    let bestValue = -Infinity;
    for (let i = 0; i < pool.length; i++) {
      if (taken[i]) continue;
      const value = (1 - diversity) * relevance[i]! - diversity * likeness[i]!;
      if (value > bestValue) [best, bestValue] = [i, value];
    }
    const chosen = pool[best]!;
    taken[best] = 1;
    result.push(chosen);
    if (result.length === wanted) break;
    for (let i = 0; i < pool.length; i++) {
      if (!taken[i]) likeness[i] = Math.max(likeness[i]!, similarity(chosen.item, pool[i]!.item));
    }
  }
  return result;
}

/** Min–max to [0, 1]; all equal gives all 1. */
export function toUnit(scores: readonly number[]): Float64Array {
  let low = Infinity;
  let high = -Infinity;
  for (const score of scores) {
    if (score < low) low = score;
    if (score > high) high = score;
  }
  return Float64Array.from(scores, (score) => (high > low ? (score - low) / (high - low) : 1));
}
