import { ndcg } from '../../numerics/ranking.ts';
import type { Choices } from './logit.ts';

/** Length of the lists that are to be good. */
const K = 10;

/** What is needed of choices to judge an order of their alternatives. */
export type Judged = Pick<Choices, 'starts' | 'offset' | 'chosen'>;

/** NDCG@10 of each choice; an alternative that stands for many counts as many. */
export function gains({ starts, offset, chosen }: Judged, utilities: Float64Array): Float64Array {
  const ranks: number[] = [];
  return Float64Array.from({ length: starts.length - 1 }, (_, choice) => {
    const [from, to] = [starts[choice]!, starts[choice + 1]!];
    ranks.length = 0;
    for (let target = from; target < to; target++) {
      if (chosen[target] === 0) continue;
      let rank = 1;
      for (let other = from; other < to && rank <= K; other++) {
        if (other === target || utilities[other]! < utilities[target]!) continue;
        const count = offset[other] === 0 ? 1 : Math.exp(offset[other]!);
        rank += utilities[other] === utilities[target] ? count / 2 : count;
      }
      ranks.push(rank);
    }
    return ndcg(ranks, K);
  });
}

/** Logarithm of the probability that each choice's alternatives were given. */
export function likelihoods({ starts, offset, chosen }: Judged, utilities: Float64Array): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, choice) => {
    const [from, to] = [starts[choice]!, starts[choice + 1]!];
    let highest = -Infinity;
    for (let i = from; i < to; i++) highest = Math.max(highest, utilities[i]! + offset[i]!);
    let total = 0;
    let given = 0;
    for (let i = from; i < to; i++) {
      total += Math.exp(utilities[i]! + offset[i]! - highest);
      given += chosen[i]! * (utilities[i]! + offset[i]! - highest);
    }
    return given - Math.log(total);
  });
}

/** Mean of the paired differences, and its standard error. */
export function difference(one: Float64Array, other: Float64Array): { mean: number; error: number } {
  if (one.length === 0) return { mean: 0, error: 0 };
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < one.length; i++) {
    const apart = one[i]! - other[i]!;
    sum += apart;
    squares += apart * apart;
  }
  const mean = sum / one.length;
  return { mean, error: Math.sqrt(Math.max(0, squares / one.length - mean * mean) / one.length) };
}
