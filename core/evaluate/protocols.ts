import { emptyHistory, filterDataset, hasTimes, historyAt } from '../recommend/dataset.ts';
import type { Clock } from '../recommend/held-out.ts';
import type { Dataset } from '../recommend/model.ts';
import { withoutLaterRatings, type Interactions } from './interactions.ts';
import type { Question, Split } from './split.ts';

/**
 * The last course of every learner with at least two:
 *
 *     learner 1   a b c │ d
 *     learner 2   a │ b
 *     learner 3   a            (trained on, not asked)
 *
 * The clock of a question stands at the learner's last training interaction, or, asked, at the
 * tested one.
 */
export function lastOut(interactions: Interactions, clock: Clock): Split {
  const { dataset } = interactions;
  const lengthOf = (learner: number): number => dataset.starts[learner + 1]! - dataset.starts[learner]!;
  const clockOf = (learner: number): number => {
    const length = lengthOf(learner);
    const [trained, tested] = [Math.max(0, length - 2), length - 1];
    const from = dataset.starts[learner]!;
    return clock === 'asked' ? laterOf(dataset, from + tested, from + trained) : dataset.times[from + trained]!;
  };
  const known = withoutLaterRatings(interactions, (learner, ratedAt) => !(ratedAt > clockOf(learner)));
  const questions: Question[] = [];
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const length = lengthOf(learner);
    if (length < 2) continue;
    const last = dataset.starts[learner]! + length - 1;
    questions.push({
      learner,
      history: historyAt(known, learner, length - 1),
      now: clockOf(learner),
      ...answers(dataset, last, last + 1),
    });
  }
  const train = filterDataset(known, (learner, at) => lengthOf(learner) < 2 || at < lengthOf(learner) - 1);
  return {
    protocol: 'last-out',
    clock,
    cut: 'auto',
    rounds: [{ train: () => train, size: train.items.length, questions }],
    learners: dataset.learners.length,
    trained: train.items.length,
    tested: questions.length,
  };
}

/**
 * Everything first seen before one moment is trained on; every learner with something new from then
 * on is asked for all of it, the clock at that moment or, asked, at the first of what is tested:
 *
 *                   at
 *     learner 1   a b │ c d
 *     learner 2       │ a b
 *     learner 3   a c │          (trained on, not asked)
 *
 * Learner 2 is first seen after the moment: asked with an empty history for all, and once more in
 * two groups of their own, of the same models: `cold` for `a`, `newcomers` for `b` after `a`, the
 * clock at `a` or, asked, at `b`.
 */
export function timeSplit(interactions: Interactions, at: number, clock: Clock): Split {
  const { dataset } = interactions;
  const known = withoutLaterRatings(interactions, (_, ratedAt) => ratedAt < at);
  const before = (learner: number, position: number): boolean =>
    dataset.times[dataset.starts[learner]! + position]! < at;
  const clockOf = (first: number): number => (clock === 'asked' ? dataset.times[first]! : at);
  const questions: Question[] = [];
  const side: Question[] = [];
  let tested = 0;
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const from = dataset.starts[learner]!;
    const to = dataset.starts[learner + 1]!;
    let seen = 0;
    while (from + seen < to && before(learner, seen)) seen++;
    if (from + seen === to) continue;
    tested += to - from - seen;
    const history = seen === 0 ? emptyHistory : historyAt(known, learner, seen);
    questions.push({ learner, history, now: clockOf(from + seen), ...answers(dataset, from + seen, to) });
    if (seen > 0) continue;
    side.push({ learner, history, now: clockOf(from), ...answers(dataset, from, from + 1), side: 'cold' });
    if (to - from < 2) continue;
    const now = dataset.times[clock === 'asked' ? from + 1 : from]!;
    const first = historyUntil(interactions, learner, 1, now);
    side.push({ learner, history: first, now, ...answers(dataset, from + 1, from + 2), side: 'newcomers' });
  }
  const train = filterDataset(known, before);
  return {
    protocol: 'time',
    clock,
    cut: 'time',
    rounds: [{ train: () => train, size: train.items.length, before: at, questions: [...questions, ...side] }],
    learners: dataset.learners.length,
    trained: train.items.length,
    tested,
  };
}

