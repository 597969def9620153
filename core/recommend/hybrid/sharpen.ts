import { difference, gains } from './gains.ts';
import type { Choices } from './logit.ts';

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
 * @param blended utility of each alternative, as the likelihood has it.
 * @param open features that may gain.
 */
export function sharpen(choices: Choices, blended: Float64Array, open: readonly number[]): Float64Array {
  const { features, x } = choices;
  const added = new Float64Array(features);
  const utilities = blended.slice();
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
