import { createRandom } from '../numerics/random.ts';
import { hashUnit } from '../numerics/splits.ts';
import { historyAt } from './dataset.ts';
import type { Dataset, History } from './model.ts';
import { hasOrder } from './order.ts';

/** One question whose answer is known: what comes after this history? */
export interface Ask {
  history: History;
  /** Seconds since 1970 UTC; NaN without times. */
  now: number;
  targets: Int32Array;
}

/** How courses are held out to learn from; the cut must mirror what will be asked. */
export type Cut = 'last' | 'time' | 'random';
export const cuts = ['auto', 'last', 'time', 'random'] as const;

/** 'auto': last courses where order means anything, else at random. */
export function cutOf(cut: Cut | 'auto', dataset: Dataset, seed: number): Cut {
  return cut === 'auto' ? (hasOrder(dataset, seed) ? 'last' : 'random') : cut;
}

/** Adds a learner's questions and returns the positions that the training data must not show. */
export type Hide = (dataset: Dataset, learner: number, asks: Ask[]) => Set<number>;

const SHARE_HIDDEN = 0.25;

/**
 * The last few courses, each after all that came before it; the clock stands at the course before.
 *
 * @param positions courses asked for at most.
 * @param newcomers share of the learners that are asked for their first course too.
 */
export function hideLast(seed: number, positions: number, newcomers: number): Hide {
  return (dataset, learner, asks) => {
    const from = dataset.starts[learner]!;
    const length = dataset.starts[learner + 1]! - from;
    const newcomer = hashUnit(seed + 1, dataset.learners[learner]!) < newcomers;
    const hidden = new Set<number>();
    for (let at = length - 1; at >= Math.max(newcomer ? 0 : 1, length - positions); at--) {
      hidden.add(at);
      const history = historyAt(dataset, learner, at);
      const now = at === 0 ? dataset.times[from]! - 1 : history.times[at - 1]!;
      asks.push({ history, now, targets: dataset.items.slice(from + at, from + at + 1) });
    }
    return hidden;
  };
}

/** A random quarter of each learner's courses, all asked for at once: completing a set. */
export function hideAnywhere(seed: number, newcomers: number): Hide {
  return (dataset, learner, asks) => {
    const from = dataset.starts[learner]!;
    const length = dataset.starts[learner + 1]! - from;
    const random = createRandom(Math.floor(hashUnit(seed + 2, dataset.learners[learner]!) * 2 ** 32));
    const hidden = new Set<number>();
    const wanted = Math.max(1, Math.round(SHARE_HIDDEN * length));
    const positions = random.shuffle(Array.from({ length }, (_, at) => at));
    if (length < 2 && random.next() > newcomers) return hidden;
    for (const at of positions.slice(0, wanted)) hidden.add(at);
    const kept = positions.slice(wanted).sort((a, b) => a - b);
    const at = Int32Array.from(kept, (position) => from + position);
    const history: History = {
      items: Int32Array.from(at, (index) => dataset.items[index]!),
      times: Float64Array.from(at, (index) => dataset.times[index]!),
      weights: Float32Array.from(at, (index) => dataset.weights[index]!),
      ratings: Float32Array.from(at, (index) => dataset.ratings[index]!),
    };
    asks.push({
      history,
      now: history.times.at(-1) ?? NaN,
      targets: Int32Array.from(hidden, (position) => dataset.items[from + position]!),
    });
    return hidden;
  };
}
