import { middle } from '../numerics/bootstrap.ts';
import { createRandom } from '../numerics/random.ts';
import { compareGroups, type HistoryGroup } from './groups.ts';
import type { ModelReport } from './scorecard.ts';

const DRAWS = 1000;

/** What each learner's answer was worth, model by model, the learners in one order. */
export interface Worth {
  hr: readonly number[];
  ndcg: readonly number[];
  lengths: readonly HistoryGroup[];
}

/** How far the hybrid is ahead, with a 95 % interval and the share of draws in which it is not. */
export interface Difference {
  mean: number;
  low: number;
  high: number;
  not_above_zero: number;
}

export interface Pair {
  /** 'all', or a group such as 'history 1-2'. */
  group: string;
  n: number;
  /** The best single model of the group, by NDCG. */
  against: string;
  hr: Difference;
  ndcg: Difference;
}

export interface Bootstrap {
  draws: number;
  intervals: Record<string, NonNullable<ModelReport['intervals']>>;
  /** The hybrid less the best single model, learner by learner; empty without the two. */
  pairs: Pair[];
}

/**
 * Percentile bootstrap over learners (Efron 1979): each draw takes as many learners as there are,
 * with replacement, the same for all models.
 */
export function bootstrap(worths: ReadonlyMap<string, Worth>, seed: number): Bootstrap {
  const hybrid = worths.get('hybrid');
  const singles = [...worths].filter(([name]) => name !== 'hybrid' && !name.includes('+'));
  const names = [...worths.keys()];
  const columns = [...worths.values()].flatMap(({ hr, ndcg }) => [hr, ndcg]);
  const means = resampledMeans(columns, seed);
  const intervals: Bootstrap['intervals'] = {};
  names.forEach((name, at) => {
    intervals[name] = { hr: middle(means[2 * at]!), ndcg: middle(means[2 * at + 1]!) };
  });

  const pairs: Pair[] = [];
  const groups = [...new Set(hybrid?.lengths)].sort(compareGroups);
  for (const group of hybrid && singles.length > 0 ? ['all', ...groups] : []) {
    const members = hybrid!.lengths.flatMap((length, at) => (group === 'all' || length === group ? [at] : []));
    const [against, best] = singles.reduce((a, b) => (meanAt(b[1].ndcg, members) > meanAt(a[1].ndcg, members) ? b : a));
    const differences = (['hr', 'ndcg'] as const).map((key) =>
      members.map((at) => hybrid![key][at]! - best[key][at]!),
    ) as [number[], number[]];
    const [hr, ndcg] = resampledMeans(differences, seed).map((draws, at) => differenceOf(differences[at]!, draws));
    pairs.push({
      group: group === 'all' ? group : `history ${group}`,
      n: members.length,
      against,
      hr: hr!,
      ndcg: ndcg!,
    });
  }
  return { draws: DRAWS, intervals, pairs };
}

/** Of each column the means of all draws. */
function resampledMeans(columns: readonly (readonly number[])[], seed: number): Float64Array[] {
  const random = createRandom(seed);
  const size = columns[0]?.length ?? 0;
  const means = columns.map(() => new Float64Array(DRAWS));
  const times = new Uint32Array(size);
  for (let draw = 0; draw < DRAWS; draw++) {
    times.fill(0);
    for (let i = 0; i < size; i++) times[random.int(size)]!++;
    columns.forEach((values, column) => {
      let sum = 0;
      for (let at = 0; at < size; at++) sum += times[at]! * values[at]!;
      means[column]![draw] = sum / size;
    });
  }
  return means;
}

function differenceOf(values: readonly number[], drawn: Float64Array): Difference {
  const [low, high] = middle(drawn);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, low, high, not_above_zero: drawn.filter((one) => one <= 0).length / DRAWS };
}

function meanAt(values: readonly number[], members: readonly number[]): number {
  return members.reduce((sum, at) => sum + values[at]!, 0) / members.length;
}
