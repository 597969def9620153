import { emptyHistory, filterDataset } from '../recommend/dataset.ts';
import type { Dataset } from '../recommend/model.ts';
import { withoutLaterRatings, type Interactions } from './interactions.ts';
import { answers, historyUntil } from './protocols.ts';
import type { Question, Round, Split } from './split.ts';

/** Fits of `first-out` at most. */
const BLOCKS = 16;
/** Interactions before which nothing can be learned: the first block ends where so many are known. */
const FIRST_KNOWN = 100;

const DAY = 86_400;

/**
 * Cold start: the first course of every learner, from what others had done before it, the clock at
 * the moment asked.
 *
 *     time         ├──── block 1 ────┼──────── block 2 ────────┤
 *     learner 1     ?a   b               c
 *     learner 2            ?a  c
 *     learner 3                             ?b      d
 *
 * Models are fitted at each block's start on everything before it; those that can be renewed then
 * see what came in the block before the moment asked. Blocks grow with what is known: each ends
 * where the interactions are a fixed factor more than at its start, so that there are at most 16
 * fits however long the data.
 *
 * @param interactions all with times.
 */
export function firstOut(interactions: Interactions): Split {
  const { dataset } = interactions;
  const asks = dataset.learners.map((_, learner) => ({ learner, from: dataset.starts[learner]! }));
  const questions = asks
    .filter(({ learner, from }) => dataset.starts[learner + 1]! > from)
    .map(({ learner, from }): Question => ({
      learner,
      history: emptyHistory,
      now: dataset.times[from]!,
      ...answers(dataset, from, from + 1),
    }));
  return roundsOf('first-out', interactions, questions, growingMoments(dataset), true);
}

/**
 * Serving, imitated: models are fitted anew at the start of every month (UTC), or every so many days
 * from the first interaction on, on the past alone; each learner with at least two courses is asked
 * for their last one in the window where it falls, from everything of theirs before it, the clock at
 * the moment asked.
 *
 *     window       │  January  │  February  │  March  │
 *     learner 1       a            b    ?c
 *     learner 2            a                   b ?c
 *     fitted on    ├───────────┤               (asked of learner 1: a b → c)
 *                  ├────────────────────────┤  (asked of learner 2: a b → c)
 *
 * @param interactions all with times.
 */
export function rolling(interactions: Interactions, everyDays?: number): Split {
  const { dataset } = interactions;
  const questions: Question[] = [];
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const from = dataset.starts[learner]!;
    const length = dataset.starts[learner + 1]! - from;
    if (length < 2) continue;
    const last = from + length - 1;
    const now = dataset.times[last]!;
    const history = historyUntil(interactions, learner, length - 1, now);
    questions.push({ learner, history, now, ...answers(dataset, last, last + 1) });
  }
  return roundsOf('rolling', interactions, questions, windowMoments(dataset, everyDays), false);
}

/** @param moments ascending; a round goes from one to the next, the last one to the end. */
function roundsOf(
  protocol: 'first-out' | 'rolling',
  interactions: Interactions,
  questions: readonly Question[],
  moments: readonly number[],
  renewing: boolean,
): Split {
  const { dataset } = interactions;
  const upTo = (moment: number): Dataset =>
    filterDataset(
      withoutLaterRatings(interactions, (_, ratedAt) => ratedAt < moment),
      (learner, at) => dataset.times[dataset.starts[learner]! + at]! < moment,
    );
  const ordered = questions.slice().sort((a, b) => a.now - b.now || a.learner - b.learner);
  const rounds: Round[] = [];
  let next = 0;
  moments.forEach((start, index) => {
    const end = moments[index + 1] ?? Infinity;
    const first = next;
    while (next < ordered.length && ordered[next]!.now < end) next++;
    if (next === first) return;
    rounds.push({
      train: () => upTo(start),
      size: dataset.times.reduce((count, time) => count + (time < start ? 1 : 0), 0),
      before: start,
      ...(renewing && { newer: () => upTo(end) }),
      questions: ordered.slice(first, next),
    });
  });
  return {
    protocol,
    clock: 'asked',
    cut: 'auto',
    rounds,
    learners: dataset.learners.length,
    trained: rounds.at(-1)?.size ?? 0,
    tested: questions.length,
  };
}

/** Starts of blocks: the first interaction, then where what is known has grown by a fixed factor. */
function growingMoments({ times }: Dataset): number[] {
  const sorted = times.slice().sort();
  const moments = [sorted[0] ?? 0];
  const growth = Math.max(1.1, (sorted.length / FIRST_KNOWN) ** (1 / (BLOCKS - 1)));
  for (let known = FIRST_KNOWN; known < sorted.length; known *= growth) {
    const moment = sorted[Math.round(known)] ?? Infinity;
    if (moment > moments.at(-1)! && moments.length < BLOCKS && moment < Infinity) moments.push(moment);
  }
  return moments;
}

/** Starts of windows: of calendar months in UTC, or of stretches of days from the first interaction's day on. */
function windowMoments({ times }: Dataset, everyDays: number | undefined): number[] {
  let first = Infinity;
  let last = -Infinity;
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const begin = new Date(first * 1000);
  const [year, month] = [begin.getUTCFullYear(), begin.getUTCMonth()];
  const startOf = (window: number): number =>
    everyDays === undefined
      ? Date.UTC(year, month + window) / 1000
      : (Math.floor(first / DAY) + window * everyDays) * DAY;
  const moments: number[] = [];
  for (let window = 0; startOf(window) <= last; window++) moments.push(startOf(window));
  return moments;
}
