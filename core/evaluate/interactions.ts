import { datasetBuilder, indexOf } from '../recommend/dataset.ts';
import type { CourseFacts, Dataset } from '../recommend/model.ts';
import type { BehaviourRows } from './read.ts';

export interface Interactions {
  dataset: Dataset;
  /** When each rating of `dataset.ratings` was given, seconds since 1970 UTC; NaN without times. */
  ratedAt: Float64Array;
  /** Rows of courses that are not in the catalogue. */
  leftOut: number;
}

/**
 * A dataset in which every pair counts the same, whatever its rows say and however often it comes
 * back: later repeats would tell of the future. A pair's first rating stands.
 */
export function interactionsOf(rows: BehaviourRows, courses: readonly CourseFacts[]): Interactions {
  const builder = datasetBuilder(courses);
  for (let at = 0; at < rows.learners.length; at++) {
    builder.add(rows.learners[at]!, rows.courses[at]!, rows.times[at]!, 1, NaN);
  }
  const dataset = builder.build();
  dataset.weights.fill(1);

  const ratedAt = new Float64Array(dataset.items.length).fill(NaN);
  const courseIndex = indexOf(courses);
  const learnerIndex = new Map(dataset.learners.map((id, index) => [id, index]));
  for (let at = 0; at < rows.ratings.length; at++) {
    const rating = rows.ratings[at]!;
    const item = courseIndex.get(rows.courses[at]!);
    if (Number.isNaN(rating) || item === undefined) continue;
    const learner = learnerIndex.get(rows.learners[at]!)!;
    const slot = dataset.items.indexOf(item, dataset.starts[learner]);
    const known = !Number.isNaN(dataset.ratings[slot]!);
    if (known && !(rows.times[at]! < ratedAt[slot]!)) continue;
    dataset.ratings[slot] = rating;
    ratedAt[slot] = rows.times[at]!;
  }
  return { dataset, ratedAt, leftOut: builder.unknownCourses };
}

/** Forgets the ratings of which a learner's clock does not know yet. @param known whether it knows one given at `ratedAt`. */
export function withoutLaterRatings(
  { dataset, ratedAt }: Interactions,
  known: (learner: number, ratedAt: number) => boolean,
): Dataset {
  const ratings = dataset.ratings.slice();
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    for (let at = dataset.starts[learner]!; at < dataset.starts[learner + 1]!; at++) {
      if (!Number.isNaN(ratedAt[at]!) && !known(learner, ratedAt[at]!)) ratings[at] = NaN;
    }
  }
  return { ...dataset, ratings };
}
