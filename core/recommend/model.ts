import type { z } from 'zod';
import type { Progress } from '../numerics/progress.ts';

/** What the models know of a course besides who took it. */
export interface CourseFacts {
  id: string;
  /** Title and description in every language there is. */
  title: string;
  text: string;
  topics: readonly string[];
  level: string | null;
  language: string | null;
  instructor: string | null;
  /** In the smallest unit of `currency`; null when unknown. */
  priceMinor: number | null;
  currency: string | null;
  /** Seconds since 1970 UTC; NaN when unknown. */
  publishedAt: number;
  archived: boolean;
  /** Further columns of the catalogue (short categorical values are used by `content`). */
  attributes: Readonly<Record<string, string>>;
}

/**
 * Who took what, as compressed rows: learner u's interactions are the positions
 * `starts[u] … starts[u + 1] − 1` of the parallel arrays, oldest first, each course at most once
 * (at its first time).
 */
export interface Dataset {
  /** Dense learner index → id. */
  learners: readonly string[];
  /** Dense course index → facts. */
  courses: readonly CourseFacts[];
  /** Length learners + 1. */
  starts: Int32Array;
  /** Course index of each interaction. */
  items: Int32Array;
  /** Seconds since 1970 UTC; NaN when the data has no times. */
  times: Float64Array;
  /** Evidence of interest, > 0 (see behaviour/event-types). */
  weights: Float32Array;
  /** Rating in [0, 1]; NaN where none was given. */
  ratings: Float32Array;
}

/** One learner's past, in the columns of a Dataset row. Need not be part of the training data. */
export interface History {
  items: Int32Array;
  times: Float64Array;
  weights: Float32Array;
  ratings: Float32Array;
}

/** Evidence that a score rests on, for reasons that are true. */
export interface Evidence {
  /** Course index in the history that contributed the most. */
  item: number;
  /** Its share of the score, in (0, 1]. */
  share: number;
}

/** A trained model in a storable form. */
export interface Artefact {
  /** Small, JSON-safe. */
  json: unknown;
  arrays: Record<string, Float32Array | Float64Array | Int32Array | Uint8Array>;
}

/** A trained recommender. Scoring is pure: the same history and clock give the same scores. */
export interface Model {
  readonly name: string;
  /**
   * One score a course (dense index), higher is better, 0 for no evidence. Courses of the history
   * are scored too; whoever ranks leaves them out.
   *
   * @param now seconds since 1970 UTC; NaN when there is no clock.
   */
  score(history: History, now: number): Float32Array;
  /** Why `item` scored as it did; undefined where no course of the history did it. */
  because?(history: History, item: number, now: number): Evidence | undefined;
  /** The rating in [0, 1] that this learner would give; absent where the model predicts none. */
  rate?(history: History, item: number): number | undefined;
  save(): Artefact;
  /**
   * The same weights over newer behaviour, nothing learned anew: counts and trends move on. Present on
   * models that read the clock, which see nothing of `dataset` that is not before the moment they are asked at.
   */
  renewed?(dataset: Dataset): Model;
}

/** What a model can serve without being trained again. */
export interface Serves {
  /** A learner without history. */
  coldLearner: boolean;
  /** A course without interactions. */
  coldCourse: boolean;
  /** A history newer than the training data. */
  freshHistory: boolean;
}

/**
 * What a search for better settings (`evaluate/tune`) tries for one: some values, or a range, evenly in its
 * logarithm where `log`, whole numbers where `whole`.
 */
export type SearchRange =
  | readonly (string | number | boolean)[]
  | { readonly min: number; readonly max: number; readonly log?: boolean; readonly whole?: boolean };

/** A kind of model: one file each in `models/`, listed in `models/index.ts`. */
export interface ModelType<Config extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Strict: unknown keys are refused; every key has a default. */
  readonly config: Config;
  /** What `tune` tries, by key of the config; of keys left out, what the config itself allows. */
  readonly search?: Readonly<Record<string, SearchRange>>;
  readonly serves: Serves;
  /** With fewer interactions than this it learns nothing, by default; absent where it takes any. */
  readonly leastInteractions?: number;
  fit(dataset: Dataset, config: z.output<Config>, progress: Progress): Model | Promise<Model>;
  /**
   * Goes on from a model that was fitted on part of the data, which costs less than beginning anew.
   * Absent where it does not.
   */
  refit?(fitted: Model, dataset: Dataset, config: z.output<Config>, progress: Progress): Model | Promise<Model>;
  /** @param courses the dense course order that the artefact was fitted on. */
  load(artefact: Artefact, courses: readonly CourseFacts[]): Model;
}
