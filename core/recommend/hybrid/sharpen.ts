import { ndcg } from '../../numerics/ranking.ts';
import type { Choices } from './logit.ts';

/** Length of the lists that are to be good. */
const K = 10;
/** Tried additions to a weight, in units of one over the standard deviation of its feature. */
const STEPS = [0.25, 0.5, 1, 2, 4, 8, 16, 32];
/** Standard errors by which the gain must be above nothing. */
const CERTAIN = 2;
const ROUNDS = 3;

/**
 * What to add to the weight of each feature so that the top of the lists gets better. Likelihood
 * looks at all alternatives alike, so that a single model can order the first ten better than the
 * likeliest blend does; then more weight for it is worth more than likelihood. One feature at a
 * time, by NDCG@10 of the same choices, and only by what is no chance.
 *
 * @param weights [group][feature], as the likelihood has them.
 * @param open features that may gain.
 */
export function sharpen(choices: Choices, weights: Float64Array, open: readonly number[]): Float64Array {
  const { features, group, starts, x } = choices;
  const added = new Float64Array(features);
  const utilities = new Float64Array(choices.offset.length);
  for (let choice = 0; choice < group.length; choice++) {
    const w = weights.subarray(group[choice]! * features, (group[choice]! + 1) * features);
    for (let i = starts[choice]!; i < starts[choice + 1]!; i++) {
      for (let f = 0; f < features; f++) utilities[i]! += w[f]! * x[i * features + f]!;
    }
  }
  let standing = gains(choices, utilities);
  const tried = new Float64Array(utilities.length);
  for (let round = 0; round < ROUNDS; round++) {
    let best: { feature: number; step: number; gain: number; gains: Float64Array } | undefined;
    for (const feature of open) {
      for (const step of STEPS) {
        for (let i = 0; i < tried.length; i++) tried[i] = utilities[i]! + step * x[i * features + feature]!;
        const found = gains(choices, tried);
        const { mean, error } = difference(found, standing);
        if (mean > CERTAIN * error && mean > (best?.gain ?? 0)) best = { feature, step, gain: mean, gains: found };
      }
    }
    if (!best) break;
    added[best.feature]! += best.step;
    for (let i = 0; i < tried.length; i++) utilities[i]! += best.step * x[i * features + best.feature]!;
    standing = best.gains;
  }
  return added;
}

/** NDCG of each choice; an alternative that stands for many counts as many. */
function gains({ group, starts, offset, chosen }: Choices, utilities: Float64Array): Float64Array {
  return Float64Array.from(group, (_, choice) => {
    const [from, to] = [starts[choice]!, starts[choice + 1]!];
    const ranks: number[] = [];
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

function difference(one: Float64Array, other: Float64Array): { mean: number; error: number } {
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
