import type { Artefact, Dataset, History } from './model.ts';

/** Ratings that a course and a learner are given before their own count in full (Koren 2010, section 2.1). */
const COURSE_DAMPING = 10;
const LEARNER_DAMPING = 5;

/** How far ratings lie from the mean for each course, in [−1, 1]. Knows no learners. */
export interface RatingBaseline {
  mean: number;
  bias: Float32Array;
}

/** Mean and damped deviations of the courses; undefined where nothing was rated. */
export function fitBaseline(dataset: Dataset): RatingBaseline | undefined {
  let sum = 0;
  let count = 0;
  for (const rating of dataset.ratings) {
    if (Number.isNaN(rating)) continue;
    sum += rating;
    count++;
  }
  if (count === 0) return undefined;
  const mean = sum / count;
  const bias = new Float32Array(dataset.courses.length);
  const ratings = new Int32Array(dataset.courses.length);
  dataset.ratings.forEach((rating, at) => {
    if (Number.isNaN(rating)) return;
    bias[dataset.items[at]!]! += rating - mean;
    ratings[dataset.items[at]!]!++;
  });
  return { mean, bias: bias.map((total, course) => total / (ratings[course]! + COURSE_DAMPING)) };
}

/** The damped mean by which a learner's ratings lie above what their courses usually get. */
export function leniency(
  { mean, bias }: RatingBaseline,
  { items, ratings }: Pick<History, 'items' | 'ratings'>,
): number {
  let sum = 0;
  let count = 0;
  ratings.forEach((rating, at) => {
    if (Number.isNaN(rating)) return;
    sum += rating - mean - bias[items[at]!]!;
    count++;
  });
  return sum / (count + LEARNER_DAMPING);
}

/** Mean + course + learner, plus what neighbours add, kept within [0, 1]. */
export function predictRating(baseline: RatingBaseline, history: History, item: number, neighbours = 0): number {
  const rating = baseline.mean + baseline.bias[item]! + leniency(baseline, history) + neighbours;
  return Math.min(1, Math.max(0, rating));
}

/** A weighted mean of deviations, drawn towards 0 where the weights are small. */
export function dampedMean(parts: Iterable<{ weight: number; deviation: number }>, damping: number): number {
  let sum = 0;
  let total = damping;
  for (const { weight, deviation } of parts) {
    sum += weight * deviation;
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

/** The part of an artefact that holds a baseline, and back; nothing where there is none. */
export function saveBaseline(baseline: RatingBaseline | undefined): Artefact['arrays'] {
  return baseline ? { ratingBias: baseline.bias, ratingMean: Float64Array.of(baseline.mean) } : {};
}

export function loadBaseline({ arrays }: Artefact): RatingBaseline | undefined {
  const mean = arrays['ratingMean']?.[0];
  return mean === undefined ? undefined : { mean, bias: arrays['ratingBias'] as Float32Array };
}
