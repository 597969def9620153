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

/** Rank metrics of one question. @param ranks of what was asked for, from 1. */
export function rankMetrics(ranks: readonly number[], k: number): Record<keyof RankMetrics, number> {
  return {
    hr: hit(ranks, k),
    recall: recall(ranks, k),
    ndcg: ndcg(ranks, k),
    mrr: reciprocalRank(ranks, k),
    precision: precision(ranks, k),
  };
}

/** Means of rank metrics. */
export class RankTally {
  private n = 0;
  private readonly sums = { hr: 0, recall: 0, ndcg: 0, mrr: 0, precision: 0 };

  add(values: Record<keyof RankMetrics, number>): void {
    this.n++;
    for (const key of Object.keys(this.sums) as (keyof RankMetrics)[]) this.sums[key] += values[key];
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

/** A weighted mean that may be of nothing. */
export class MeanTally {
  private sum = 0;
  private weights = 0;

  add(value: number, weight = 1): void {
    this.sum += weight * value;
    this.weights += weight;
  }

  mean(): number | null {
    return this.weights === 0 ? null : this.sum / this.weights;
  }
}

/** γ of Yang et al. 2018: about the middle one of the values in their published code, 1.55, 1.69 and 1.89. */
const POPULARITY_BIAS = 1.7;

/**
 * Weight of a target in the popularity-debiased hit rate: the inverse of its propensity to be seen
 * at all, n^((γ + 1) / 2) for a course that n learners took (Yang et al. 2018, "Unbiased Offline
 * Recommender Evaluation for Missing-Not-At-Random Implicit Feedback", eq. 12). 0, no weight, for a
 * course that nobody took yet, as there.
 */
export function debiasingWeight(taken: number): number {
  return taken === 0 ? 0 : taken ** (-(POPULARITY_BIAS + 1) / 2);
}

/**
 * Gini coefficient of what is shown: 0 where every course is shown as often, near 1 where all lists
 * show the same few; null where nothing is shown.
 */
export function gini(shown: Float64Array): number | null {
  const sorted = shown.slice().sort();
  let total = 0;
  let ranked = 0;
  sorted.forEach((count, at) => {
    total += count;
    ranked += (2 * (at + 1) - sorted.length - 1) * count;
  });
  return total === 0 ? null : ranked / (sorted.length * total);
}

const BINS = 10;

/** Whether what was given as probability comes true as often. */
export class CalibrationTally {
  private readonly given: number[] = [];
  private readonly taken: number[] = [];

  add(probability: number, taken: boolean): void {
    this.given.push(probability);
    this.taken.push(taken ? 1 : 0);
  }

  /**
   * Expected calibration error, Σ share of the bin · |mean taken − mean probability| over ten bins
   * of equal mass (Naeini et al. 2015, bins by quantile); null of nothing.
   */
  error(): number | null {
    const { given, taken } = this;
    const order = Uint32Array.from(given, (_, at) => at).sort((a, b) => given[a]! - given[b]! || a - b);
    let error = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const from = Math.floor((bin * order.length) / BINS);
      const to = Math.floor(((bin + 1) * order.length) / BINS);
      let difference = 0;
      for (let at = from; at < to; at++) difference += taken[order[at]!]! - given[order[at]!]!;
      error += Math.abs(difference);
    }
    return order.length === 0 ? null : error / order.length;
  }
}
