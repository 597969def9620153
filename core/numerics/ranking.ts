/**
 * Ranking metrics over ranks that start at 1. Ties count as their average rank, so ranks may be
 * fractions: a rank is within the top k when it is at most k.
 */

/**
 * Rank of `target` among all items that are not excluded: those that score higher, plus half of
 * those that score the same. O(items).
 *
 * @param excluded 1 where an item does not take part; the target always does.
 */
export function averageRank(scores: Float32Array, target: number, excluded: Uint8Array): number {
  const own = scores[target]!;
  let higher = 0;
  let same = 0;
  for (let item = 0; item < scores.length; item++) {
    if (excluded[item] === 1 || item === target) continue;
    const score = scores[item]!;
    if (score > own) higher++;
    else if (score === own) same++;
  }
  return higher + 1 + same / 2;
}

/** 1 when any relevant item is in the top k. */
export function hit(ranks: readonly number[], k: number): number {
  return ranks.some((rank) => rank <= k) ? 1 : 0;
}

/** Share of the relevant items that are in the top k. */
export function recall(ranks: readonly number[], k: number): number {
  return hits(ranks, k) / ranks.length;
}

/** Share of the top k that is relevant. */
export function precision(ranks: readonly number[], k: number): number {
  return hits(ranks, k) / k;
}

/** 1 / rank of the best relevant item, 0 when it is not in the top k. */
export function reciprocalRank(ranks: readonly number[], k: number): number {
  const best = Math.min(...ranks);
  return best <= k ? 1 / best : 0;
}

/** Binary gain 1/log2(1 + rank) within the top k, over the ideal of min(relevant, k) leading ranks. */
export function ndcg(ranks: readonly number[], k: number): number {
  let gain = 0;
  for (const rank of ranks) if (rank <= k) gain += 1 / Math.log2(1 + rank);
  let ideal = 0;
  for (let rank = 1; rank <= Math.min(ranks.length, k); rank++) ideal += 1 / Math.log2(1 + rank);
  return gain / ideal;
}

/**
 * The k best items, best first; equal scores in the order of their index.
 *
 * @param excluded 1 where an item does not take part.
 */
export function topK(scores: Float32Array, k: number, excluded?: Uint8Array): Int32Array {
  const best = new Int32Array(Math.min(k, scores.length));
  let filled = 0;
  let worst = Infinity;
  for (let item = 0; item < scores.length; item++) {
    if (excluded?.[item] === 1) continue;
    const score = scores[item]!;
    if (filled === best.length && score <= worst) continue;
    let at = filled < best.length ? filled++ : filled - 1;
    while (at > 0 && scores[best[at - 1]!]! < score) {
      best[at] = best[at - 1]!;
      at--;
    }
    best[at] = item;
    worst = scores[best[filled - 1]!]!;
  }
  return best.slice(0, filled);
}

function hits(ranks: readonly number[], k: number): number {
  let count = 0;
  for (const rank of ranks) if (rank <= k) count++;
  return count;
}
