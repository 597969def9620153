import type { Progress } from '../../numerics/progress.ts';
import { columnsThatRank, featureList, FEATURES } from './features.ts';
import { ALL_GROUPS, GROUPS } from './groups.ts';
import { fitLogit, utilitiesOf, type LogitWeights } from './logit.ts';
import type { Standardised } from './choices.ts';
import { sharpen } from './sharpen.ts';

/** Pull of the safe weights, and of all learners on a group of them; held-out folds tell no difference within a factor of three. */
const PULL = 3;
const GROUP_PULL = 10;
/** With fewer questions than this, both pull harder: by so much as there are fewer. */
const ENOUGH = 3000;
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
  const asked = choices.groups.length;
  const scarcity = Math.max(1, ENOUGH / Math.max(1, asked));
  const solved = fitLogit(choices, {
    groups: ALL_GROUPS,
    prior: Float64Array.from(featureList, ({ prior }, f) => prior * deviations[f]!),
    pull: PULL * scarcity,
    groupPull: without.includes('groups') ? NO_GROUPS : GROUP_PULL * scarcity,
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
