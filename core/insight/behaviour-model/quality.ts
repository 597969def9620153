/** How good probabilities are against what happened. */
export interface Quality {
  /** Chance that one to whom it happened was given more than one to whom it did not; ties count half. */
  auc: number;
  /** Mean −ln of the probability given to what happened, nats. */
  logLoss: number;
  /** Mean squared distance from 0 or 1 (Brier 1950). */
  brier: number;
  /** See `calibrationError`. */
  ece: number;
}

/** Keeps logarithms finite. */
const LEAST = 1e-12;
const CALIBRATION_BINS = 10;

export function qualityOf(probabilities: Float64Array, labels: Uint8Array): Quality {
  let brier = 0;
  probabilities.forEach((probability, row) => (brier += (probability - labels[row]!) ** 2));
  return {
    auc: auc(probabilities, labels),
    logLoss: mean(logLosses(probabilities, labels)),
    brier: brier / labels.length,
    ece: calibrationError(probabilities, labels),
  };
}

export function logLosses(probabilities: Float64Array, labels: Uint8Array): Float64Array {
  return probabilities.map((probability, row) => {
    const given = labels[row] === 1 ? probability : 1 - probability;
    return -Math.log(Math.max(LEAST, given));
  });
}

/**
 * Area under the ROC curve (Mann–Whitney), rows counted by `weights`; NaN where all labels are the same.
 *
 * @param order rows by ascending score, see `ascending`; given by who asks many times.
 */
export function auc(
  scores: Float64Array,
  labels: Uint8Array,
  weights?: Float64Array,
  order: Int32Array = ascending(scores),
): number {
  let below = 0;
  let won = 0;
  let positives = 0;
  for (let at = 0; at < order.length;) {
    let here = 0;
    let positivesHere = 0;
    const score = scores[order[at]!]!;
    for (; at < order.length && scores[order[at]!] === score; at++) {
      const row = order[at]!;
      const weight = weights ? weights[row]! : 1;
      if (labels[row] === 1) positivesHere += weight;
      else here += weight;
    }
    won += positivesHere * (below + here / 2);
    below += here;
    positives += positivesHere;
  }
  return won / (positives * below);
}

export function ascending(scores: Float64Array): Int32Array {
  return Int32Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
}

/**
 * Expected calibration error over ten bins of equally many rows: the mean distance between the
 * probability given and the share that happened (Naeini et al. 2015, with bins by rank, which stay
 * filled where all probabilities are small). Rows of one probability stay together.
 */
export function calibrationError(probabilities: Float64Array, labels: Uint8Array): number {
  const order = ascending(probabilities);
  const size = order.length / CALIBRATION_BINS;
  let error = 0;
  let sum = 0;
  let happened = 0;
  let bins = 1;
  order.forEach((row, at) => {
    sum += probabilities[row]!;
    happened += labels[row]!;
    const next = order[at + 1];
    if (next !== undefined && (at + 1 < bins * size || probabilities[next] === probabilities[row])) return;
    error += Math.abs(sum - happened);
    sum = happened = 0;
    while (bins * size <= at + 1) bins++;
  });
  return error / order.length;
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

export function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}
