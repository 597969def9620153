import type { Interval } from '../../numerics/bootstrap.ts';
import type { Figures } from './measure.ts';

/** Questions from which a comparison says something. */
export const ENOUGH = 100;
/** Days of newer behaviour after which a champion that is merely equal gives way. */
export const STALE_DAYS = 28;
/** Share of the newest behaviour on courses that the champion has never seen, from which it gives way. */
export const UNKNOWN_SHARE = 0.05;
/** Factor by which the log has grown, or shrunk, since the champion learned from it. */
export const GROWTH = 1.5;

/** Why a version was promoted, or was not. */
export type Rule =
  /** Nothing served before it. */
  | 'first'
  /** It beats the champion beyond noise. */
  | 'better'
  /** The champion beats it beyond noise. */
  | 'worse'
  /** Neither beats the other beyond noise; the champion stays, its counts brought up to date. */
  | 'equal'
  /** Neither beats the other, and the champion has fallen behind. */
  | 'stale'
  /** Too few new questions to tell: the newer one serves. */
  | 'too-few'
  /** As 'stale' or 'too-few', but the champion was put in place by hand: only a better one replaces it. */
  | 'held'
  /** The champion's artefact can not be read. */
  | 'unreadable'
  /** Plain popularity beats it beyond noise. */
  | 'below-popular'
  /** It was not measured: it waits for somebody to promote it. */
  | 'unmeasured'
  /** The champion changed while it was trained. */
  | 'overtaken'
  /** It does not serve. */
  | 'unfit';

/** How far the champion has fallen behind the data, as measured. */
export interface Staleness {
  /** Days from the end of the champion's data to the end of the newest; null without times. */
  days: number | null;
  /** Share of what came since on courses that it has never seen; null when nothing came. */
  unknown: number | null;
  /** Events now for each one that it learned from. */
  growth: number;
}

/** NDCG@10 of the challenger less another's, on the same questions. */
export interface Advantage {
  questions: number;
  difference: Interval;
}

export interface Evidence {
  /** Undefined when nothing serves. */
  champion: { readable: boolean; byHand: boolean; staleness: Staleness } | undefined;
  /** Whether the challenger was to be measured at all. */
  measured: boolean;
  /** Undefined where there was no question. */
  overPopular: Advantage | undefined;
  overChampion: Advantage | undefined;
}

export interface Verdict {
  promoted: boolean;
  rule: Rule;
  /** What says that the champion has fallen behind. */
  stale: (keyof Staleness)[];
}

/** A verdict with what it was based on, as it is stored. */
export interface Decision extends Verdict {
  /** Number of the version that served; null when none did. */
  champion: number | null;
  staleness?: Staleness;
  /** On the newest window; absent where there were too few questions. */
  comparison?: Advantage & { champion: Figures; challenger: Figures };
}

/**
 * Whether a challenger replaces the champion: when it beats it beyond noise, that is when the whole interval
 * of the paired difference is above 0. Where the data can not tell, freshness decides, unless a person chose
 * the champion.
 */
export function decide({ champion, measured, overPopular, overChampion }: Evidence): Verdict {
  const stale = champion ? fallenBehind(champion.staleness) : [];
  const verdict = (promoted: boolean, rule: Rule): Verdict => ({ promoted, rule, stale });
  if (!champion) return verdict(true, 'first');
  if (!measured) return verdict(false, 'unmeasured');
  const told = (advantage: Advantage | undefined) =>
    advantage && advantage.questions >= ENOUGH ? advantage.difference : undefined;
  if ((told(overPopular)?.high ?? 0) < 0) return verdict(false, 'below-popular');
  if (!champion.readable) return verdict(true, 'unreadable');
  const difference = told(overChampion);
  if (difference && difference.low > 0) return verdict(true, 'better');
  if (difference && difference.high < 0) return verdict(false, 'worse');
  if (difference && stale.length === 0) return verdict(false, 'equal');
  if (champion.byHand) return verdict(false, 'held');
  return verdict(true, difference ? 'stale' : 'too-few');
}

function fallenBehind({ days, unknown, growth }: Staleness): (keyof Staleness)[] {
  const behind: (keyof Staleness)[] = [];
  if (days !== null && days >= STALE_DAYS) behind.push('days');
  if (unknown !== null && unknown >= UNKNOWN_SHARE) behind.push('unknown');
  if (growth >= GROWTH || growth <= 1 / GROWTH) behind.push('growth');
  return behind;
}
