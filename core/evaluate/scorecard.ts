import { quantile } from '../numerics/statistics.ts';
import { courseCounts } from '../recommend/dataset.ts';
import type { Dataset } from '../recommend/model.ts';
import { content, type ContentModel } from '../recommend/models/content.ts';
import type { Answer } from './ask.ts';
import { groupsOf, historyGroup, popularityThirds, type CourseGroups, type HistoryGroup } from './groups.ts';
import { ErrorTally, MeanTally, RankTally, type GroupMetrics, type RankMetrics } from './metrics.ts';
import type { Question } from './split.ts';

export interface ModelReport extends RankMetrics {
  /** Share of the catalogue that stands in any learner's top k. */
  coverage: number | null;
  /** One minus the mean likeness of two courses of a list, by content; null without content. */
  diversity: number | null;
  /** Mean of −log2 of the share of learners who took a recommended course, in bits. */
  novelty: number | null;
  by_history: Partial<Record<HistoryGroup, GroupMetrics>>;
  /** By history length, popularity of what was asked for, language; and the side groups of `time`. */
  groups: Record<string, GroupMetrics>;
  train_seconds: number | null;
  recommend_ms_p50: number | null;
  recommend_ms_p99: number | null;
  /** Of held-out ratings, in [0, 1]; absent where no test row has one, null where the model predicts none. */
  rmse?: number | null;
  mae?: number | null;
}

/** What metrics need to know of a round's training data. */
export interface Context extends CourseGroups {
  /** Learners with at least one interaction. */
  learners: number;
  counts: Float64Array;
  about: ContentModel;
  /** Whether anything tells courses apart by content. */
  hasContent: boolean;
}

/** @param about a content model over the same courses. */
export function contextOf(train: Dataset, about: ContentModel): Context {
  const counts = courseCounts(train);
  let learners = 0;
  for (let row = 0; row < train.learners.length; row++) if (train.starts[row + 1]! > train.starts[row]!) learners++;
  return {
    learners,
    counts,
    about,
    hasContent: train.courses.some((_, course) => about.similarity(course, course) > 0),
    popularity: popularityThirds(counts),
    languages: train.courses.map(({ language }) => language),
  };
}

/** The content model by which lists are judged, whoever made them. */
export function judgeOf(courses: Dataset['courses']): ContentModel {
  const none = { times: new Float64Array(0), weights: new Float32Array(0), ratings: new Float32Array(0) };
  return content.fit(
    { learners: [], courses, starts: new Int32Array(1), items: new Int32Array(0), ...none },
    content.config.parse({}),
  );
}

/** Adds up one model's answers, whatever rounds they come from. */
export class Scorecard {
  private readonly all: RankTally;
  private readonly byHistory = new Map<HistoryGroup, RankTally>();
  private readonly groups = new Map<string, RankTally>();
  private readonly errors = new ErrorTally();
  private rated = 0;
  private readonly exposure: Float64Array;
  private readonly likeness = new MeanTally();
  private readonly surprise = new MeanTally();
  private readonly milliseconds: number[] = [];
  private readonly k: number;

  constructor(k: number, courses: number) {
    this.k = k;
    this.all = new RankTally(k);
    this.exposure = new Float64Array(courses);
  }

  add(question: Question, answer: Answer, context: Context): void {
    const { ranks, list } = answer;
    if (question.side) {
      this.tally(this.groups, question.side, ranks);
      return;
    }
    this.all.add(ranks);
    this.tally(this.byHistory, historyGroup(question.history.items.length), ranks);
    for (const group of groupsOf(question, context)) this.tally(this.groups, group, ranks);
    this.milliseconds.push(answer.milliseconds);
    question.ratings.forEach((actual, at) => {
      if (Number.isNaN(actual)) return;
      this.rated++;
      const predicted = answer.rated[at];
      if (predicted !== undefined) this.errors.add(predicted, actual);
    });
    for (const item of list) {
      this.exposure[item]!++;
      this.surprise.add(-Math.log2((context.counts[item]! + 1) / (context.learners + 1)));
    }
    if (context.hasContent && list.length > 1) this.likeness.add(meanLikeness(list, context.about));
  }

  report(trainSeconds: number | null): ModelReport {
    const likeness = this.likeness.mean();
    const courses = this.exposure.length;
    return {
      ...this.all.means(),
      coverage: courses === 0 ? null : this.exposure.filter((shown) => shown > 0).length / courses,
      diversity: likeness === null ? null : 1 - likeness,
      novelty: this.surprise.mean(),
      by_history: metricsOf(this.byHistory),
      groups: metricsOf(this.groups),
      train_seconds: trainSeconds,
      recommend_ms_p50: this.milliseconds.length === 0 ? null : quantile(this.milliseconds, 0.5),
      recommend_ms_p99: this.milliseconds.length === 0 ? null : quantile(this.milliseconds, 0.99),
      ...(this.rated > 0 ? this.errors.errors() : {}),
    };
  }

  private tally<Key>(tallies: Map<Key, RankTally>, key: Key, ranks: readonly number[]): void {
    let tally = tallies.get(key);
    if (!tally) tallies.set(key, (tally = new RankTally(this.k)));
    tally.add(ranks);
  }
}

function metricsOf<Key extends string>(tallies: Map<Key, RankTally>): Record<Key, GroupMetrics> {
  const sorted = [...tallies].sort(([a], [b]) => order.compare(a, b));
  return Object.fromEntries(sorted.map(([key, tally]) => [key, { n: tally.count, ...tally.means() }])) as Record<
    Key,
    GroupMetrics
  >;
}

const order = new Intl.Collator('en', { numeric: true });

function meanLikeness(list: Int32Array, about: ContentModel): number {
  let sum = 0;
  for (let i = 1; i < list.length; i++) for (let j = 0; j < i; j++) sum += about.similarity(list[i]!, list[j]!);
  return sum / ((list.length * (list.length - 1)) / 2);
}
