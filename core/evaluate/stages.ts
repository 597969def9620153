import { topK } from '../numerics/ranking.ts';
import { createRandom } from '../numerics/random.ts';
import { topicMix } from '../recommend/calibration.ts';
import type { ChoiceSettings } from '../recommend/choice.ts';
import { EXPLORED_DEPTH, place } from '../recommend/exploration.ts';
import type { CourseFacts, History } from '../recommend/model.ts';
import type { ContentModel } from '../recommend/models/content.ts';
import { rerank } from '../recommend/rerank.ts';

/** What a served list goes through after the ranker; 0 switches a part of it off. */
export type Arrangement = Pick<ChoiceSettings, 'diversity' | 'calibration' | 'explore'>;

/** A row of the report beside the hybrid's own. */
export interface Stage {
  name: string;
  arrangement: Arrangement;
}

/** Each stage of the service by itself, and all of them, as a slate is served, as `rerank`. */
export function servingStages({ diversity, calibration, explore }: Arrangement): Stage[] {
  const none: Arrangement = { diversity: 0, calibration: 0, explore: 0 };
  return [
    { name: 'diversity', arrangement: { ...none, diversity } },
    { name: 'calibration', arrangement: { ...none, calibration } },
    { name: 'exploration', arrangement: { ...none, explore } },
    { name: 'rerank', arrangement: { diversity, calibration, explore } },
  ];
}

/**
 * The list that is shown for these scores.
 *
 * @param scores probabilities: their logarithms are what is weighed.
 * @param excluded 1 keeps a course out.
 * @param given.seed of what is explored.
 */
export function arrange(
  { diversity, calibration, explore }: Arrangement,
  scores: Float32Array,
  excluded: Uint8Array,
  given: { k: number; history: History; courses: readonly CourseFacts[]; about: ContentModel; seed: number },
): Int32Array {
  const { k, history, courses, about, seed } = given;
  const topicsOf = (item: number): readonly string[] => courses[item]!.topics;
  const best = topK(scores, EXPLORED_DEPTH + k, excluded);
  const ranked = Array.from(best, (item) => ({ item, score: Math.log(scores[item]!) }));
  const order = rerank(ranked, {
    count: k,
    diversity,
    similarity: (a, b) => about.similarity(a, b),
    calibration: { strength: calibration, mix: topicMix(history, topicsOf), topicsOf },
  });
  const taken = new Set(order.map(({ item }) => item));
  const pool = ranked.filter(({ item }) => !taken.has(item)).slice(0, EXPLORED_DEPTH);
  return Int32Array.from(place(order, pool, explore, createRandom(seed)), ({ item }) => item);
}
