import { hit, ndcg, precision, recall, reciprocalRank } from '../numerics/ranking.ts';
import { quantile } from '../numerics/statistics.ts';

/** Means over tested learners; null where they can not be computed. */
export interface RankMetrics {
  hr: number | null;
  recall: number | null;
  ndcg: number | null;
  mrr: number | null;
  precision: number | null;
}

export const historyGroups = ['0', '1-2', '3-10', '11+'] as const;
export type HistoryGroup = (typeof historyGroups)[number];

export interface ModelReport extends RankMetrics {
  /** Share of the catalogue that stands in any learner's top k. */
  coverage: number | null;
  /** One minus the mean likeness of two courses of a list, by content; null without content. */
  diversity: number | null;
  /** Mean of −log2 of the share of learners who took a recommended course, in bits. */
  novelty: number | null;
  by_history: Partial<Record<HistoryGroup, { n: number } & RankMetrics>>;
  train_seconds: number | null;
  recommend_ms_p50: number | null;
  recommend_ms_p99: number | null;
  /** Of held-out ratings, in [0, 1]; absent where no test row has one, null where the model predicts none. */
  rmse?: number | null;
  mae?: number | null;
}

export function historyGroup(length: number): HistoryGroup {
  return length === 0 ? '0' : length <= 2 ? '1-2' : length <= 10 ? '3-10' : '11+';
}

/** Sums rank metrics learner by learner. */
export class RankTally {
  private n = 0;
  private readonly sums = { hr: 0, recall: 0, ndcg: 0, mrr: 0, precision: 0 };
  private readonly k: number;

  constructor(k: number) {
    this.k = k;
  }

  add(ranks: readonly number[]): void {
    const { sums, k } = this;
    this.n++;
    sums.hr += hit(ranks, k);
    sums.recall += recall(ranks, k);
    sums.ndcg += ndcg(ranks, k);
    sums.mrr += reciprocalRank(ranks, k);
    sums.precision += precision(ranks, k);
  }

  get count(): number {
    return this.n;
  }

  means(): RankMetrics {
    const { sums, n } = this;
    const of = (sum: number): number | null => (n === 0 ? null : sum / n);
    return {
      hr: of(sums.hr),
      recall: of(sums.recall),
      ndcg: of(sums.ndcg),
      mrr: of(sums.mrr),
      precision: of(sums.precision),
    };
  }
}

/** Errors of predicted ratings. */
export class ErrorTally {
  private n = 0;
  private squares = 0;
  private absolute = 0;

  add(predicted: number, actual: number): void {
    this.n++;
    this.squares += (predicted - actual) ** 2;
    this.absolute += Math.abs(predicted - actual);
  }

  errors(): { rmse: number | null; mae: number | null } {
    if (this.n === 0) return { rmse: null, mae: null };
    return { rmse: Math.sqrt(this.squares / this.n), mae: this.absolute / this.n };
  }
}

/** null of nothing. */
export function latency(milliseconds: readonly number[], share: number): number | null {
  return milliseconds.length === 0 ? null : quantile(milliseconds, share);
}
