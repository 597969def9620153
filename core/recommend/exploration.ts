import type { Random } from '../numerics/random.ts';
import type { Ranked } from './rerank.ts';

/** Courses that an explored position draws from: the best of those that did not make it, and the new ones. */
export const EXPLORED_DEPTH = 200;

export interface Placed extends Ranked {
  explored: boolean;
  propensity: number;
}

/**
 * A slate: drawn courses of the pool in the explored positions, the ranking, in order, in the others.
 *
 * @param share of the positions that explore.
 */
export function place(ranking: readonly Ranked[], pool: readonly Ranked[], share: number, random: Random): Placed[] {
  const exploration = createExploration(ranking.length, share, pool.length);
  const positions = drawPositions(exploration, random);
  const drawn = sample(pool.length, positions.filter(Boolean).length, random);
  let rank = 0;
  let draw = 0;
  return positions.map((explored, position) => {
    if (explored) {
      return { ...pool[drawn[draw++]!]!, explored, propensity: exploredPropensity(exploration) };
    }
    const propensity = rankedPropensity(exploration, rank, position);
    return { ...ranking[rank++]!, explored, propensity };
  });
}

/**
 * Which positions of a slate explore. The number K of explored positions is `share · size` by
 * randomised rounding (⌊x⌋, plus one with probability x − ⌊x⌋), so that a share of .1 holds over
 * many slates of five, too; each set of K positions is equally likely.
 */
export interface Exploration {
  /** Positions of the slate. */
  size: number;
  /** Probability of each K that can come. */
  counts: readonly { explored: number; probability: number }[];
  /** Courses that an explored position draws from, all equally likely, none twice. */
  pool: number;
}

/** @param pool number of courses that could be drawn; K is never more. */
export function createExploration(size: number, share: number, pool: number): Exploration {
  const expected = size * share;
  const low = Math.floor(expected);
  const rest = expected - low;
  const most = Math.min(size, pool);
  const counts = [
    { explored: Math.min(low, most), probability: 1 - rest },
    { explored: Math.min(low + 1, most), probability: rest },
  ].filter(({ probability }) => probability > 0);
  return { size, counts, pool };
}

/** @returns for each position, whether it is explored. */
export function drawPositions({ size, counts }: Exploration, random: Random): boolean[] {
  let draw = random.next();
  let explored = counts.at(-1)?.explored ?? 0;
  for (const count of counts) {
    if (draw < count.probability) {
      explored = count.explored;
      break;
    }
    draw -= count.probability;
  }
  const positions = sample(size, explored, random);
  return Array.from({ length: size }, (_, position) => positions.includes(position));
}

/** `count` different numbers below `size`, in random order (partial Fisher–Yates). */
export function sample(size: number, count: number, random: Random): number[] {
  const numbers = Array.from({ length: size }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + random.int(size - i);
    [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
  }
  return numbers.slice(0, count);
}

/** Probability that one course of the pool stands at a position (the same for all of both). */
export function exploredPropensity({ size, counts, pool }: Exploration): number {
  const expected = counts.reduce((sum, { explored, probability }) => sum + explored * probability, 0);
  return expected / size / pool;
}

/**
 * Probability that the course of rank `rank` (0-based, of the ranking that fills the positions that
 * are not explored, in order) stands at `position`: exactly `position − rank` of the positions
 * before are explored and this one is not.
 */
export function rankedPropensity({ size, counts }: Exploration, rank: number, position: number): number {
  const before = position - rank;
  let sum = 0;
  for (const { explored, probability } of counts) {
    const ways = choose(position, before) * choose(size - 1 - position, explored - before);
    sum += (probability * ways) / choose(size, explored);
  }
  return sum;
}

/** Binomial coefficient; 0 outside 0 ≤ k ≤ n. */
function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0;
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return Math.round(result);
}
