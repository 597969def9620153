import { hashUnit } from '../../numerics/splits.ts';
import { createRandom } from '../../numerics/random.ts';
import { filterDataset, hasTimes, historyAt } from '../dataset.ts';
import { hideAnywhere, hideLast, type Ask, type Clock, type Cut, type Hide } from '../held-out.ts';
import type { Dataset } from '../model.ts';

/** Questions, and the training data that does not hold their answers. */
export interface Fold {
  train: Dataset;
  asks: Ask[];
}

/** More questions than this teach little more, and cost time and memory. */
export const MOST_ASKS = 8000;
/** With more learners than this one sample of them is asked: folds would cost as many fits. */
const LARGE = 8000;
/** Of each learner at most the last so many courses are asked for. */
const POSITIONS = 4;
/** Share of the learners that are asked for their first course too, as newcomers. */
const NEWCOMERS = 0;
/**
 * Imitations of a split by time: shares of the interactions that lie before each. Early enough that new
 * courses are asked for; chosen on MARS cut at 2018-02-01, 2018-06-22 and 2018-12-05, up to 2019-07-01.
 */
const CUTS = [0.4, 0.6, 0.8];

export interface FoldOptions {
  cut: Cut;
  clock: Clock;
  seed: number;
}

export function foldsOf(dataset: Dataset, { cut, clock, seed }: FoldOptions): Fold[] {
  if (cut === 'time' && hasTimes(dataset)) return timeFolds(dataset, clock, seed);
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
  const large = learners > LARGE;
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

/**
 * Several earlier moments, at each of which the models stand still while what follows is asked for:
 *
 *                 moment
 *     learner 1   a b │ c d     a b → c d, the clock at the moment or, asked, at c
 *     learner 2       │ a b     a → b, the clock at a or, asked, at b
 *
 * Learner 2 is a newcomer, who is met again before the models are. What a learner without history
 * takes is not asked for: `cold/` answers that.
 */
function timeFolds(dataset: Dataset, clock: Clock, seed: number): Fold[] {
  const sorted = dataset.times.filter((time) => !Number.isNaN(time)).sort();
  const moments = new Set(CUTS.map((share) => sorted[Math.floor(share * sorted.length)]!));
  const most = Math.ceil(MOST_ASKS / moments.size);
  return [...moments].map((moment) => {
    const asks: Ask[] = [];
    for (let learner = 0; learner < dataset.learners.length; learner++) {
      const from = dataset.starts[learner]!;
      const to = dataset.starts[learner + 1]!;
      let at = from;
      while (at < to && !(dataset.times[at]! >= moment)) at++;
      if (at === to) continue;
      const asked = clock === 'asked';
      if (at > from) {
        const now = asked ? dataset.times[at]! : moment;
        asks.push({ history: historyAt(dataset, learner, at - from), now, targets: dataset.items.slice(at, to) });
      } else if (to - from > 1) {
        const now = dataset.times[asked ? from + 1 : from]!;
        asks.push({ history: historyAt(dataset, learner, 1), now, targets: dataset.items.slice(from + 1, from + 2) });
      }
    }
    const train = filterDataset(dataset, (learner, at) => !(dataset.times[dataset.starts[learner]! + at]! >= moment));
    return { train, asks: createRandom(seed).shuffle(asks).slice(0, most) };
  });
}
