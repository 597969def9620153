import { topK } from '../numerics/ranking.ts';
import { createRandom } from '../numerics/random.ts';
import { EXPLORED_DEPTH, place } from '../recommend/exploration.ts';
import { rerank } from '../recommend/rerank.ts';
import type { ServingSettings } from '../recommend/serving.ts';
import type { Reranker } from './evaluate.ts';

/** Re-ranking for diversity and exploration, as a served slate has them. */
export function servingOrder({ diversity, explore }: ServingSettings, seed: number): Reranker {
  const random = createRandom(seed);
  return (scores, excluded, k, about) => {
    const best = topK(scores, Math.max(EXPLORED_DEPTH, k), excluded);
    const ranked = Array.from(best, (item) => ({ item, score: Math.log(scores[item]!) }));
    const similarity = (a: number, b: number): number => about.similarity(a, b);
    const order = rerank(ranked, { count: k, diversity, similarity });
    const taken = new Set(order.map(({ item }) => item));
    const pool = ranked.filter(({ item }) => !taken.has(item));
    return Int32Array.from(place(order, pool, explore, random), ({ item }) => item);
  };
}
