import type { Progress } from '../../numerics/progress.ts';
import { columnsThatRank, featureList, FEATURES } from './features.ts';
import { ALL_GROUPS, GROUPS } from './groups.ts';
import { fitLogit, utilitiesOf, type LogitWeights } from './logit.ts';
import type { Standardised } from './choices.ts';
import { sharpen } from './sharpen.ts';

/** Pull of the safe weights, and of all learners on a group of them; held-out folds tell no difference within a factor of three. */
const PULL = 3;
const GROUP_PULL = 10;
const NO_GROUPS = 1e9;
const ITERATIONS = 60;

export interface Weighed {
  /** As `Blend.weights`. */
  weights: Float64Array;
  /** What they come to for each alternative. */
  utilities: Float64Array;
}

/** The first stage: weights of all features by group, by likelihood, then sharpened for the top of the lists. */
export function weigh({ choices, deviations }: Standardised, without: readonly string[], progress: Progress): Weighed {
  const solved = fitLogit(choices, {
    groups: ALL_GROUPS,
    prior: Float64Array.from(featureList, (feature, f) => feature.prior * deviations[f]!),
    pull: PULL,
    groupPull: without.includes('groups') ? NO_GROUPS : GROUP_PULL,
    maxIterations: ITERATIONS,
    onIteration: (iteration) => progress('weights', iteration / ITERATIONS),
  });
  keepFor(solved);
  if (!without.includes('sharpen')) {
    sharpen(choices, utilitiesOf(choices, solved), columnsThatRank).forEach((more, f) => (solved.base[f]! += more));
  }
  const weights = solved.byGroup.map((own, at) => {
    const f = at % FEATURES;
    return (own + (at < GROUPS * FEATURES ? solved.base[f]! : 0)) / deviations[f]!;
  });
  return { weights, utilities: utilitiesOf(choices, solved) };
}

/** Takes features that may not speak against a course back to nothing where they would, in any group. */
function keepFor({ base, byGroup }: LogitWeights): void {
  featureList.forEach(({ onlyFor }, f) => {
    if (!onlyFor) return;
    base[f] = Math.max(0, base[f]!);
    for (let group = 0; group < ALL_GROUPS; group++) {
      const at = group * FEATURES + f;
      byGroup[at] = Math.max(group < GROUPS ? -base[f] : 0, byGroup[at]!);
    }
  });
}
