import type { Progress } from '../../numerics/progress.ts';
import { hashUnit } from '../../numerics/splits.ts';
import {
  calibratedAll,
  calibrationKinds,
  crossLoss,
  fitCalibration,
  type Calibration,
  type CalibrationKind,
} from './calibration.ts';
import { compare, type Comparison } from './comparison.ts';
import { featureAt, featureNames, recencyFrequency } from './features.ts';
import type { Rows } from './logistic.ts';
import { DAY } from './past.ts';
import { qualityOf, type Quality } from './quality.ts';
import { windowsOf, type Rows as Range, type Samples } from './samples.ts';
import { learn, learnOn, scoreAll, tryAll, type Learning, type Scorer } from './scorer.ts';
import { horizonDays, targets, type Target } from './targets.ts';

/** Rows to which it happened, and to which not, that each window must have at least. */
export const FEWEST = 30;
/** Chance is .5; below this a single person's number says next to nothing. */
const TELLING_AUC = 0.6;

export interface WindowMetrics {
  /** ISO times of the first and the last moment. */
  from: string;
  to: string;
  moments: number;
  learners: number;
  /** Share of the moments after which it happened. */
  rate: number;
}

/** What came out for one target. Everything was chosen on the validation window; test was looked at once. */
export interface TargetMetrics {
  windows: { train: WindowMetrics; validation: WindowMetrics; test: WindowMetrics };
  /** What was tried, with its log-loss on the validation window under the calibration that suits it. */
  tried: { learning: Learning; calibration: CalibrationKind; logLoss: number }[];
  chosen: { learning: Learning; calibration: CalibrationKind };
  /** On the test window. */
  test: { model: Quality; recencyFrequency: Quality; baseRate: Quality };
  /** 95 % intervals of them. */
  interval: Comparison;
  /** On the test window, the chosen model as it scores before calibration. */
  uncalibrated: Quality;
  /** Better than the base rate beyond chance: only then is it used at all. */
  useful: boolean;
  /**
   * Good enough to be told to a person, with reasons: useful, an AUC of `TELLING_AUC` or more beyond chance,
   * and not beaten by recency and frequency beyond chance.
   */
  telling: boolean;
}

/** What serves: learned on everything up to the newest window, calibrated on that. */
export interface Learned {
  scorer: Scorer;
  calibration: Calibration;
  /** Share to which it happened in the newest window. */
  rate: number;
  telling: boolean;
}

export type TargetResult =
  | { trained: true; metrics: TargetMetrics; learned: Learned | undefined }
  /** Why nothing was learned: too few moments, or all alike, in one of the windows. */
  | { trained: false; why: 'few-moments' | 'seldom' | 'nearly-always'; moments: number; happened: number };

/** Learns, measures and refits every target. The same samples and seed give the same result. */
export function learnTargets(
  samples: Samples,
  { end, seed }: { end: number; seed: number },
  progress: Progress,
): Record<Target, TargetResult> {
  const results = {} as Record<Target, TargetResult>;
  targets.forEach((target, at) => {
    progress(`Learning ${target}`, at / targets.length);
    results[target] = learnTarget(samples, target, end, seed);
  });
  progress('Learning', 1);
  return results;
}

