import { quantile } from '../numerics/statistics.ts';
import { divergence, listMix, topicMix } from '../recommend/calibration.ts';
import type { ContentModel } from '../recommend/models/content.ts';
import type { Answer } from './ask.ts';
import type { Context } from './context.ts';
import { compareGroups, groupsOf, historyGroup, type HistoryGroup } from './groups.ts';
import {
  CalibrationTally,
  debiasingWeight,
  ErrorTally,
  gini,
  MeanTally,
  rankMetrics,
  RankTally,
  type GroupMetrics,
  type RankMetrics,
} from './metrics.ts';
import type { Question } from './split.ts';

export interface ModelReport extends RankMetrics {
  /** Hit rate over targets weighed by the inverse of their propensity, see `debiasingWeight`. */
  hr_debiased: number | null;
  /** Share of the catalogue that stands in any learner's top k. */
  coverage: number | null;
  /** Gini coefficient of how often each course of the catalogue is shown. */
  gini: number | null;
  /** One minus the mean likeness of two courses of a list, by content; null without content. */
  diversity: number | null;
  /** Mean of −log2 of the share of learners who took a recommended course, in bits. */
  novelty: number | null;
  /** Mean Kullback–Leibler divergence of a list's topics from the learner's own, in nats; null without topics. */
  topic_divergence: number | null;
  /** Expected calibration error of the scores in the lists; null where scores are no probabilities. */
  ece: number | null;
  by_history: Partial<Record<HistoryGroup, GroupMetrics>>;
  /** By history length, popularity of what was asked for, language; and the side groups of `time`. */
  groups: Record<string, GroupMetrics>;
  /** 95 % intervals, where asked for. */
  intervals?: { hr: [number, number]; ndcg: [number, number] };
  train_seconds: number | null;
  recommend_ms_p50: number | null;
  recommend_ms_p99: number | null;
  /** Of held-out ratings, in [0, 1]; absent where no test row has one, null where the model predicts none. */
  rmse?: number | null;
  mae?: number | null;
}

/** Adds up one model's answers, whatever rounds they come from. */
export class Scorecard {
  /** Of each learner of the whole, in the order of asking. */
  readonly hr: number[] = [];
  readonly ndcg: number[] = [];
  readonly lengths: HistoryGroup[] = [];

  private readonly all = new RankTally();
  private readonly byHistory = new Map<HistoryGroup, RankTally>();
  private readonly groups = new Map<string, RankTally>();
  private readonly debiased = new MeanTally();
  private readonly errors = new ErrorTally();
  private rated = 0;
  private readonly shown: Float64Array;
  private readonly likeness = new MeanTally();
  private readonly surprise = new MeanTally();
  private readonly topics = new MeanTally();
  private readonly calibration = new CalibrationTally();
  private probabilities = true;
  private readonly milliseconds: number[] = [];
  private readonly k: number;

  constructor(k: number, courses: number) {
    this.k = k;
    this.shown = new Float64Array(courses);
  }

  add(question: Question, answer: Answer, context: Context): void {
    const values = rankMetrics(answer.ranks, this.k);
    if (question.side) {
      tally(this.groups, question.side, values);
      return;
    }
    const length = historyGroup(question.history.items.length);
    this.all.add(values);
    this.hr.push(values.hr);
    this.ndcg.push(values.ndcg);
    this.lengths.push(length);
    tally(this.byHistory, length, values);
    for (const group of groupsOf(question, context)) tally(this.groups, group, values);
    question.relevant.forEach((item, at) => {
      this.debiased.add(answer.ranks[at]! <= this.k ? 1 : 0, debiasingWeight(context.counts[item]!));
    });
    this.milliseconds.push(answer.milliseconds);
    this.addRatings(question, answer);
    this.addList(question, answer, context);
  }

  private addRatings({ ratings }: Question, { rated }: Answer): void {
    ratings.forEach((actual, at) => {
      if (Number.isNaN(actual)) return;
      this.rated++;
      const predicted = rated[at];
      if (predicted !== undefined) this.errors.add(predicted, actual);
    });
  }

  private addList({ history, relevant }: Question, { list, probabilities }: Answer, context: Context): void {
    for (const item of list) {
      this.shown[item]!++;
      this.surprise.add(-Math.log2((context.counts[item]! + 1) / (context.learners + 1)));
    }
    if (context.hasContent && list.length > 1) this.likeness.add(meanLikeness(list, context.about));
    const topicsOf = (item: number): readonly string[] => context.courses[item]!.topics;
    const own = topicMix(history, topicsOf);
    if (own.size > 0) this.topics.add(divergence(own, listMix(list, topicsOf)));
    if (!probabilities) this.probabilities = false;
    else list.forEach((item, at) => this.calibration.add(probabilities[at]!, relevant.includes(item)));
  }

  report(trainSeconds: number | null): ModelReport {
    const likeness = this.likeness.mean();
    const courses = this.shown.length;
    return {
      ...this.all.means(),
      hr_debiased: this.debiased.mean(),
      coverage: courses === 0 ? null : this.shown.filter((count) => count > 0).length / courses,
      gini: gini(this.shown),
      diversity: likeness === null ? null : 1 - likeness,
      novelty: this.surprise.mean(),
      topic_divergence: this.topics.mean(),
      ece: this.probabilities ? this.calibration.error() : null,
      by_history: metricsOf(this.byHistory),
      groups: metricsOf(this.groups),
      train_seconds: trainSeconds,
      recommend_ms_p50: this.milliseconds.length === 0 ? null : quantile(this.milliseconds, 0.5),
      recommend_ms_p99: this.milliseconds.length === 0 ? null : quantile(this.milliseconds, 0.99),
      ...(this.rated > 0 ? this.errors.errors() : {}),
    };
  }
}

function tally<Key>(tallies: Map<Key, RankTally>, key: Key, values: Record<keyof RankMetrics, number>): void {
  let found = tallies.get(key);
  if (!found) tallies.set(key, (found = new RankTally()));
  found.add(values);
}

function metricsOf<Key extends string>(tallies: Map<Key, RankTally>): Record<Key, GroupMetrics> {
  const sorted = [...tallies].sort(([a], [b]) => compareGroups(a, b));
  const entries = sorted.map(([key, found]) => [key, { n: found.count, ...found.means() }] as const);
  return Object.fromEntries(entries) as Record<Key, GroupMetrics>;
}

function meanLikeness(list: Int32Array, about: ContentModel): number {
  let sum = 0;
  for (let i = 1; i < list.length; i++) for (let j = 0; j < i; j++) sum += about.similarity(list[i]!, list[j]!);
  return sum / ((list.length * (list.length - 1)) / 2);
}
