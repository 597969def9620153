import { hashUnit } from '../numerics/splits.ts';
import type { Artefact, Dataset, History } from './model.ts';

/** Ratings that a course and a learner are given before their own count in full. */
interface Damping {
  course: number;
  learner: number;
}

/** Where there are too few ratings to choose (Koren 2010, section 2.1, for stars). */
const USUAL: Damping = { course: 10, learner: 5 };
const COURSE_DAMPINGS = [1, 3, 10, 30, 100];
const LEARNER_DAMPINGS = [0.3, 1, 3, 10, 30];
/** Ratings from which on the damping is chosen, and the share of them that it is chosen on. */
const ENOUGH = 200;
const HELD_OUT = 0.2;
/** Rounds of alternation; biases have settled by then. */
const ROUNDS = 10;

/** How far ratings lie from the mean for each course, in [−1, 1]. Knows no learners. */
export interface RatingBaseline {
  mean: number;
  bias: Float32Array;
  /** Damping of learners, see `leniency`. */
  damping: number;
}

interface Ratings {
  learners: Int32Array;
  courses: Int32Array;
  values: Float64Array;
}

/**
 * Mean, and deviations of courses and learners fitted together: ridge regression of the ratings on who
 * gave them and what they are of, solved by alternation. The penalties are those that predict a fifth
 * of the ratings best from the rest; undefined where nothing was rated.
 */
export function fitBaseline(dataset: Dataset): RatingBaseline | undefined {
  const ratings = ratingsOf(dataset);
  if (ratings.values.length === 0) return undefined;
  const sizes = { courses: dataset.courses.length, learners: dataset.learners.length };
  const damping = chooseDamping(ratings, sizes);
  const { mean, course } = fitBiases(ratings, sizes, damping);
  return { mean, bias: Float32Array.from(course), damping: damping.learner };
}

function ratingsOf({ learners, starts, items, ratings }: Dataset): Ratings {
  const rows: [number, number, number][] = [];
  for (let learner = 0; learner < learners.length; learner++)
    for (let at = starts[learner]!; at < starts[learner + 1]!; at++)
      if (!Number.isNaN(ratings[at]!)) rows.push([learner, items[at]!, ratings[at]!]);
  return {
    learners: Int32Array.from(rows, ([learner]) => learner),
    courses: Int32Array.from(rows, ([, course]) => course),
    values: Float64Array.from(rows, ([, , rating]) => rating),
  };
}

function chooseDamping(ratings: Ratings, sizes: { courses: number; learners: number }): Damping {
  const { learners, courses, values } = ratings;
  if (values.length < ENOUGH) return USUAL;
  const held = (_: number, at: number) => hashUnit(1, `${learners[at]!}:${courses[at]!}`) < HELD_OUT;
  const kept = (value: number, at: number) => !held(value, at);
  const train = { learners: learners.filter(kept), courses: courses.filter(kept), values: values.filter(kept) };
  const test = { learners: learners.filter(held), courses: courses.filter(held), values: values.filter(held) };
  let best = { damping: USUAL, error: Infinity };
  for (const course of COURSE_DAMPINGS) {
    for (const learner of LEARNER_DAMPINGS) {
      const fitted = fitBiases(train, sizes, { course, learner });
      let error = 0;
      test.values.forEach((value, at) => {
        const rating = fitted.mean + fitted.course[test.courses[at]!]! + fitted.learner[test.learners[at]!]!;
        error += (value - Math.min(1, Math.max(0, rating))) ** 2;
      });
      if (error < best.error) best = { damping: { course, learner }, error };
    }
  }
  return best.damping;
}

/** Minimises Σ (rating − mean − course − learner)² + damping · bias², the mean held fixed. */
function fitBiases(ratings: Ratings, sizes: { courses: number; learners: number }, damping: Damping) {
  const { values, courses, learners } = ratings;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const course = new Float64Array(sizes.courses);
  const learner = new Float64Array(sizes.learners);
  for (let round = 0; round < ROUNDS; round++) {
    settle(course, courses, damping.course, (at) => values[at]! - mean - learner[learners[at]!]!);
    settle(learner, learners, damping.learner, (at) => values[at]! - mean - course[courses[at]!]!);
  }
  return { mean, course, learner };
}

function settle(bias: Float64Array, of: Int32Array, damping: number, rest: (at: number) => number): void {
  const counts = new Float64Array(bias.length);
  bias.fill(0);
  of.forEach((index, at) => {
    bias[index]! += rest(at);
    counts[index]!++;
  });
  bias.forEach((sum, index) => (bias[index] = sum / (counts[index]! + damping)));
}

/** The damped mean by which a learner's ratings lie above what their courses usually get. */
export function leniency(
  { mean, bias, damping }: RatingBaseline,
  { items, ratings }: Pick<History, 'items' | 'ratings'>,
): number {
  let sum = 0;
  let count = 0;
  ratings.forEach((rating, at) => {
    if (Number.isNaN(rating)) return;
    sum += rating - mean - bias[items[at]!]!;
    count++;
  });
  return sum / (count + damping);
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
  return baseline ? { ratingBias: baseline.bias, ratingMean: Float64Array.of(baseline.mean, baseline.damping) } : {};
}

export function loadBaseline({ arrays }: Artefact): RatingBaseline | undefined {
  const [mean, damping] = arrays['ratingMean'] ?? [];
  if (mean === undefined || damping === undefined) return undefined;
  return { mean, damping, bias: arrays['ratingBias'] as Float32Array };
}
