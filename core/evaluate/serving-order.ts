import { topK } from '../numerics/ranking.ts';
import { createRandom } from '../numerics/random.ts';
import { createExploration, drawPositions, sample } from '../recommend/exploration.ts';
import { rerank } from '../recommend/rerank.ts';
import type { Reranker } from './evaluate.ts';

/** The defaults of serving, see app/settings.ts. */
const DIVERSITY = 0.3;
const EXPLORE = 0.1;
/** How far down the ranking is looked at, as in serving. */
const DEPTH = 200;

/** Re-ranking for diversity and exploration, as a served slate has them. */
export function servingOrder(seed: number): Reranker {
  const random = createRandom(seed);
  return (scores, excluded, k, about) => {
    const best = topK(scores, Math.max(DEPTH, k), excluded);
    const ranked = Array.from(best, (item) => ({ item, score: Math.log(scores[item]!) }));
    const similarity = (a: number, b: number): number => about.similarity(a, b);
    const order = rerank(ranked, { count: k, diversity: DIVERSITY, similarity }).map(({ item }) => item);
    const taken = new Set(order);
    const pool = Array.from(best).filter((item) => !taken.has(item));
    const explored = drawPositions(createExploration(order.length, EXPLORE, pool.length), random);
    const drawn = sample(pool.length, explored.filter(Boolean).length, random).map((place) => pool[place]!);
    return Int32Array.from(explored, (isExplored) => (isExplored ? drawn.shift()! : order.shift()!));
  };
}
