import { bootstrapMean, type Interval } from '../../numerics/bootstrap.ts';
import type { Progress } from '../../numerics/progress.ts';
import { averageRank, hit, ndcg } from '../../numerics/ranking.ts';
import { indexIn } from './renewal.ts';
import type { CourseFacts, History, Model } from '../model.ts';
import type { Question } from './window.ts';

const K = 10;

/** How well one ranker answered each question; parallel to the questions. */
export interface Answers {
  hits: Float64Array;
  gains: Float64Array;
}

/** Of a ranker on a window. */
export interface Figures {
  hr10: number;
  ndcg10: number;
  /** 95 %. */
  ndcg10Interval: readonly [low: number, high: number];
}

/** Scores over the courses of the questions, higher is better. */
export type Scorer = (question: Question) => Float32Array;

/** Ranks each question's course among all that the learner has not had. */
export function answer(questions: readonly Question[], score: Scorer, progress: Progress, what: string): Answers {
  const hits = new Float64Array(questions.length);
  const gains = new Float64Array(questions.length);
  let excluded = new Uint8Array(0);
  for (const [at, question] of questions.entries()) {
    const scores = score(question);
    if (excluded.length !== scores.length) excluded = new Uint8Array(scores.length);
    for (const item of question.history.items) excluded[item] = 1;
    const ranks = [averageRank(scores, question.target, excluded)];
    hits[at] = hit(ranks, K);
    gains[at] = ndcg(ranks, K);
    for (const item of question.history.items) excluded[item] = 0;
    progress(what, (at + 1) / questions.length);
  }
  return { hits, gains };
}

export function figuresOf({ hits, gains }: Answers, seed: number): Figures {
  const { mean, low, high } = bootstrapMean(gains, seed);
  return {
    hr10: hits.reduce((sum, value) => sum + value, 0) / hits.length,
    ndcg10: mean,
    ndcg10Interval: [low, high],
  };
}

/** Paired: how much more of NDCG@10 one ranker has than the other on the same questions. */
export function advantage(ours: Answers, theirs: Answers, seed: number): Interval {
  return bootstrapMean(
    ours.gains.map((gain, at) => gain - theirs.gains[at]!),
    seed,
  );
}

/**
 * A stored model asked over a newer catalogue: it ranks what it does not know after all that it knows.
 *
 * @param modelCourses what it was fitted on.
 * @param courses those of the questions.
 */
export function scorerOf(
  model: Pick<Model, 'score'>,
  modelCourses: readonly CourseFacts[],
  courses: readonly CourseFacts[],
): Scorer {
  const toModel = indexIn(modelCourses, courses);
  return ({ history, now }) => {
    const scores = model.score(known(history, toModel), now);
    return Float32Array.from(toModel, (item) => (item < 0 ? -Infinity : scores[item]!));
  };
}

function known(history: History, toModel: Int32Array): History {
  const kept = Array.from(history.items.keys()).filter((at) => toModel[history.items[at]!]! >= 0);
  return {
    items: Int32Array.from(kept, (at) => toModel[history.items[at]!]!),
    times: Float64Array.from(kept, (at) => history.times[at]!),
    weights: Float32Array.from(kept, (at) => history.weights[at]!),
    ratings: Float32Array.from(kept, (at) => history.ratings[at]!),
  };
}
