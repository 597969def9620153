import { hashUnit } from '../../numerics/splits.ts';
import { createRandom } from '../../numerics/random.ts';
import { emptyHistory, filterDataset, hasTimes, historyAt } from '../dataset.ts';
import type { Dataset, History } from '../model.ts';

/** One question whose answer is known: what comes after this history? */
export interface Ask {
  history: History;
  /** Seconds since 1970 UTC; NaN without times. */
  now: number;
  targets: Int32Array;
}

/** Questions, and the training data that does not hold their answers. */
export interface Fold {
  train: Dataset;
  asks: Ask[];
}

/** How the questions are cut out; the cut must mirror what will be asked. */
export type Cut = 'last' | 'time' | 'random';

/** More questions than this teach nothing more, and cost time. */
const MOST_ASKS = 4000;
/** Of each learner at most the last so many courses are asked for. */
const POSITIONS = 4;
/** Share of the learners that are asked for their first course too, as newcomers. */
const NEWCOMERS = 0.3;
/** Imitations of a split by time: shares of the interactions that lie before each. */
const CUTS = [0.55, 0.7, 0.85];
const SHARE_HIDDEN = 0.25;

export function foldsOf(dataset: Dataset, cut: Cut, seed: number): Fold[] {
  if (cut === 'time' && hasTimes(dataset)) return timeFolds(dataset, seed);
  return learnerFolds(dataset, seed, cut === 'random' ? hideAnywhere(seed) : hideLast(seed));
}

/**
 * Learners are dealt into folds; of a fold's learners some courses are hidden from its training data
 * and asked for. Large data needs only one fold with a sample of the learners.
 */
function learnerFolds(dataset: Dataset, seed: number, hide: Hide): Fold[] {
  const learners = dataset.learners.length;
  const dealt = Float64Array.from(dataset.learners, (id) => hashUnit(seed, id));
  const large = learners > MOST_ASKS * 2;
  const folds = large ? 1 : 5;
  const share = large ? MOST_ASKS / 2.5 / learners : 1 / folds;
  return Array.from({ length: folds }, (_, fold) => {
    const asks: Ask[] = [];
    const hidden = new Map<number, Set<number>>();
    for (let learner = 0; learner < learners; learner++) {
      if (Math.floor(dealt[learner]! / share) !== fold) continue;
      hidden.set(learner, hide(dataset, learner, asks));
    }
    const train = filterDataset(dataset, (learner, at) => !hidden.get(learner)?.has(at));
    return { train, asks: asks.slice(0, Math.ceil(MOST_ASKS / folds)) };
  });
}

/** Adds a learner's questions and returns the positions that the training data must not show. */
type Hide = (dataset: Dataset, learner: number, asks: Ask[]) => Set<number>;

/** The last few courses, each after all that came before it; the clock stands at the course before. */
function hideLast(seed: number): Hide {
  return (dataset, learner, asks) => {
    const from = dataset.starts[learner]!;
    const length = dataset.starts[learner + 1]! - from;
    const newcomer = hashUnit(seed + 1, dataset.learners[learner]!) < NEWCOMERS;
    const hidden = new Set<number>();
    for (let at = length - 1; at >= Math.max(newcomer ? 0 : 1, length - POSITIONS); at--) {
      hidden.add(at);
      const history = historyAt(dataset, learner, at);
      const now = at === 0 ? dataset.times[from]! - 1 : history.times[at - 1]!;
      asks.push({ history, now, targets: dataset.items.slice(from + at, from + at + 1) });
    }
    return hidden;
  };
}

/** A random quarter of each learner's courses, all asked for at once: completing a set. */
function hideAnywhere(seed: number): Hide {
  return (dataset, learner, asks) => {
    const from = dataset.starts[learner]!;
    const length = dataset.starts[learner + 1]! - from;
    const random = createRandom(Math.floor(hashUnit(seed + 2, dataset.learners[learner]!) * 2 ** 32));
    const hidden = new Set<number>();
    const wanted = Math.max(1, Math.round(SHARE_HIDDEN * length));
    const positions = random.shuffle(Array.from({ length }, (_, at) => at));
    if (length < 2 && random.next() > NEWCOMERS) return hidden;
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

/** Several earlier moments at which all that followed is hidden and asked for, the clock at that moment. */
function timeFolds(dataset: Dataset, seed: number): Fold[] {
  const sorted = dataset.times.filter((time) => !Number.isNaN(time)).sort();
  const moments = new Set(CUTS.map((share) => sorted[Math.floor(share * sorted.length)]!));
  return [...moments].map((moment) => {
    const asks: Ask[] = [];
    for (let learner = 0; learner < dataset.learners.length; learner++) {
      const from = dataset.starts[learner]!;
      const to = dataset.starts[learner + 1]!;
      let at = from;
      while (at < to && !(dataset.times[at]! >= moment)) at++;
      if (at === to) continue;
      const history = at === from ? emptyHistory : historyAt(dataset, learner, at - from);
      asks.push({ history, now: moment, targets: dataset.items.slice(at, to) });
    }
    const train = filterDataset(dataset, (learner, at) => !(dataset.times[dataset.starts[learner]! + at]! >= moment));
    const most = Math.ceil(MOST_ASKS / moments.size);
    return { train, asks: createRandom(seed).shuffle(asks).slice(0, most) };
  });
}
