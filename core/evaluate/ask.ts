import { averageRank, topK } from '../numerics/ranking.ts';
import type { Model } from '../recommend/model.ts';
import type { Question } from './split.ts';

/** What a model answered to one question. */
export interface Answer {
  /** Of each relevant course; ties count as their average rank. */
  ranks: number[];
  /** At most k courses, first the first. */
  list: Int32Array;
  /** The rating predicted for each relevant course that was rated. */
  rated: (number | undefined)[];
  /** Scoring and listing. */
  milliseconds: number;
}

/**
 * Ranks the whole catalogue without the history.
 *
 * @param excluded all 0, one place a course; left as it was.
 */
export function ask(
  model: Model,
  question: Question,
  { k, excluded, stopwatch }: { k: number; excluded: Uint8Array; stopwatch: () => number },
): Answer & { scores: Float32Array } {
  const { history, now, relevant, ratings } = question;
  for (const item of history.items) excluded[item] = 1;
  const begun = stopwatch();
  const scores = model.score(history, now);
  const list = topK(scores, k, excluded);
  const milliseconds = stopwatch() - begun;
  const ranks = Array.from(relevant, (item) => averageRank(scores, item, excluded));
  const rated = Array.from(relevant, (item, at) =>
    Number.isNaN(ratings[at]!) ? undefined : model.rate?.(history, item),
  );
  for (const item of history.items) excluded[item] = 0;
  return { ranks, list, rated, milliseconds, scores };
}
