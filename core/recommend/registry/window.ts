import { hashUnit } from '../../numerics/splits.ts';
import { filterDataset, historyAt } from '../dataset.ts';
import type { Dataset, History } from '../model.ts';

/** What comes after this history? Courses go by their index in the dataset that it was cut from. */
export interface Question {
  history: History;
  /** The moment of the answer, seconds since 1970 UTC; NaN without times. */
  now: number;
  target: number;
}

/** Questions to measure by, and what may be learned from before they are asked. */
export interface Window {
  /** 'newest': all that came after a moment; 'last': last courses of some learners, from any time. */
  kind: 'newest' | 'last';
  questions: Question[];
  train: Dataset;
}

/** More questions would say the same. */
const MOST = 2000;
/** Last courses of so many learners are held out where nothing has to be compared. */
const LAST = 1000;

/**
 * The newest part of the behaviour after a moment: of each learner active in it the first new course. It
 * begins so late that half of those learners are asked, if these are enough, and the other half's behaviour
 * is what a challenger knows that the champion does not: each as old as it will be when it serves.
 *
 * @param after seconds; the last moment that the champion has learned from.
 * @param enough learners to be asked for the figures to mean something.
 */
export function newestWindow(dataset: Dataset, after: number, enough: number): Window {
  const start = startOf(dataset, after, enough);
  const questions: Question[] = [];
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const from = dataset.starts[learner]!;
    const to = dataset.starts[learner + 1]!;
    // Rows are in order of time, those without one first.
    let at = from;
    while (at < to && !(dataset.times[at]! >= start)) at++;
    if (at < to) questions.push(questionAt(dataset, learner, at - from));
  }
  return {
    kind: 'newest',
    questions,
    train: filterDataset(
      dataset,
      (learner, position) => !(dataset.times[dataset.starts[learner]! + position]! >= start),
    ),
  };
}

/** The last course of a sample of learners who have two or more: of use where nothing was learned from before. */
export function lastWindow(dataset: Dataset, seed: number): Window {
  const lengthOf = (learner: number) => dataset.starts[learner + 1]! - dataset.starts[learner]!;
  const asked = dataset.learners
    .map((id, learner) => ({ learner, order: hashUnit(seed, id) }))
    .filter(({ learner }) => lengthOf(learner) >= 2)
    .sort((a, b) => a.order - b.order)
    .slice(0, LAST)
    .map(({ learner }) => learner);
  const held = new Set(asked);
  return {
    kind: 'last',
    questions: asked.map((learner) => questionAt(dataset, learner, lengthOf(learner) - 1)),
    train: filterDataset(dataset, (learner, position) => !held.has(learner) || position < lengthOf(learner) - 1),
  };
}

/** Of what learners came to after a moment, the share whose course is not among `known`; NaN when nothing came. */
export function shareUnknown(dataset: Dataset, after: number, known: ReadonlySet<string>): number {
  let fresh = 0;
  let unknown = 0;
  for (const [at, item] of dataset.items.entries()) {
    if (!(dataset.times[at]! > after)) continue;
    fresh++;
    if (!known.has(dataset.courses[item]!.id)) unknown++;
  }
  return unknown / fresh;
}

function questionAt(dataset: Dataset, learner: number, position: number): Question {
  const at = dataset.starts[learner]! + position;
  return { history: historyAt(dataset, learner, position), now: dataset.times[at]!, target: dataset.items[at]! };
}

/** Walks back from the newest course until enough learners are met. */
function startOf(dataset: Dataset, after: number, enough: number): number {
  const fresh: { time: number; learner: number }[] = [];
  const active = new Set<number>();
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    for (let at = dataset.starts[learner]!; at < dataset.starts[learner + 1]!; at++) {
      if (!(dataset.times[at]! > after)) continue;
      fresh.push({ time: dataset.times[at]!, learner });
      active.add(learner);
    }
  }
  fresh.sort((a, b) => b.time - a.time);
  const wanted = Math.min(MOST, Math.max(enough, Math.ceil(active.size / 2)));
  const met = new Set<number>();
  for (const { time, learner } of fresh) {
    met.add(learner);
    if (met.size >= wanted) return time;
  }
  return fresh.length > 0 ? fresh.at(-1)!.time : Infinity;
}
