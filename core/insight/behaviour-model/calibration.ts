import { minimise } from '../../numerics/lbfgs.ts';
import { logLosses, mean, sigmoid, ascending } from './quality.ts';

/** How a score (a logit) becomes a probability. */
export type Calibration =
  | { kind: 'none' }
  /** sigmoid(slope · score + offset). */
  | { kind: 'platt'; slope: number; offset: number }
  /** Probabilities `values` at scores `at`, ascending both, straight lines between them. */
  | { kind: 'isotonic'; at: number[]; values: number[] };

export const calibrationKinds = ['none', 'platt', 'isotonic'] as const;
export type CalibrationKind = Calibration['kind'];

export function calibrated(calibration: Calibration, score: number): number {
  switch (calibration.kind) {
    case 'none':
      return sigmoid(score);
    case 'platt':
      return sigmoid(calibration.slope * score + calibration.offset);
    case 'isotonic':
      return between(calibration, score);
  }
}

export function calibratedAll(calibration: Calibration, scores: Float64Array): Float64Array {
  return scores.map((score) => calibrated(calibration, score));
}

/** Learns the calibration of a kind from scores and what happened, on rows that the scores were not fitted to. */
export function fitCalibration(kind: CalibrationKind, scores: Float64Array, labels: Uint8Array): Calibration {
  if (kind === 'platt') return fitPlatt(scores, labels);
  return kind === 'isotonic' ? fitIsotonic(scores, labels) : { kind };
}

/**
 * Mean log-loss that a kind of calibration reaches on rows it was not learned from: learned on
 * either half and measured on the other.
 *
 * @param halves 0 or 1 for each row; all rows of a learner in the same.
 */
export function crossLoss(kind: CalibrationKind, scores: Float64Array, labels: Uint8Array, halves: Uint8Array): number {
  const losses = [0, 1].map((half) => {
    const inside = (_: unknown, row: number) => halves[row] === half;
    const outside = (_: unknown, row: number) => halves[row] !== half;
    const calibration = fitCalibration(kind, scores.filter(outside), labels.filter(outside));
    return logLosses(calibratedAll(calibration, scores.filter(inside)), labels.filter(inside));
  });
  return mean(Float64Array.from(losses.flatMap((part) => [...part])));
}

/** A logistic curve through the scores (Platt 1999, with his smoothed targets); it does not turn their order round. */
function fitPlatt(scores: Float64Array, labels: Uint8Array): Calibration {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const high = (positives + 1) / (positives + 2);
  const low = 1 / (labels.length - positives + 2);
  const [slope, offset] = minimise(
    ([a, b], gradient) => {
      let loss = 0;
      gradient.fill(0);
      scores.forEach((score, row) => {
        const wanted = labels[row] === 1 ? high : low;
        const value = a! * score + b!;
        loss += softplus(value) - wanted * value;
        const error = (sigmoid(value) - wanted) / scores.length;
        gradient[0]! += error * score;
        gradient[1]! += error;
      });
      return loss / scores.length;
    },
    Float64Array.of(1, 0),
    { tolerance: 1e-7 },
  );
  return slope! > 0 ? { kind: 'platt', slope: slope!, offset: offset! } : { kind: 'none' };
}

/** The rising steps nearest to what happened (pool adjacent violators, Zadrozny and Elkan 2002), joined by lines. */
function fitIsotonic(scores: Float64Array, labels: Uint8Array): Calibration {
  if (labels.length === 0) return { kind: 'none' };
  const blocks: { score: number; happened: number; rows: number }[] = [];
  const order = ascending(scores);
  order.forEach((row, at) => {
    const tied = at > 0 && scores[order[at - 1]!] === scores[row];
    if (tied) {
      const block = blocks.at(-1)!;
      block.score += scores[row]!;
      block.happened += labels[row]!;
      block.rows++;
    } else {
      if (at > 0) pool();
      blocks.push({ score: scores[row]!, happened: labels[row]!, rows: 1 });
    }
  });
  pool();
  // Nothing is certain because it was so in a few rows.
  const least = 1 / (labels.length + 2);
  return {
    kind: 'isotonic',
    at: blocks.map(({ score, rows }) => score / rows),
    values: blocks.map(({ happened, rows }) => Math.min(1 - least, Math.max(least, happened / rows))),
  };

  function pool() {
    for (let last = blocks.length - 1; last > 0; last--) {
      const [before, block] = [blocks[last - 1]!, blocks[last]!];
      if (before.happened * block.rows < block.happened * before.rows) return;
      blocks.pop();
      before.score += block.score;
      before.happened += block.happened;
      before.rows += block.rows;
    }
  }
}

function between({ at, values }: { at: number[]; values: number[] }, score: number): number {
  if (score <= at[0]!) return values[0]!;
  if (score >= at.at(-1)!) return values.at(-1)!;
  let low = 0;
  let high = at.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (at[middle]! <= score) low = middle;
    else high = middle;
  }
  const part = (score - at[low]!) / (at[high]! - at[low]!);
  return values[low]! + part * (values[high]! - values[low]!);
}

function softplus(value: number): number {
  return value > 0 ? value + Math.log1p(Math.exp(-value)) : Math.log1p(Math.exp(value));
}
