import type { Random } from '../../numerics/random.ts';
import { createAdamW } from './adamw.ts';
import type { Tf, Weights } from './network.ts';
import type { Sequences } from './sequences.ts';
import { lossAndGradients, shapesOf, type Architecture, type Negatives } from './step.ts';

/** How long and how fast to learn. */
export interface Plan {
  epochs: number;
  /** Training ends when these are used up, whatever `epochs` says. */
  budgetSeconds: number;
  /** Highest rate: reached after a warm-up, then falling to nearly nothing along a cosine. */
  learningRate: number;
  dropout: number;
  weightDecay: number;
  /** Epochs without gain after which it ends; only with `validate`. */
  patience: number;
}

export interface Course {
  /** How good weights are on what was held out, higher is better; absent: the last weights stand. */
  validate?: (weights: Weights) => number;
  /** Draws the negatives of a step; absent: the soft-max runs over all courses. */
  negatives?: (random: Random) => Negatives;
  random: Random;
  /** Seconds since any fixed moment. */
  clock: () => number;
  report: (state: TrainingState) => void;
}

export interface TrainingState {
  epoch: number;
  /** Of the whole plan, in [0, 1]. */
  share: number;
  /** Mean of the epoch so far. */
  loss: number;
  /** Best so far; undefined before the first validation. */
  best: number | undefined;
  secondsLeft: number;
}

export interface Trained {
  weights: Weights;
  /** Epochs after which the weights were as they are, a fraction where the budget ended one. */
  epochs: number;
  /** Their validation; undefined without. */
  best: number | undefined;
}

/** Share of the plan in which the rate rises. */
const WARM_UP = 0.05;
/** The rate falls to this share of the highest. */
const COOLEST = 0.02;
/** Share of the budget after which the pace is known: only then may time shorten the plan. */
const PACE_KNOWN = 0.05;

/**
 * Trains from `weights`, which are not changed, and keeps the best that were validated. While the plan
 * fits the budget, the outcome depends on data, plan and random source alone.
 */
export function train(
  tf: Tf,
  architecture: Architecture,
  start: Weights,
  sequences: Sequences,
  plan: Plan,
  { validate, negatives, random, clock, report }: Course,
): Trained {
  const shapes = shapesOf(architecture);
  const weights: Weights = Object.fromEntries(Object.keys(shapes).map((name) => [name, start[name]!.slice()]));
  const optimiser = createAdamW(plan.weightDecay, (name) => shapes[name]!.length > 1);
  const begun = clock();
  let kept: Trained = { weights, epochs: 0, best: undefined };
  let share = 0;

  for (let epoch = 0; epoch < plan.epochs && share < 1; epoch++) {
    const batches = sequences.epoch(random);
    let sum = 0;
    let done = 0;
    for (const batch of batches) {
      const spent = (clock() - begun) / plan.budgetSeconds;
      const planned = (epoch + done / batches.length) / plan.epochs;
      share = spent < PACE_KNOWN ? planned : Math.max(planned, spent);
      if (share >= 1) break;
      const { loss, gradients } = lossAndGradients(tf, architecture, weights, batch, {
        drop: plan.dropout,
        random,
        negatives: negatives?.(random),
      });
      optimiser.step(weights, gradients, plan.learningRate * rateAt(share));
      sum += loss;
      done++;
      const elapsed = clock() - begun;
      report({
        epoch: epoch + 1,
        share,
        loss: sum / done,
        best: kept.best,
        secondsLeft:
          share > 0 ? Math.min(plan.budgetSeconds - elapsed, (elapsed * (1 - share)) / share) : plan.budgetSeconds,
      });
    }
    const epochs = epoch + done / batches.length;
    if (!validate) {
      kept = { weights, epochs, best: undefined };
      continue;
    }
    const gain = validate(weights);
    if (kept.best === undefined || gain > kept.best) kept = { weights: copyOf(weights), epochs, best: gain };
    else if (epochs - kept.epochs >= plan.patience) break;
  }
  return kept;
}

function rateAt(share: number): number {
  if (share < WARM_UP) return (share + WARM_UP / 10) / (WARM_UP * 1.1);
  const fallen = (share - WARM_UP) / (1 - WARM_UP);
  return COOLEST + (1 - COOLEST) * 0.5 * (1 + Math.cos(Math.PI * fallen));
}

function copyOf(weights: Weights): Weights {
  return Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.slice()]));
}
