import {
  createExploration,
  exploredPropensity,
  rankedPropensity,
  type Exploration,
} from '../../recommend/exploration.ts';

/** All that a policy may show in one slate: a ranking, in order, and what explored places draw from. */
export interface Placing {
  /** Courses by any dense index. */
  ranking: readonly number[];
  pool: readonly number[];
  exploration: Exploration;
}

/** @param share of the places that explore. */
export function placing(ranking: readonly number[], pool: readonly number[], share: number): Placing {
  return { ranking, pool, exploration: createExploration(ranking.length, share, pool.length) };
}

/** Every allowed course is as likely in every place. */
export function uniformPlacing(allowed: readonly number[], size: number): Placing {
  return {
    ranking: [],
    pool: allowed,
    exploration: createExploration(Math.min(size, allowed.length), 1, allowed.length),
  };
}

/** Probability that the policy puts the course into the place (0-based); 0 in a place that it leaves empty. */
export function chanceAt({ ranking, pool, exploration }: Placing, course: number, position: number): number {
  if (position >= exploration.size) return 0;
  const rank = ranking.indexOf(course);
  if (rank >= 0) return rankedPropensity(exploration, rank, position);
  return pool.includes(course) ? exploredPropensity(exploration) : 0;
}

/** Mean of a value over what the policy puts into the place; 0 where it leaves it empty. */
export function meanAt(
  { ranking, pool, exploration }: Placing,
  position: number,
  of: (course: number) => number,
): number {
  if (position >= exploration.size) return 0;
  let mean = 0;
  ranking.forEach((course, rank) => {
    const chance = rankedPropensity(exploration, rank, position);
    if (chance > 0) mean += chance * of(course);
  });
  const explored = exploredPropensity(exploration);
  if (explored > 0) for (const course of pool) mean += explored * of(course);
  return mean;
}