/**
 * A split that was made elsewhere. Test pairs that the learner already has in train are repeats and
 * are not asked. The clock of a question stands at the learner's last training interaction, of a
 * newcomer at the newest of train; asked, at the first of the tested ones, and what train holds of
 * the learner after it is taken out.
 *
 * @param test built over the same courses; learners are matched by id.
 */
export function preSplit(given: Dataset, test: Dataset, clock: Clock): Split {
  const learnerOf = new Map(given.learners.map((id, index) => [id, index]));
  let newest = NaN;
  for (const time of given.times) if (!(newest >= time)) newest = Number.isNaN(time) ? newest : time;
  const questions: Question[] = [];
  const clockOf = new Float64Array(given.learners.length).fill(Infinity);
  let learners = given.learners.length;
  let tested = 0;
  let early = 0;
  let dated = 0;
  for (let row = 0; row < test.learners.length; row++) {
    const learner = learnerOf.get(test.learners[row]!) ?? -1;
    if (learner < 0) learners++;
    const whole = learner < 0 ? emptyHistory : historyAt(given, learner);
    const had = new Set(whole.items);
    const fresh: number[] = [];
    for (let at = test.starts[row]!; at < test.starts[row + 1]!; at++) if (!had.has(test.items[at]!)) fresh.push(at);
    if (fresh.length === 0) continue;
    const last = whole.times.at(-1) ?? newest;
    for (const at of fresh) {
      if (whole.items.length === 0 || Number.isNaN(last) || Number.isNaN(test.times[at]!)) continue;
      dated++;
      if (test.times[at]! < last) early++;
    }
    tested += fresh.length;
    const first = test.times[fresh[0]!]!;
    const now = clock === 'asked' && !Number.isNaN(first) ? first : last;
    if (learner >= 0 && clock === 'asked') clockOf[learner] = now;
    const seen = whole.times.findIndex((time) => time > now);
    questions.push({
      learner,
      history: seen < 0 ? whole : historyAt(given, learner, seen),
      now,
      relevant: Int32Array.from(fresh, (at) => test.items[at]!),
      ratings: Float32Array.from(fresh, (at) => test.ratings[at]!),
    });
  }
  const train = filterDataset(given, (learner, at) => !(given.times[given.starts[learner]! + at]! > clockOf[learner]!));
  // Where test rows mostly lie before a learner's newest training row, the task is completing a set.
  const completing = hasTimes(given) && dated > 0 && early > dated / 2;
  return {
    protocol: 'pre-split',
    clock,
    cut: completing ? 'random' : 'auto',
    rounds: [{ train: () => train, size: train.items.length, questions }],
    learners,
    trained: train.items.length,
    tested,
  };
}

/** The first `length` interactions of a learner with the ratings that were given by `now`. */
export function historyUntil({ dataset, ratedAt }: Interactions, learner: number, length: number, now: number) {
  const history = historyAt(dataset, learner, length);
  const from = dataset.starts[learner]!;
  return { ...history, ratings: history.ratings.map((rating, at) => (ratedAt[from + at]! > now ? NaN : rating)) };
}

/** What is asked for: the interactions at positions `from` to `to` of the dataset. */
export function answers(dataset: Dataset, from: number, to: number): Pick<Question, 'relevant' | 'ratings'> {
  return { relevant: dataset.items.slice(from, to), ratings: dataset.ratings.slice(from, to) };
}

/** The time of one interaction, of the one before where it has none. */
function laterOf({ times }: Dataset, at: number, before: number): number {
  return Number.isNaN(times[at]!) ? times[before]! : times[at]!;
}
