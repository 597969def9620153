import { hashUnit } from '../../numerics/splits.ts';
import { createRandom } from '../../numerics/random.ts';
import { emptyHistory, filterDataset, hasTimes, historyAt } from '../dataset.ts';
import { hideAnywhere, hideLast, type Ask, type Clock, type Cut, type Hide } from '../held-out.ts';
import type { Dataset } from '../model.ts';

/** Questions, and the training data that does not hold their answers. */
export interface Fold {
  train: Dataset;
  asks: Ask[];
}

/** More questions than this teach nothing more, and cost time. */
const MOST_ASKS = 4000;
/** Of each learner at most the last so many courses are asked for. */
const POSITIONS = 4;
/** Share of the learners that are asked for their first course too, as newcomers. */
const NEWCOMERS = 0.3;
/** Imitations of a split by time: shares of the interactions that lie before each. */
const CUTS = [0.55, 0.7, 0.85];

export interface FoldOptions {
  cut: Cut;
  clock: Clock;
  seed: number;
}

export function foldsOf(dataset: Dataset, { cut, clock, seed }: FoldOptions): Fold[] {
  if (cut === 'time' && hasTimes(dataset)) return timeFolds(dataset, seed);
  return cut === 'random'
    ? learnerFolds(dataset, seed, hideAnywhere(seed, NEWCOMERS), 1)
    : learnerFolds(dataset, seed, hideLast({ seed, positions: POSITIONS, newcomers: NEWCOMERS, clock }), 2.5);
}

/**
 * Learners are dealt into folds; of a fold's learners some courses are hidden from its training data
 * and asked for. Large data needs only one fold with a sample of the learners.
 *
 * @param perLearner about how many questions `hide` asks a learner.
 */
function learnerFolds(dataset: Dataset, seed: number, hide: Hide, perLearner: number): Fold[] {
  const learners = dataset.learners.length;
  const dealt = Float64Array.from(dataset.learners, (id) => hashUnit(seed, id));
  const large = learners > MOST_ASKS * 2;
  const folds = large ? 1 : 5;
  const share = large ? MOST_ASKS / perLearner / learners : 1 / folds;
  return Array.from({ length: folds }, (_, fold) => {
    const asks: Ask[] = [];
    const hidden = new Map<number, Set<number>>();
    for (let learner = 0; learner < learners; learner++) {
      if (Math.floor(dealt[learner]! / share) !== fold) continue;
      hidden.set(learner, hide(dataset, learner, asks));
    }
    const train = filterDataset(dataset, (learner, at) => !hidden.get(learner)?.has(at));
    // The first in the file are not like the rest.
    return {
      train,
      asks: createRandom(seed)
        .shuffle(asks)
        .slice(0, Math.ceil(MOST_ASKS / folds)),
    };
  });
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
