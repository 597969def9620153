import type { Activity } from '../behaviour/history.ts';

export type Score = 1 | 2 | 3 | 4 | 5;

/** Recency, frequency and money of a learner's purchases, each from 1 (worst) to 5 (best). */
export interface Rfm {
  recency: Score;
  frequency: Score;
  money: Score;
}

/** What the scores are read from; `spentMinor` in minor units of one currency, refunds taken off. */
export type Purchases = Pick<Activity, 'purchases' | 'lastPurchaseAt'> & { spentMinor: number };

/** Where one score ends and the next begins, four values each, ascending. */
export interface RfmCuts {
  /** Days since the last purchase: up to the first value scores 5, over the last scores 1. */
  recencyDays: Cuts;
  /** Purchases: up to the first value scores 1, over the last scores 5. */
  purchases: Cuts;
  /** Money spent, as for purchases. */
  spentMinor: Cuts;
}
export type Cuts = readonly [number, number, number, number];

/**
 * Scores after Hughes, "Strategic Database Marketing" (1994).
 *
 * @param cuts where scores change: the community's own fifths, see `quintileCuts`.
 * @returns undefined for who never bought: there is nothing to score.
 */
export function rfm(activity: Purchases, now: Date, cuts: RfmCuts): Rfm | undefined {
  const { purchases, lastPurchaseAt, spentMinor } = activity;
  if (purchases === 0 || lastPurchaseAt === null) return undefined;
  const days = (now.getTime() - lastPurchaseAt) / DAY;
  return {
    recency: (1 + cuts.recencyDays.filter((cut) => days <= cut).length) as Score,
    frequency: (1 + cuts.purchases.filter((cut) => purchases > cut).length) as Score,
    money: (1 + cuts.spentMinor.filter((cut) => spentMinor > cut).length) as Score,
  };
}

/**
 * Cuts that put about a fifth of those who bought into each score. Equal values always score equal,
 * so where most bought once, most have the same frequency.
 */
export function quintileCuts(learners: readonly Purchases[], now: Date): RfmCuts {
  const bought = learners.filter(({ purchases, lastPurchaseAt }) => purchases > 0 && lastPurchaseAt !== null);
  return {
    recencyDays: fifths(bought.map(({ lastPurchaseAt }) => (now.getTime() - lastPurchaseAt!) / DAY)),
    purchases: fifths(bought.map(({ purchases }) => purchases)),
    spentMinor: fifths(bought.map(({ spentMinor }) => spentMinor)),
  };
}

/** What a pair of recency and value says, for people: rows of the usual five-by-five map, folded to six names. */
export const rfmGroups = ['champions', 'loyal', 'promising', 'needs-attention', 'big-and-leaving', 'lost'] as const;
export type RfmGroup = (typeof rfmGroups)[number];

/** The group of a score: value is the mean of frequency and money, high from 3.5 on; recency is high from 4, low to 2. */
export function rfmGroup({ recency, frequency, money }: Rfm): RfmGroup {
  const valuable = (frequency + money) / 2 >= 3.5;
  if (recency >= 4) return valuable ? 'champions' : 'promising';
  if (recency === 3) return valuable ? 'loyal' : 'needs-attention';
  return valuable ? 'big-and-leaving' : 'lost';
}

const DAY = 86_400_000;

/** Values at ranks ⌈n/5⌉ … ⌈4n/5⌉ (nearest-rank quantiles); zeros for no values. */
function fifths(values: number[]): Cuts {
  const sorted = values.sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.max(0, Math.ceil((part * sorted.length) / 5) - 1)] ?? 0;
  return [at(1), at(2), at(3), at(4)];
}
