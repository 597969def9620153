import { hit, ndcg, precision, recall, reciprocalRank } from '../numerics/ranking.ts';

/** Means over tested learners; null where they can not be computed. */
export interface RankMetrics {
  hr: number | null;
  recall: number | null;
  ndcg: number | null;
  mrr: number | null;
  precision: number | null;
}

/** Of a group of learners. */
export type GroupMetrics = { n: number } & RankMetrics;

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

/** A mean that may be of nothing. */
export class MeanTally {
  private sum = 0;
  private n = 0;

  add(value: number): void {
    this.sum += value;
    this.n++;
  }

  mean(): number | null {
    return this.n === 0 ? null : this.sum / this.n;
  }
}
