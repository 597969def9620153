import { divergence, listMix, type TopicMix } from './calibration.ts';

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
  /** Keeps the list near a learner's own mix of topics; absent: the mix is left as it comes. */
  calibration?: Calibration;
}

export interface Calibration {
  /** 0 does nothing, 1 looks at nothing but the mix. */
  strength: number;
  /** Of the learner; an empty one asks for nothing. */
  mix: TopicMix;
  topicsOf: (item: number) => readonly string[];
}

/** Only the best of the ranking are re-ordered: what is far down is not relevant enough to be different with. */
export const RERANK_DEPTH = 50;

/**
 * Maximal marginal relevance (Carbonell & Goldstein 1998): takes, again and again, the course with
 * the highest (1 − d) · relevance − d · (its greatest likeness to the courses already taken).
 * Relevance is the score mapped to [0, 1] over the best `RERANK_DEPTH` (or `count`, if more).
 * With calibration of strength c that value counts (1 − c), and c times the divergence of the list
 * so far, this course in it, from the learner's mix of topics is taken off (Steck 2018, eq. 7).
 *
 * @param ranked best first.
 * @returns at most `count`, in the new order; without diversity and calibration the first `count` as they are.
 */
export function rerank(ranked: readonly Ranked[], options: RerankOptions): Ranked[] {
  const { count, diversity, similarity } = options;
  const calibration = options.calibration?.mix.size ? options.calibration : undefined;
  const strength = calibration?.strength ?? 0;
  if ((diversity === 0 && strength === 0) || ranked.length < 2) return ranked.slice(0, count);
  const pool = ranked.slice(0, Math.max(count, RERANK_DEPTH));
  const relevance = toUnit(pool.map(({ score }) => score));
  const likeness = new Float64Array(pool.length);
  const taken = new Uint8Array(pool.length);
  const wanted = Math.min(count, pool.length);
  const result: Ranked[] = [];
  const awayWith = (item: number): number =>
    divergence(calibration!.mix, listMix([...result.map((each) => each.item), item], calibration!.topicsOf));
  while (result.length < wanted) {
    let best = -1;
    let bestValue = -Infinity;
    for (let i = 0; i < pool.length; i++) {
      if (taken[i]) continue;
      const own = (1 - diversity) * relevance[i]! - diversity * likeness[i]!;
      const value = strength === 0 ? own : (1 - strength) * own - strength * awayWith(pool[i]!.item);
      if (value > bestValue) [best, bestValue] = [i, value];
    }
    const chosen = pool[best]!;
    taken[best] = 1;
    result.push(chosen);
    if (result.length === wanted) break;
    if (diversity === 0) continue;
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
