import { emptyHistory, filterDataset, hasTimes, historyAt } from '../recommend/dataset.ts';
import type { Dataset, History } from '../recommend/model.ts';
import type { Cut } from '../recommend/held-out.ts';
import { withoutLaterRatings, type Interactions } from './interactions.ts';

/** One learner's question: what came after this history. */
export interface Question {
  history: History;
  /** Seconds since 1970 UTC, the newest moment that may be read; NaN without times. */
  now: number;
  /** What came: distinct, none of it in the history. */
  relevant: Int32Array;
  /** Ratings in [0, 1] of `relevant`; NaN where none was given. */
  ratings: Float32Array;
}

/** What is trained on, and what is asked. */
export interface Split {
  protocol: 'last-out' | 'time' | 'pre-split';
  train: Dataset;
  questions: Question[];
  /** Distinct learners of train and test together. */
  learners: number;
  /** Test interactions. */
  tested: number;
  /** The cut by which a model that learns from held-out courses should hold them out. */
  cut: Cut | 'auto';
}

/**
 * The last course of every learner with at least two:
 *
 *     learner 1   a b c │ d
 *     learner 2   a │ b
 *     learner 3   a            (trained on, not asked)
 *
 * The clock of a question stands at the learner's last training interaction.
 */
export function lastOut(interactions: Interactions): Split {
  const { dataset } = interactions;
  const lengthOf = (learner: number): number => dataset.starts[learner + 1]! - dataset.starts[learner]!;
  const lastTrained = (learner: number): number =>
    dataset.times[dataset.starts[learner]! + Math.max(0, lengthOf(learner) - 2)]!;
  const known = withoutLaterRatings(interactions, lastTrained);
  const questions: Question[] = [];
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const length = lengthOf(learner);
    if (length < 2) continue;
    const history = historyAt(known, learner, length - 1);
    const last = dataset.starts[learner]! + length - 1;
    questions.push({
      history,
      now: history.times.at(-1)!,
      relevant: dataset.items.slice(last, last + 1),
      ratings: dataset.ratings.slice(last, last + 1),
    });
  }
  const train = filterDataset(known, (learner, at) => lengthOf(learner) < 2 || at < lengthOf(learner) - 1);
  return {
    protocol: 'last-out',
    train,
    questions,
    learners: dataset.learners.length,
    tested: questions.length,
    cut: 'auto',
  };
}

/**
 * Everything first seen before one moment is trained on; every learner with something new from then
 * on is asked for all of it, the clock at that moment:
 *
 *                   at
 *     learner 1   a b │ c d
 *     learner 2       │ a        (a newcomer: empty history)
 *     learner 3   a c │          (trained on, not asked)
 */
export function timeSplit(interactions: Interactions, at: number): Split {
  const { dataset } = interactions;
  const known = withoutLaterRatings(interactions, () => at);
  const before = (learner: number, position: number): boolean =>
    dataset.times[dataset.starts[learner]! + position]! < at;
  const questions: Question[] = [];
  let tested = 0;
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const from = dataset.starts[learner]!;
    const to = dataset.starts[learner + 1]!;
    let seen = 0;
    while (from + seen < to && before(learner, seen)) seen++;
    if (from + seen === to) continue;
    tested += to - from - seen;
    questions.push({
      history: seen === 0 ? emptyHistory : historyAt(known, learner, seen),
      now: at,
      relevant: dataset.items.slice(from + seen, to),
      ratings: dataset.ratings.slice(from + seen, to),
    });
  }
  return {
    protocol: 'time',
    train: filterDataset(known, before),
    questions,
    learners: dataset.learners.length,
    tested,
    cut: 'time',
  };
}

/**
 * A split that was made elsewhere. Test pairs that the learner already has in train are repeats and
 * are not asked. The clock of a question stands at the learner's last training interaction, of a
 * newcomer at the newest of train.
 *
 * @param test built over the same courses; learners are matched by id.
 */
export function preSplit(train: Dataset, test: Dataset): Split {
  const learnerOf = new Map(train.learners.map((id, index) => [id, index]));
  let newest = NaN;
  for (const time of train.times) if (!(newest >= time)) newest = Number.isNaN(time) ? newest : time;
  const questions: Question[] = [];
  let learners = train.learners.length;
  let tested = 0;
  let early = 0;
  let dated = 0;
  for (let row = 0; row < test.learners.length; row++) {
    const learner = learnerOf.get(test.learners[row]!);
    if (learner === undefined) learners++;
    const history = learner === undefined ? emptyHistory : historyAt(train, learner);
    const had = new Set(history.items);
    const fresh: number[] = [];
    for (let at = test.starts[row]!; at < test.starts[row + 1]!; at++) if (!had.has(test.items[at]!)) fresh.push(at);
    if (fresh.length === 0) continue;
    const last = history.times.at(-1) ?? newest;
    for (const at of fresh) {
      if (history.items.length === 0 || Number.isNaN(last) || Number.isNaN(test.times[at]!)) continue;
      dated++;
      if (test.times[at]! < last) early++;
    }
    tested += fresh.length;
    questions.push({
      history,
      now: last,
      relevant: Int32Array.from(fresh, (at) => test.items[at]!),
      ratings: Float32Array.from(fresh, (at) => test.ratings[at]!),
    });
  }
  // Where test rows mostly lie before a learner's newest training row, the task is completing a set.
  const completing = hasTimes(train) && dated > 0 && early > dated / 2;
  return { protocol: 'pre-split', train, questions, learners, tested, cut: completing ? 'random' : 'auto' };
}
