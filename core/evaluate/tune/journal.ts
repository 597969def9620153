import type { Settings } from './space.ts';

/** What a search is of: two runs that differ in any of it are two searches. */
export interface SearchOf {
  model: string;
  seed: number;
  cut: string;
  clock: string;
  /** Of the data that is searched on; no learner can be read from it. */
  data: string;
  /** Of the ranges that are tried. */
  space: string;
}

/** One fit and what it was worth. */
export interface Entry {
  /** 0: the defaults. */
  trial: number;
  /** Share of the learners. */
  share: number;
  settings: Settings;
  /** Mean NDCG@10 of the questions that decide the search; null where the fit failed. */
  ndcg: number | null;
  questions: number;
  /** Of a fit on all: NDCG@10 of each question kept to confirm the search, in one order. */
  confirming?: number[];
  /** Why the fit failed. */
  fault?: string;
  seconds: number;
}

/** What has been tried, kept where a killed run finds it again. */
export interface Journal {
  /** Of the runs before, in the order they were tried. */
  readonly before: readonly Entry[];
  append(entry: Entry): Promise<void>;
}