function learnTarget(samples: Samples, target: Target, end: number, seed: number): TargetResult {
  const windows = windowsOf(samples.times, end, horizonDays[target] * DAY);
  const labels = samples.labels[target];
  const lacking = lack(labels, windows);
  if (lacking) return { trained: false, ...lacking };
  const rows = (range: Range): Rows => rowsOf(samples, labels, range);
  const [train, validation, test] = [rows(windows.train), rows(windows.validation), rows(windows.test)];
  const halves = halvesOf(samples, windows.validation, seed);

  const tried = tryAll(train, validation, seed).map(({ learning, scorer }) => {
    const scores = scoreAll(scorer, validation);
    return { learning, scorer, scores, ...bestCalibration(scores, validation.labels, halves) };
  });
  const best = tried.reduce((least, one) => (one.logLoss < least.logLoss ? one : least));
  const scores = scoreAll(best.scorer, test);
  const model = calibratedAll(fitCalibration(best.calibration, best.scores, validation.labels), scores);
  const baselines = baselinesOf(train, validation, test, halves);
  const interval = compare(
    { model, ...baselines },
    test.labels,
    samples.learners.subarray(windows.test.from, windows.test.to),
    seed,
  );
  const metrics: TargetMetrics = {
    windows: {
      train: windowMetrics(samples, labels, windows.train),
      validation: windowMetrics(samples, labels, windows.validation),
      test: windowMetrics(samples, labels, windows.test),
    },
    tried: tried.map(({ learning, calibration, logLoss }) => ({ learning, calibration, logLoss })),
    chosen: { learning: best.learning, calibration: best.calibration },
    test: {
      model: qualityOf(model, test.labels),
      recencyFrequency: qualityOf(baselines.recencyFrequency, test.labels),
      baseRate: qualityOf(baselines.baseRate, test.labels),
    },
    interval,
    uncalibrated: qualityOf(calibratedAll({ kind: 'none' }, scores), test.labels),
    useful: interval.lossGain[0] > 0,
    telling: interval.lossGain[0] > 0 && interval.auc[0] >= TELLING_AUC && interval.aucGain[1] >= 0,
  };
  // The same steps, one window later: nothing that serves was calibrated on what it was learned from.
  const past = rows({ from: 0, to: windows.validation.to });
  const scorer = learn(best.learning, past, seed);
  const calibration = fitCalibration(best.calibration, scoreAll(scorer, test), test.labels);
  const learned: Learned = { scorer, calibration, rate: metrics.windows.test.rate, telling: metrics.telling };
  return { trained: true, metrics, learned: metrics.useful ? learned : undefined };
}

/** The base rate of the newest labels known before the test, and recency–frequency, learned and calibrated like the model. */
function baselinesOf(train: Rows, validation: Rows, test: Rows, halves: Uint8Array) {
  const scorer = learnOn(
    recencyFrequency.map((name) => featureAt[name]),
    train,
  );
  const scores = scoreAll(scorer, validation);
  const { calibration } = bestCalibration(scores, validation.labels, halves);
  return {
    recencyFrequency: calibratedAll(fitCalibration(calibration, scores, validation.labels), scoreAll(scorer, test)),
    baseRate: new Float64Array(test.labels.length).fill(rateOf(validation.labels)),
  };
}

function bestCalibration(scores: Float64Array, labels: Uint8Array, halves: Uint8Array) {
  const measured = calibrationKinds.map((calibration) => ({
    calibration,
    logLoss: crossLoss(calibration, scores, labels, halves),
  }));
  return measured.reduce((least, one) => (one.logLoss < least.logLoss ? one : least));
}

function lack(labels: Uint8Array, windows: Record<'train' | 'validation' | 'test', Range>) {
  for (const { from, to } of Object.values(windows)) {
    const moments = to - from;
    const happened = labels.subarray(from, to).reduce((sum, label) => sum + label, 0);
    if (moments < 2 * FEWEST) return { why: 'few-moments', moments, happened } as const;
    if (happened < FEWEST) return { why: 'seldom', moments, happened } as const;
    if (moments - happened < FEWEST) return { why: 'nearly-always', moments, happened } as const;
  }
  return undefined;
}

function rowsOf({ values }: Samples, labels: Uint8Array, { from, to }: Range): Rows {
  const features = featureNames.length;
  return { features, values: values.subarray(from * features, to * features), labels: labels.subarray(from, to) };
}

/** Learners fall into two halves, by a hash. */
function halvesOf({ learners }: Samples, { from, to }: Range, seed: number): Uint8Array {
  return Uint8Array.from(learners.subarray(from, to), (learner) => Number(hashUnit(seed, String(learner)) < 0.5));
}

function rateOf(labels: Uint8Array): number {
  return labels.reduce((sum, label) => sum + label, 0) / labels.length;
}

function windowMetrics({ times, learners }: Samples, labels: Uint8Array, { from, to }: Range): WindowMetrics {
  const iso = (row: number) => new Date(times[row]!).toISOString();
  return {
    from: iso(from),
    to: iso(to - 1),
    moments: to - from,
    learners: new Set(learners.subarray(from, to)).size,
    rate: rateOf(labels.subarray(from, to)),
  };
}
