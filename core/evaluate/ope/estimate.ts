import { middle } from '../../numerics/bootstrap.ts';
import { createRandom } from '../../numerics/random.ts';
import type { Logged } from './logged.ts';

/** An estimate of a mean reward, with its 95 % interval. */
export interface Estimate {
  value: number;
  /** null where fewer than two clusters can tell nothing of the spread. */
  low: number | null;
  high: number | null;
}

export interface OffPolicy {
  /** Impressions, and the clusters that they fall into. */
  n: number;
  clusters: number;
  /** Mean reward of what was really shown. */
  logged: Estimate;
  ips: Estimate;
  /** null where the candidate would have shown nothing of what was logged. */
  snips: Estimate | null;
  /** null without a prediction of rewards. */
  dr: Estimate | null;
  /** Candidate less logged, of the same rows: by `dr` where there is one, else by `snips`. */
  gain: Estimate | null;
  /** Kong's effective sample size, (Σw)² / Σw²: so many impressions of the candidate's own would say as much. */
  effective: number;
  /** Share of rows that the candidate could have shown at all. */
  overlap: number;
  /**
   * Mean weight before clipping: what part of the candidate's choices the logged policy could make.
   * Around 1 for full support; what lies below it is known of by no estimator.
   */
  support: Estimate;
  maxWeight: number;
  clipped: {
    /** The limit of a weight; null: none. */
    limit: number | null;
    /** Share of rows whose weight was larger. */
    share: number;
    /** What clipping takes from the estimates of IPS and DR: their estimated bias; null without a prediction. */
    ips: number;
    dr: number | null;
  };
  intervals: 'sandwich' | 'bootstrap';
}

export interface EstimateOptions {
  /** Weights above it count as it; absent: none is clipped, and nothing is biased by it. */
  clip?: number;
  /** Resamples of clusters for percentile intervals; absent: intervals from the sandwich variance. */
  bootstrap?: number;
  /** Of the resampling. */
  seed: number;
}

/**
 * What the candidate would have earned an impression, w being candidate / propensity:
 *
 * - IPS, Σwr / n (Horvitz & Thompson 1952);
 * - SNIPS, Σwr / Σw (Swaminathan & Joachims 2015): no matter of the scale's zero, less variance, a bias of order 1/n;
 * - DR, Σ(q̂(candidate) + w(r − q̂(logged))) / n (Dudík, Langford & Li 2011): unbiased whatever q̂ is.
 *
 * Places of a slate count each by itself (the item-position model of Li, Abbasi-Yadkori, Kveton,
 * Muthukrishnan, Vinay & Wen 2018): a course's reward may depend on its place, not on its neighbours.
 * Intervals are of means over independent clusters: by the sandwich variance of a ratio of cluster
 * sums with the normal quantile, or by percentiles over resampled clusters.
 */
