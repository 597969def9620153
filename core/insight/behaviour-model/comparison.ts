import { middle } from '../../numerics/bootstrap.ts';
import { createRandom } from '../../numerics/random.ts';
import { ascending, auc, logLosses } from './quality.ts';

/** [lowest, highest] of the middle 95 %. */
export type Interval = [number, number];

export interface Comparison {
  auc: Interval;
  /** AUC of the model less that of recency and frequency. */
  aucGain: Interval;
  /** Log-loss of the base rate less that of the model: above 0 the model is better. */
  lossGain: Interval;
}

const DRAWS = 400;

/**
 * How far chance reaches: learners are drawn with replacement, each with all of their rows, which
 * depend on each other, and all figures are computed on the same draw (paired cluster bootstrap).
 *
 * @param learners which learner each row is of.
 */
export function compare(
  given: { model: Float64Array; recencyFrequency: Float64Array; baseRate: Float64Array },
  labels: Uint8Array,
  learners: Int32Array,
  seed: number,
): Comparison {
  const random = createRandom(seed);
  const distinct = [...new Set(learners)];
  const place = new Map(distinct.map((learner, at) => [learner, at]));
  const own = Int32Array.from(learners, (learner) => place.get(learner)!);
  const orders = [ascending(given.model), ascending(given.recencyFrequency)] as const;
  const losses = [logLosses(given.model, labels), logLosses(given.baseRate, labels)] as const;
  const drawn: { auc: number; aucGain: number; lossGain: number }[] = [];
  for (let draw = 0; draw < DRAWS; draw++) {
    const counts = new Float64Array(distinct.length);
    for (let i = 0; i < distinct.length; i++) counts[random.int(distinct.length)]!++;
    const weights = Float64Array.from(own, (at) => counts[at]!);
    const model = auc(given.model, labels, weights, orders[0]);
    const baseline = auc(given.recencyFrequency, labels, weights, orders[1]);
    // A draw without one of both kinds says nothing.
    if (Number.isNaN(model)) continue;
    let gain = 0;
    let total = 0;
    weights.forEach((weight, row) => {
      gain += weight * (losses[1][row]! - losses[0][row]!);
      total += weight;
    });
    drawn.push({ auc: model, aucGain: model - baseline, lossGain: gain / total });
  }
  const interval = (of: (one: (typeof drawn)[number]) => number): Interval => middle(drawn.map(of));
  return {
    auc: interval((one) => one.auc),
    aucGain: interval((one) => one.aucGain),
    lossGain: interval((one) => one.lossGain),
  };
}
