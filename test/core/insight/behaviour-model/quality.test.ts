import { describe, expect, test } from 'vitest';
import {
  calibratedAll,
  calibrationKinds,
  crossLoss,
  fitCalibration,
} from '../../../../core/insight/behaviour-model/calibration.ts';
import { compare } from '../../../../core/insight/behaviour-model/comparison.ts';
import {
  fitLogistic,
  logisticContributions,
  scoreLogistic,
} from '../../../../core/insight/behaviour-model/logistic.ts';
import { auc, calibrationError, logit, qualityOf, sigmoid } from '../../../../core/insight/behaviour-model/quality.ts';
import { createRandom } from '../../../../core/numerics/random.ts';

const labels = (...values: number[]) => Uint8Array.from(values);
const scores = (...values: number[]) => Float64Array.from(values);

describe('quality, by hand', () => {
  test('AUC counts pairs, ties half', () => {
    // Pairs (positive, negative): .8 beats .3 and .5; .5 beats .3 and ties with .5.
    expect(auc(scores(0.3, 0.5, 0.5, 0.8), labels(0, 0, 1, 1))).toBe(3.5 / 4);
    expect(auc(scores(0.1, 0.9), labels(1, 0))).toBe(0);
    expect(auc(scores(0.1, 0.9), labels(1, 1))).toBeNaN();
    // The negative at .3 counts three times.
    expect(auc(scores(0.3, 0.5, 0.5, 0.8), labels(0, 0, 1, 1), scores(3, 1, 1, 1))).toBe((4 + 3.5) / 8);
  });

  test('log-loss and Brier score', () => {
    const { logLoss, brier } = qualityOf(scores(0.8, 0.4), labels(1, 0));
    expect(logLoss).toBeCloseTo(-(Math.log(0.8) + Math.log(0.6)) / 2, 12);
    expect(brier).toBeCloseTo((0.04 + 0.16) / 2, 12);
  });

  test('calibration error over bins of equally many rows', () => {
    // Twenty rows, bins of two: one bin says .5 for two that happened, the others are right.
    const given = Float64Array.from({ length: 20 }, (_, row) => (row < 18 ? row * 1e-6 : 0.5));
    const happened = Uint8Array.from({ length: 20 }, (_, row) => Number(row >= 18));
    expect(calibrationError(given, happened)).toBeCloseTo(1 / 20, 4);
    // All of one probability are one bin: 3 of 10 against .5.
    const same = new Float64Array(10).fill(0.5);
    expect(calibrationError(same, labels(1, 1, 1, 0, 0, 0, 0, 0, 0, 0))).toBeCloseTo(0.2, 12);
  });
});

describe('calibration', () => {
  test('isotonic pools what falls and joins the steps by lines', () => {
    const calibration = fitCalibration('isotonic', scores(1, 2, 3, 4), labels(0, 1, 0, 1));
    // 2 and 3 are pooled to one half at 2.5; nothing is certain after four rows.
    expect(calibration).toEqual({ kind: 'isotonic', at: [1, 2.5, 4], values: [1 / 6, 0.5, 5 / 6] });
    const [least, between, most] = calibratedAll(calibration, scores(-9, 1.75, 9));
    expect([least, most]).toEqual([1 / 6, 5 / 6]);
    expect(between).toBeCloseTo(1 / 3, 12);
  });

  test('mends scores that are too sure, on rows it has not seen', () => {
    const random = createRandom(3);
    const draw = () => {
      const truth = Float64Array.from({ length: 4000 }, () => sigmoid(random.normal() - 1));
      return {
        scores: truth.map((p) => 3 * logit(p) + 1),
        labels: Uint8Array.from(truth, (p) => Number(random.next() < p)),
      };
    };
    const [held, test] = [draw(), draw()];
    const halves = Uint8Array.from(held.labels, (_, row) => row % 2);
    const eceOf = (kind: 'none' | 'platt' | 'isotonic') =>
      qualityOf(calibratedAll(fitCalibration(kind, held.scores, held.labels), test.scores), test.labels).ece;
    expect(eceOf('none')).toBeGreaterThan(0.1);
    expect(eceOf('platt')).toBeLessThan(0.03);
    expect(eceOf('isotonic')).toBeLessThan(0.03);
    const losses = calibrationKinds.map((kind) => crossLoss(kind, held.scores, held.labels, halves));
    expect(Math.min(...losses)).toBe(losses[calibrationKinds.indexOf('platt')]);
  });

  test('never turns the order round', () => {
    expect(fitCalibration('platt', scores(1, 2, 3, 4), labels(1, 1, 0, 0))).toEqual({ kind: 'none' });
  });
});

describe('logistic regression', () => {
  test('finds the odds of two groups, and what is missing counts as the mean', () => {
    // x = 0: 1 of 4 happened, x = 1: 3 of 4. The log-odds differ by 2 ln 3.
    const values = Float32Array.from([0, 0, 0, 0, 1, 1, 1, 1]);
    const model = fitLogistic({ values, features: 1, labels: labels(1, 0, 0, 0, 1, 1, 1, 0) }, [0], 0);
    expect(scoreLogistic(model, Float32Array.of(1), 0)).toBeCloseTo(Math.log(3), 3);
    expect(scoreLogistic(model, Float32Array.of(0), 0)).toBeCloseTo(-Math.log(3), 3);
    expect(scoreLogistic(model, Float32Array.of(NaN), 0)).toBeCloseTo(0, 3);
    expect(logisticContributions(model, Float32Array.of(1))[0]).toBeCloseTo(Math.log(3), 3);
  });
});

test('the interval of a difference holds whole learners together and repeats', () => {
  const random = createRandom(5);
  const rows = 600;
  const happened = Uint8Array.from({ length: rows }, () => random.int(2));
  const learners = Int32Array.from({ length: rows }, (_, row) => row % 60);
  const model = Float64Array.from(happened, (label) => 0.25 + 0.3 * label + 0.2 * random.next());
  const noise = Float64Array.from(happened, () => random.next());
  const given = { model, recencyFrequency: noise, baseRate: new Float64Array(rows).fill(0.5) };
  const first = compare(given, happened, learners, 1);
  expect(first.aucGain[0]).toBeGreaterThan(0.3);
  expect(first.lossGain[0]).toBeGreaterThan(0);
  expect(compare(given, happened, learners, 1)).toEqual(first);
  const same = compare({ ...given, recencyFrequency: model }, happened, learners, 1);
  expect(same.aucGain).toEqual([0, 0]);
});
