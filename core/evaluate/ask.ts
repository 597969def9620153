import { averageRank, topK } from '../numerics/ranking.ts';
import type { CourseFacts, Model } from '../recommend/model.ts';
import type { ContentModel } from '../recommend/models/content.ts';
import type { Question } from './split.ts';
import { arrange, type Stage } from './stages.ts';

/** What a model answered to one question. */
export interface Answer {
  /** Of each relevant course; ties count as their average rank. */
  ranks: number[];
  /** At most k courses, first the first. */
  list: Int32Array;
  /** Of each course of the list, where the model's scores are probabilities over the catalogue. */
  probabilities?: Float32Array;
  /** The rating predicted for each relevant course that was rated. */
  rated: (number | undefined)[];
  /** Scoring and listing. */
  milliseconds: number;
}

export interface AskOptions {
  k: number;
  seed: number;
  courses: readonly CourseFacts[];
  /** By which stages tell courses apart. */
  about: ContentModel;
  stopwatch: () => number;
}

/** Rounding of thousands of single-precision shares. */
const SUMS_TO_ONE = 1e-3;

/**
 * Ranks the whole catalogue without the history, as scored and after each of the stages.
 *
 * @param place of the question: with the seed, the chance of what explores.
 * @returns the model's own answer first.
 */
export function ask(
  model: Model,
  question: Question,
  place: number,
  stages: readonly Stage[],
  { k, seed, courses, about, stopwatch }: AskOptions,
): Answer[] {
  const { history, now, relevant, ratings } = question;
  const excluded = new Uint8Array(courses.length);
  for (const item of history.items) excluded[item] = 1;
  const begun = stopwatch();
  const scores = model.score(history, now);
  const list = topK(scores, k, excluded);
  const milliseconds = stopwatch() - begun;
  const rated = Array.from(relevant, (item, at) =>
    Number.isNaN(ratings[at]!) ? undefined : model.rate?.(history, item),
  );
  const own: Answer = {
    ranks: Array.from(relevant, (item) => averageRank(scores, item, excluded)),
    list,
    ...(areProbabilities(scores) && { probabilities: Float32Array.from(list, (item) => scores[item]!) }),
    rated,
    milliseconds,
  };
  const given = { k, history, courses, about, seed: seed + place };
  return [
    own,
    ...stages.map(({ arrangement }): Answer => {
      const shown = arrange(arrangement, scores, excluded, given);
      return { ranks: Array.from(relevant, (item) => placeIn(shown, item)), list: shown, rated, milliseconds };
    }),
  ];
}

/** A list has no place for what it leaves out. */
function placeIn(list: Int32Array, item: number): number {
  const at = list.indexOf(item);
  return at < 0 ? Infinity : at + 1;
}

function areProbabilities(scores: Float32Array): boolean {
  let sum = 0;
  for (const score of scores) {
    if (score < 0) return false;
    sum += score;
  }
  return Math.abs(sum - 1) < SUMS_TO_ONE;
}
