import { averageRank, ndcg } from '../../numerics/ranking.ts';
import { hashUnit } from '../../numerics/splits.ts';
import { quantile } from '../../numerics/statistics.ts';
import { filterDataset, hasTimes, historyAt } from '../../recommend/dataset.ts';
import { hideAnywhere, hideLast, type Ask, type Clock, type Cut, type Hide } from '../../recommend/held-out.ts';
import type { Dataset, Model } from '../../recommend/model.ts';

/** Courses held out of training data to choose settings by: the newest, as far as the cut knows of new. */
export interface Validation {
  /** The data without what is asked for. */
  rest: Dataset;
  asks: Ask[];
  /** Learner of each ask, by index. */
  learners: Int32Array;
  /** 1 where the ask decides the search; 0 where it is kept to confirm what the search has found. */
  searching: Uint8Array;
  /** From when on courses are asked for, of the cut 'time'; in words for all. */
  window: string;
}

/** Learners asked; more would say the same, later. */
const ASKED = 6000;
/** Share of the interactions that the cut 'time' asks for. */
const NEWEST = 0.1;
const K = 10;

/** @throws RangeError for the cut 'time' on data without times. */
export function holdOut(dataset: Dataset, { cut, clock, seed }: { cut: Cut; clock: Clock; seed: number }): Validation {
  const from = cut === 'time' ? newestFrom(dataset) : NaN;
  const hide =
    cut === 'random'
      ? hideAnywhere(seed, 0)
      : cut === 'last'
        ? hideLast({ seed, positions: 1, newcomers: 0, clock })
        : hideNewest(from, clock);
  const asks: Ask[] = [];
  const learners: number[] = [];
  const hidden = new Map<number, Set<number>>();
  const able = Array.from(dataset.learners, (_, learner) => learner).filter((learner) => {
    const length = dataset.starts[learner + 1]! - dataset.starts[learner]!;
    return cut === 'time' ? length > 0 : length >= 2;
  });
  const share = ASKED / able.length;
  for (const learner of able) {
    // Of the cut 'time' nothing newer may stay, whether asked for or not.
    const asked = hashUnit(seed, dataset.learners[learner]!) < share;
    if (!asked && cut !== 'time') continue;
    hidden.set(learner, hide(dataset, learner, asks));
    if (!asked) asks.length = learners.length;
    while (learners.length < asks.length) learners.push(learner);
  }
  return {
    rest: filterDataset(dataset, (learner, at) => !hidden.get(learner)?.has(at)),
    asks,
    learners: Int32Array.from(learners),
    searching: Uint8Array.from(learners, (learner) => (hashUnit(seed + 3, dataset.learners[learner]!) < 0.5 ? 1 : 0)),
    window:
      cut === 'last'
        ? 'the last training course of each learner'
        : cut === 'random'
          ? 'a random quarter of the training courses of each learner'
          : `training courses from ${new Date(from * 1000).toISOString()} on`,
  };
}

/** A share of the learners alone, the smaller within the larger, and who of the asks is among them. */
export function partOf(
  { rest, learners }: Validation,
  share: number,
  seed: number,
): { rest: Dataset; among: number[] } {
  const taken = (learner: number) => share >= 1 || hashUnit(seed + 4, rest.learners[learner]!) < share;
  return {
    rest: share >= 1 ? rest : filterDataset(rest, (learner) => taken(learner)),
    among: Array.from(learners, (_, ask) => ask).filter((ask) => taken(learners[ask]!)),
  };
}

/** NDCG@10 of some asks over the whole catalogue without the learner's own, in their order. */
export function gainsOf(model: Pick<Model, 'score'>, { rest, asks }: Validation, among: readonly number[]): number[] {
  const excluded = new Uint8Array(rest.courses.length);
  return among.map((ask) => {
    const { history, now, targets } = asks[ask]!;
    for (const item of history.items) excluded[item] = 1;
    const scores = model.score(history, now);
    const ranks = Array.from(targets, (target) => averageRank(scores, target, excluded));
    for (const item of history.items) excluded[item] = 0;
    return ndcg(ranks, K);
  });
}

function newestFrom(dataset: Dataset): number {
  if (!hasTimes(dataset)) throw new RangeError('Courses can not be held out by time: the data has none');
  const dated = dataset.times.filter((time) => !Number.isNaN(time));
  return quantile(dated, 1 - NEWEST);
}

/** All that a learner took from a moment on, asked for at once. */
function hideNewest(from: number, clock: Clock): Hide {
  return (dataset, learner, asks) => {
    const start = dataset.starts[learner]!;
    const length = dataset.starts[learner + 1]! - start;
    let known = 0;
    while (known < length && !(dataset.times[start + known]! >= from)) known++;
    const hidden = new Set(Array.from({ length: length - known }, (_, at) => known + at));
    if (hidden.size > 0) {
      const now = clock === 'asked' ? dataset.times[start + known]! : from;
      asks.push({
        history: historyAt(dataset, learner, known),
        now,
        targets: dataset.items.slice(start + known, start + length),
      });
    }
    return hidden;
  };
}
