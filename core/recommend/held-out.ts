import { createRandom } from '../numerics/random.ts';
import { averageRank, ndcg } from '../numerics/ranking.ts';
import { hashUnit } from '../numerics/splits.ts';
import { filterDataset, historyAt } from './dataset.ts';
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

/**
 * Where "now" stands as a course is asked for: at the learner's last event before it, or at the moment
 * that it was taken.
 */
export type Clock = 'last' | 'asked';
export const clocks = ['last', 'asked'] as const;

/** 'auto': last courses where order means anything, else at random. */
export function cutOf(cut: Cut | 'auto', dataset: Dataset, seed: number): Cut {
  return cut === 'auto' ? (hasOrder(dataset, seed) ? 'last' : 'random') : cut;
}

/** Adds a learner's questions and returns the positions that the training data must not show. */
export type Hide = (dataset: Dataset, learner: number, asks: Ask[]) => Set<number>;

const SHARE_HIDDEN = 0.25;

export interface HideLastOptions {
  seed: number;
  /** Courses asked for at most. */
  positions: number;
  /** Share of the learners that are asked for their first course too. */
  newcomers: number;
  clock: Clock;
}

/** The last few courses, each after all that came before it. */
export function hideLast({ seed, positions, newcomers, clock }: HideLastOptions): Hide {
  return (dataset, learner, asks) => {
    const from = dataset.starts[learner]!;
    const length = dataset.starts[learner + 1]! - from;
    const newcomer = hashUnit(seed + 1, dataset.learners[learner]!) < newcomers;
    const hidden = new Set<number>();
    for (let at = length - 1; at >= Math.max(newcomer ? 0 : 1, length - positions); at--) {
      hidden.add(at);
      const history = historyAt(dataset, learner, at);
      const asked = dataset.times[from + at]!;
      const now = clock === 'asked' ? asked : at === 0 ? asked - 1 : history.times[at - 1]!;
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

/** A trial of settings: fit on `rest`, then ask how good the scores are. */
export interface Trial {
  /** The dataset without what is asked for. */
  rest: Dataset;
  /** Sum of NDCG@10 over the questions. */
  gain(score: (history: History) => Float32Array): number;
}

/** Learners asked in a trial; more changes no choice. */
const TRIED = 2000;
const FEWEST = 20;

/** Holds courses of some learners out to choose a model's settings by; undefined when there are too few to tell. */
export function createTrial(dataset: Dataset, cut: Cut, seed: number): Trial | undefined {
  const able = Array.from(dataset.learners, (_, learner) => learner).filter(
    (learner) => dataset.starts[learner + 1]! - dataset.starts[learner]! >= 2,
  );
  const share = Math.min(0.5, TRIED / able.length);
  const asked = able.filter((learner) => hashUnit(seed, dataset.learners[learner]!) < share);
  if (asked.length < FEWEST) return undefined;
  const hide = cut === 'random' ? hideAnywhere(seed, 0) : hideLast({ seed, positions: 1, newcomers: 0, clock: 'last' });
  const asks: Ask[] = [];
  const hidden = new Map(asked.map((learner) => [learner, hide(dataset, learner, asks)]));
  const excluded = new Uint8Array(dataset.courses.length);
  return {
    rest: filterDataset(dataset, (learner, at) => !hidden.get(learner)?.has(at)),
    gain(score) {
      let sum = 0;
      for (const { history, targets } of asks) {
        for (const item of history.items) excluded[item] = 1;
        const scores = score(history);
        const ranks = Array.from(targets, (target) => averageRank(scores, target, excluded));
        sum += ndcg(ranks, 10);
        for (const item of history.items) excluded[item] = 0;
      }
      return sum;
    },
  };
}