export function estimateOffPolicy(logged: Logged, { clip, bootstrap, seed }: EstimateOptions): OffPolicy {
  const n = logged.reward.length;
  const raw = logged.candidate.map((chance, row) => chance / logged.propensity[row]!);
  const w = clip === undefined ? raw : raw.map((weight) => Math.min(weight, clip));
  const { reward, predicted, expected } = logged;
  const modelled = predicted && expected;

  const clusters = clusterCount(logged.cluster);
  const sum = (of: (row: number) => number) => sums(logged.cluster, clusters, of);
  const size = sum(() => 1);
  const weight = sum((row) => w[row]!);
  const own: Ratio = { over: sum((row) => reward[row]!), by: size };
  const ips: Ratio = { over: sum((row) => w[row]! * reward[row]!), by: size };
  const snips: Ratio | undefined = total(weight) > 0 ? { over: ips.over, by: weight } : undefined;
  const dr: Ratio | undefined = modelled && {
    over: sum((row) => expected[row]! + w[row]! * (reward[row]! - predicted[row]!)),
    by: size,
  };
  const best = dr ?? snips;
  const intervals = bootstrap === undefined ? sandwich : resampling(clusters, bootstrap, seed);

  const cut = (row: number) => raw[row]! - w[row]!;
  const mean = (of: (row: number) => number) => {
    let all = 0;
    for (let row = 0; row < n; row++) all += of(row);
    return n === 0 ? NaN : all / n;
  };
  const weights = total(weight);
  const squares = w.reduce((all, one) => all + one * one, 0);
  return {
    n,
    clusters,
    logged: intervals(own),
    ips: intervals(ips),
    snips: snips ? intervals(snips) : null,
    dr: dr ? intervals(dr) : null,
    gain: best ? intervals(best, own) : null,
    effective: squares > 0 ? (weights * weights) / squares : 0,
    overlap: mean((row) => (logged.candidate[row]! > 0 ? 1 : 0)),
    support: intervals({ over: sum((row) => raw[row]!), by: size }),
    maxWeight: raw.reduce((most, one) => Math.max(most, one), 0),
    clipped: {
      limit: clip ?? null,
      share: mean((row) => (cut(row) > 0 ? 1 : 0)),
      ips: -mean((row) => cut(row) * reward[row]!),
      dr: modelled ? -mean((row) => cut(row) * (reward[row]! - predicted[row]!)) : null,
    },
    intervals: bootstrap === undefined ? 'sandwich' : 'bootstrap',
  };
}

/** Σ over / Σ by, both by cluster. */
interface Ratio {
  over: Float64Array;
  by: Float64Array;
}

/** Interval of a ratio, or of what it is above another one. */
type Intervals = (ratio: Ratio, less?: Ratio) => Estimate;

const Z = 1.959964;

/** Linearised: cluster c moves the ratio R by (over_c − R·by_c) / Σby; variance C/(C−1) · Σ of squares. */
const sandwich: Intervals = (ratio, less) => {
  const clusters = ratio.over.length;
  const value = valueOf(ratio) - (less ? valueOf(less) : 0);
  if (clusters < 2) return { value, low: null, high: null };
  const moves = influence(ratio);
  const lesser = less && influence(less);
  let squares = 0;
  for (let c = 0; c < clusters; c++) squares += (moves[c]! - (lesser?.[c] ?? 0)) ** 2;
  const reach = Z * Math.sqrt((squares * clusters) / (clusters - 1));
  return { value, low: value - reach, high: value + reach };
};

function influence(ratio: Ratio): Float64Array {
  const by = total(ratio.by);
  const value = valueOf(ratio);
  return ratio.over.map((over, c) => (over - value * ratio.by[c]!) / by);
}

/** Percentile intervals; every estimate is made of the same resamples. */
function resampling(clusters: number, times: number, seed: number): Intervals {
  return (ratio, less) => {
    const value = valueOf(ratio) - (less ? valueOf(less) : 0);
    if (clusters < 2) return { value, low: null, high: null };
    const random = createRandom(seed);
    const drawn: number[] = [];
    for (let time = 0; time < times; time++) {
      const sum = { over: 0, by: 0, lessOver: 0, lessBy: 0 };
      for (let c = 0; c < clusters; c++) {
        const picked = random.int(clusters);
        sum.over += ratio.over[picked]!;
        sum.by += ratio.by[picked]!;
        if (!less) continue;
        sum.lessOver += less.over[picked]!;
        sum.lessBy += less.by[picked]!;
      }
      // A resample in which the candidate shows nothing says nothing of it.
      if (sum.by > 0) drawn.push(sum.over / sum.by - (less ? sum.lessOver / sum.lessBy : 0));
    }
    const [low, high] = middle(drawn);
    return { value, low, high };
  };
}

function valueOf({ over, by }: Ratio): number {
  return total(over) / total(by);
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function clusterCount(cluster: Int32Array): number {
  let most = -1;
  for (const one of cluster) if (one > most) most = one;
  return most + 1;
}

function sums(cluster: Int32Array, clusters: number, of: (row: number) => number): Float64Array {
  const result = new Float64Array(clusters);
  for (let row = 0; row < cluster.length; row++) result[cluster[row]!]! += of(row);
  return result;
}
