import { decayedWeights } from './decay.ts';
import type { History } from './model.ts';

/** Share of each topic; the shares sum to 1. */
export type TopicMix = ReadonlyMap<string, number>;

/** Share of the learner's own mix that is mixed into a list's, so that the divergence stays finite. */
const MIXED = 0.01;
/** Courses with topics below which a history says too little of what its owner likes. */
const FEWEST = 3;

/**
 * The topics of a history: each course counts by its evidence of interest and shares it out evenly
 * among its topics (Steck 2018, eq. 2). Empty where fewer than three courses have any.
 */
export function topicMix(history: History, topicsOf: (item: number) => readonly string[]): TopicMix {
  const weights = decayedWeights(history, 1).filter(({ item }) => topicsOf(item).length > 0);
  return weights.length < FEWEST ? new Map() : mixOf(weights, topicsOf);
}

/** The topics of a list in which every course counts the same; courses without topics count nothing. */
export function listMix(list: Iterable<number>, topicsOf: (item: number) => readonly string[]): TopicMix {
  return mixOf(
    Array.from(list, (item) => ({ item, weight: 1 })),
    topicsOf,
  );
}

/**
 * Kullback–Leibler divergence Σ p · ln(p / q̃) in nats, q̃ = (1 − α) q + α p, α = .01 (Steck 2018,
 * "Calibrated Recommendations", eq. 4 and 5): 0 where the list has the learner's mix, at most
 * −ln α = 4.6 where it has nothing of it.
 */
export function divergence(own: TopicMix, list: TopicMix): number {
  let sum = 0;
  for (const [topic, p] of own) sum += p * Math.log(p / ((1 - MIXED) * (list.get(topic) ?? 0) + MIXED * p));
  return sum;
}

function mixOf(
  weights: readonly { item: number; weight: number }[],
  topicsOf: (item: number) => readonly string[],
): TopicMix {
  const mix = new Map<string, number>();
  let total = 0;
  for (const { item, weight } of weights) {
    const topics = topicsOf(item);
    if (topics.length === 0) continue;
    total += weight;
    for (const topic of topics) mix.set(topic, (mix.get(topic) ?? 0) + weight / topics.length);
  }
  for (const [topic, sum] of mix) mix.set(topic, sum / total);
  return mix;
}
