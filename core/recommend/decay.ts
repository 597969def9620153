import type { Evidence, History } from './model.ts';

/** A weight below this counts nothing. */
const FAINT = 0.001;
/** Courses further back than this are not looked at, whatever they count. */
const REMEMBERED = 500;

/**
 * What each course of a history counts: the newest 1, each before it `step` times its follower,
 * all scaled by the square root of its evidence of interest.
 */
export function decayedWeights(history: History, step: number): { item: number; weight: number }[] {
  const length = history.items.length;
  const weights: { item: number; weight: number }[] = [];
  let decay = 1;
  for (let at = length - 1; at >= Math.max(0, length - REMEMBERED) && decay >= FAINT; at--) {
    weights.push({ item: history.items[at]!, weight: decay * Math.sqrt(history.weights[at]!) });
    decay *= step;
  }
  return weights;
}

/** The course of the history with the largest share in a score that is a sum of parts. */
export function strongest(parts: Iterable<{ item: number; part: number }>): Evidence | undefined {
  let best: { item: number; part: number } | undefined;
  let total = 0;
  for (const one of parts) {
    if (one.part <= 0) continue;
    total += one.part;
    if (!best || one.part > best.part) best = one;
  }
  return best && { item: best.item, share: best.part / total };
}
