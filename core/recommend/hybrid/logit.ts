import { minimise } from '../../numerics/lbfgs.ts';

/** Choices, each among some alternatives with features. */
export interface Choices {
  features: number;
  /** Groups that each choice belongs to; each adds to the weights that all share. */
  groups: readonly (readonly number[])[];
  /** Alternatives of choice c: `starts[c] … starts[c + 1] − 1`. */
  starts: readonly number[];
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
  /** The same for what a group adds. */
  groupPull: number;
  /** Known before any weight: one for each alternative; 0 by default. */
  utilities?: Float64Array;
  maxIterations?: number;
  onIteration?: (iteration: number) => void;
}

/** Weights of features, and what each group adds to them: [group][feature]. */
export interface LogitWeights {
  base: Float64Array;
  byGroup: Float64Array;
}

/**
 * Conditional (multinomial) logit (McFadden 1974): P(i) ∝ exp(offset_i + u_i + x_i · (w + Σ w_group)), by
 * maximum posterior under Gaussian priors around `prior` and 0. Without data the prior stands.
 */
export function fitLogit(choices: Choices, options: LogitOptions): LogitWeights {
  const { features, groups: groupsOf, starts, x, offset, chosen } = choices;
  const { groups, prior, pull, groupPull, utilities, maxIterations = 80, onIteration } = options;
  const count = groupsOf.length;
  const start = new Float64Array(features * (1 + groups));
  start.set(prior);
  const weights = new Float64Array(features);
  const local = new Float64Array(features);
  let widest = 0;
  for (let choice = 0; choice < count; choice++) widest = Math.max(widest, starts[choice + 1]! - starts[choice]!);
  const score = new Float64Array(widest);

  const objective = (at: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    for (let f = 0; f < at.length; f++) {
      const away = at[f]! - (f < features ? prior[f]! : 0);
      const strength = f < features ? pull : groupPull;
      loss += 0.5 * strength * away * away;
      gradient[f] = strength * away;
    }
    for (let choice = 0; choice < count; choice++) {
      const own = groupsOf[choice]!;
      for (let f = 0; f < features; f++) weights[f] = at[f]!;
      for (const group of own) for (let f = 0; f < features; f++) weights[f]! += at[features * (1 + group) + f]!;
      local.fill(0);
      loss += addChoiceLoss(choice, weights, local);
      for (let f = 0; f < features; f++) gradient[f]! += local[f]!;
      for (const group of own) for (let f = 0; f < features; f++) gradient[features * (1 + group) + f]! += local[f]!;
    }
    return loss;
  };

  const addChoiceLoss = (choice: number, w: Float64Array, gradient: Float64Array): number => {
    const from = starts[choice]!;
    const alternatives = starts[choice + 1]! - from;
    let highest = -Infinity;
    for (let i = 0; i < alternatives; i++) {
      let sum = offset[from + i]! + (utilities ? utilities[from + i]! : 0);
      const row = (from + i) * features;
      for (let f = 0; f < features; f++) sum += x[row + f]! * w[f]!;
      score[i] = sum;
      if (sum > highest) highest = sum;
    }
    let total = 0;
    for (let i = 0; i < alternatives; i++) total += Math.exp(score[i]! - highest);
    const logTotal = highest + Math.log(total);
    let loss = 0;
    for (let i = 0; i < alternatives; i++) {
      const share = chosen[from + i]!;
      if (share > 0) loss -= share * (score[i]! - logTotal);
      const residual = Math.exp(score[i]! - logTotal) - share;
      // What is hardly possible hardly moves the weights.
      if (residual < 1e-6 && residual > -1e-6) continue;
      const row = (from + i) * features;
      for (let f = 0; f < features; f++) gradient[f]! += residual * x[row + f]!;
    }
    return loss;
  };

  const solved =
    count === 0
      ? start
      : minimise(objective, start, { maxIterations, tolerance: 1e-3, ...(onIteration && { onIteration }) });
  return { base: solved.slice(0, features), byGroup: solved.slice(features) };
}

/** Of every alternative, by weights [1 + group][feature]: what all share first. */
export function utilitiesOf(choices: Choices, { base, byGroup }: LogitWeights): Float64Array {
  const { features, groups, starts, x } = choices;
  const utilities = new Float64Array(choices.offset.length);
  const weights = new Float64Array(features);
  groups.forEach((own, choice) => {
    weights.set(base);
    for (const group of own) for (let f = 0; f < features; f++) weights[f]! += byGroup[group * features + f]!;
    for (let i = starts[choice]!; i < starts[choice + 1]!; i++) {
      let sum = 0;
      for (let f = 0; f < features; f++) sum += weights[f]! * x[i * features + f]!;
      utilities[i] = sum;
    }
  });
  return utilities;
}
