import { minimise } from '../../numerics/lbfgs.ts';

/** Choices, each among some alternatives with features. Filled through `addChoice`. */
export interface Choices {
  features: number;
  /** Group of each choice; weights may differ by group. */
  group: number[];
  /** Alternatives of choice c: `starts[c] … starts[c + 1] − 1`. */
  starts: number[];
  /** [alternative][feature] */
  x: Float32Array;
  /** Logarithm of how many alternatives each one stands for; sampled ones stand for more than one. */
  offset: Float32Array;
  /** Share of the choice that fell on each alternative; a choice's shares sum to 1. */
  chosen: Float32Array;
}

export interface LogitOptions {
  groups: number;
  /** The weights that no data pulls away from. */
  prior: Float64Array;
  /** Strength of that pull, as the inverse variance of a Gaussian prior. */
  pull: number;
  /** The same for the difference of a group from all. */
  groupPull: number;
  maxIterations?: number;
  onIteration?: (iteration: number) => void;
}

/** Weights of features, and what each group adds to them: [group][feature]. */
export interface LogitWeights {
  base: Float64Array;
  byGroup: Float64Array;
}

/**
 * Conditional (multinomial) logit (McFadden 1974): P(i) ∝ exp(offset_i + x_i · (w + w_group)), by
 * maximum posterior under Gaussian priors around `prior` and 0. Without data the prior stands.
 */
export function fitLogit(choices: Choices, options: LogitOptions): LogitWeights {
  const { features, group, starts, x, offset, chosen } = choices;
  const { groups, prior, pull, groupPull, maxIterations = 80, onIteration } = options;
  const start = new Float64Array(features * (1 + groups));
  start.set(prior);
  const weights = new Float64Array(features);
  const local = new Float64Array(features);
  let widest = 0;
  for (let choice = 0; choice < group.length; choice++) {
    widest = Math.max(widest, starts[choice + 1]! - starts[choice]!);
  }
  const score = new Float64Array(widest);

  const objective = (at: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    for (let f = 0; f < at.length; f++) {
      const away = at[f]! - (f < features ? prior[f]! : 0);
      const strength = f < features ? pull : groupPull;
      loss += 0.5 * strength * away * away;
      gradient[f] = strength * away;
    }
    for (let choice = 0; choice < group.length; choice++) {
      const shift = features * (1 + group[choice]!);
      for (let f = 0; f < features; f++) weights[f] = at[f]! + at[shift + f]!;
      local.fill(0);
      loss += addChoiceLoss(choice, weights, local);
      for (let f = 0; f < features; f++) {
        gradient[f]! += local[f]!;
        gradient[shift + f]! += local[f]!;
      }
    }
    return loss;
  };

  const addChoiceLoss = (choice: number, w: Float64Array, gradient: Float64Array): number => {
    const from = starts[choice]!;
    const count = starts[choice + 1]! - from;
    let highest = -Infinity;
    for (let i = 0; i < count; i++) {
      let sum = offset[from + i]!;
      const row = (from + i) * features;
      for (let f = 0; f < features; f++) sum += x[row + f]! * w[f]!;
      score[i] = sum;
      if (sum > highest) highest = sum;
    }
    let total = 0;
    for (let i = 0; i < count; i++) total += Math.exp(score[i]! - highest);
    const logTotal = highest + Math.log(total);
    let loss = 0;
    for (let i = 0; i < count; i++) {
      const share = chosen[from + i]!;
      if (share > 0) loss -= share * (score[i]! - logTotal);
      const residual = Math.exp(score[i]! - logTotal) - share;
      const row = (from + i) * features;
      for (let f = 0; f < features; f++) gradient[f]! += residual * x[row + f]!;
    }
    return loss;
  };

  const solved =
    group.length === 0
      ? start
      : minimise(objective, start, { maxIterations, tolerance: 1e-3, ...(onIteration && { onIteration }) });
  return { base: solved.slice(0, features), byGroup: solved.slice(features) };
}
