import type { Course } from '../catalogue/course.ts';
import type { Search } from '../catalogue/search.ts';
import type { Model } from './model.ts';
import type { ContentModel } from './models/content.ts';
import type { Popularity } from './popularity.ts';
import type { Ranker } from './ranker.ts';
import { countsOf, createStandings, type Standings } from './standings.ts';

/** One trained model version, ready to score. */
export interface Trained {
  /** Id of the model version. */
  version: string;
  /** The dense course order of its models. */
  courseIds: readonly string[];
  /** What slates are ranked by, and asked why. */
  ranker: Pick<Ranker, 'score' | 'explain'>;
  /** For similar courses. */
  itemKnn: Pick<Model, 'score'>;
  popularity: Popularity;
}

/** The living catalogue joined with a trained version; courses go by their index in `courses`. */
export interface Stock {
  courses: readonly Course[];
  /** Course id → index in `courses`. */
  index: ReadonlyMap<string, number>;
  search: () => Pick<Search, 'search'>;
  /** Likeness by content over `courses`, those that nobody took yet included. */
  content: ContentModel;
  trained: Trained | undefined;
  /** Index in the trained version, −1 for a course that it does not know. */
  toModel: Int32Array;
  /** Index here of a course of the trained version, −1 for one that is gone from the catalogue. */
  fromModel: Int32Array;
  /** Course id → index in the trained version. */
  modelIndex: ReadonlyMap<string, number>;
  /** Learners who took a course, ever. */
  learners(item: number): number;
  /** The same in the seven days before `now` (seconds). */
  lastWeek(item: number, now: number): number;
  standings: Standings;
}

/** @param content fitted on `courses`, in that order. */
export function createStock(
  courses: readonly Course[],
  search: Stock['search'],
  content: ContentModel,
  trained: Trained | undefined,
): Stock {
  const index = new Map(courses.map(({ id }, item) => [id, item]));
  const modelIndex = new Map(trained?.courseIds.map((id, item) => [id, item]));
  const toModel = Int32Array.from(courses, ({ id }) => modelIndex.get(id) ?? -1);
  const counts = countsOf(trained?.popularity, toModel);
  return {
    courses,
    index,
    search,
    content,
    trained,
    toModel,
    fromModel: Int32Array.from(trained?.courseIds ?? [], (id) => index.get(id) ?? -1),
    modelIndex,
    ...counts,
    standings: createStandings(courses, counts.learners, counts.lastWeek),
  };
}

/** Scores of a trained model by the stock's index; 0 for courses that it does not know. */
export function inStock({ toModel }: Pick<Stock, 'toModel'>, scores: Float32Array): Float32Array {
  return Float32Array.from(toModel, (item) => (item < 0 ? 0 : scores[item]!));
}
