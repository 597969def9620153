import { averageRank, topK } from '../numerics/ranking.ts';
import type { Progress } from '../numerics/progress.ts';
import { courseCounts } from '../recommend/dataset.ts';
import type { Dataset, Model } from '../recommend/model.ts';
import { content, type ContentModel } from '../recommend/models/content.ts';
import { findModelType } from '../recommend/models/index.ts';
import {
  ErrorTally,
  historyGroup,
  historyGroups,
  latency,
  RankTally,
  type HistoryGroup,
  type ModelReport,
} from './metrics.ts';
import type { Question, Split } from './protocols.ts';

export interface Report {
  dataset: { learners: number; courses: number; train: number; test: number };
  protocol: Split['protocol'];
  k: number;
  models: Record<string, ModelReport>;
}

export interface EvaluateOptions {
  models: readonly string[];
  k: number;
  seed: number;
  /** Milliseconds since any fixed moment. */
  stopwatch: () => number;
  /** Puts the best courses of `hybrid` into the order in which they are shown; reported as `hybrid+rerank`. */
  rerank?: Reranker;
}

/** @param scores of all courses; 1 in `excluded` keeps one out. Returns at most k courses, first the first. */
export type Reranker = (scores: Float32Array, excluded: Uint8Array, k: number, about: ContentModel) => Int32Array;

/**
 * Trains every model on the split's training data and asks it all questions, over the whole
 * catalogue without what the learner has in train.
 */
export async function evaluate(split: Split, options: EvaluateOptions, progress: Progress): Promise<Report> {
  const { train, questions } = split;
  const context = contextOf(train);
  const models: Report['models'] = {};
  for (const [index, name] of options.models.entries()) {
    const type = findModelType(name)!;
    const begun = options.stopwatch();
    const given = { ...(takes(name, 'seed') && { seed: options.seed }), ...(takes(name, 'cut') && { cut: split.cut }) };
    const model = await type.fit(train, type.config.parse(given), (what, share) =>
      progress(`${name}: training (${what})`, share),
    );
    const seconds = (options.stopwatch() - begun) / 1000;
    const ask = (as: string, order?: Reranker): ModelReport => ({
      ...scoreModel(model, questions, context, options, order, (share) => progress(`${as}: asking`, share)),
      train_seconds: seconds,
    });
    models[name] = ask(name);
    if (name === 'hybrid' && options.rerank) models['hybrid+rerank'] = ask('hybrid+rerank', options.rerank);
    progress(name, (index + 1) / options.models.length);
  }
  return {
    dataset: {
      learners: split.learners,
      courses: train.courses.length,
      train: train.items.length,
      test: split.tested,
    },
    protocol: split.protocol,
    k: options.k,
    models,
  };
}

function takes(name: string, key: string): boolean {
  return findModelType(name)!.config.safeParse({ [key]: key === 'seed' ? 1 : 'auto' }).success;
}

interface Context {
  learners: number;
  counts: Float64Array;
  /** undefined where nothing tells courses apart by content. */
  about: ContentModel;
  hasContent: boolean;
}

function contextOf(train: Dataset): Context {
  const about = content.fit(train, content.config.parse({}));
  const hasContent = train.courses.some((_, course) => about.similarity(course, course) > 0);
  let learners = 0;
  for (let row = 0; row < train.learners.length; row++) if (train.starts[row + 1]! > train.starts[row]!) learners++;
  return { learners, counts: courseCounts(train), about, hasContent };
}

function scoreModel(
  model: Model,
  questions: readonly Question[],
  { learners, counts, about, hasContent }: Context,
  { k, stopwatch }: EvaluateOptions,
  rerank: Reranker | undefined,
  progress: (share: number) => void,
): Omit<ModelReport, 'train_seconds'> {
  const all = new RankTally(k);
  const groups = new Map<HistoryGroup, RankTally>(historyGroups.map((group) => [group, new RankTally(k)]));
  const errors = new ErrorTally();
  const excluded = new Uint8Array(counts.length);
  const covered = new Uint8Array(counts.length);
  const milliseconds: number[] = [];
  const likeness = { sum: 0, lists: 0 };
  const rated = { count: 0 };
  const surprise = { sum: 0, courses: 0 };

  questions.forEach(({ history, now, relevant, ratings }, index) => {
    for (const item of history.items) excluded[item] = 1;
    const begun = stopwatch();
    const scores = model.score(history, now);
    const list = rerank ? rerank(scores, excluded, k, about) : topK(scores, k, excluded);
    milliseconds.push(stopwatch() - begun);

    const ranks = Array.from(relevant, (item) => {
      if (!rerank) return averageRank(scores, item, excluded);
      const place = list.indexOf(item);
      return place < 0 ? Infinity : place + 1;
    });
    all.add(ranks);
    groups.get(historyGroup(history.items.length))!.add(ranks);
    relevant.forEach((item, at) => {
      if (Number.isNaN(ratings[at]!)) return;
      rated.count++;
      const predicted = model.rate?.(history, item);
      if (predicted !== undefined) errors.add(predicted, ratings[at]!);
    });

    for (const item of list) {
      covered[item] = 1;
      surprise.sum -= Math.log2((counts[item]! + 1) / (learners + 1));
      surprise.courses++;
    }
    if (hasContent && list.length > 1) {
      likeness.sum += meanLikeness(list, about);
      likeness.lists++;
    }
    for (const item of history.items) excluded[item] = 0;
    if (index % 50 === 0) progress(index / questions.length);
  });
  progress(1);

  const by_history: ModelReport['by_history'] = {};
  for (const [group, tally] of groups) if (tally.count > 0) by_history[group] = { n: tally.count, ...tally.means() };
  return {
    ...all.means(),
    coverage: counts.length === 0 ? null : covered.reduce((sum, one) => sum + one, 0) / counts.length,
    diversity: likeness.lists === 0 ? null : 1 - likeness.sum / likeness.lists,
    novelty: surprise.courses === 0 ? null : surprise.sum / surprise.courses,
    by_history,
    recommend_ms_p50: latency(milliseconds, 0.5),
    recommend_ms_p99: latency(milliseconds, 0.99),
    ...(rated.count > 0 ? errors.errors() : {}),
  };
}

function meanLikeness(list: Int32Array, about: ContentModel): number {
  let sum = 0;
  for (let i = 1; i < list.length; i++) for (let j = 0; j < i; j++) sum += about.similarity(list[i]!, list[j]!);
  return sum / ((list.length * (list.length - 1)) / 2);
}
