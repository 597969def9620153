import { describe, expect, it } from 'vitest';
import { estimateOffPolicy, type Estimate, type OffPolicy } from '../../../../core/evaluate/ope/estimate.ts';
import type { Logged } from '../../../../core/evaluate/ope/logged.ts';
import { simulate, truth, type Predictor } from './simulator.ts';

const logged = (rows: [cluster: number, propensity: number, reward: number, candidate: number][]): Logged => ({
  cluster: Int32Array.from(rows, ([cluster]) => cluster),
  propensity: Float64Array.from(rows, ([, propensity]) => propensity),
  reward: Float64Array.from(rows, ([, , reward]) => reward),
  candidate: Float64Array.from(rows, ([, , , candidate]) => candidate),
});

/** Weights 2, .5, 0, 1. */
const four = logged([
  [0, 0.25, 1, 0.5],
  [0, 0.5, 0, 0.25],
  [1, 0.5, 1, 0],
  [2, 0.5, 1, 0.5],
]);
const plain = { seed: 1 };

describe('estimateOffPolicy', () => {
  it('agrees with values worked out by hand', () => {
    const found = estimateOffPolicy(four, plain);
    expect(found).toMatchObject({ n: 4, clusters: 3, overlap: 0.75, maxWeight: 2, dr: null, intervals: 'sandwich' });
    expect(found.logged.value).toBeCloseTo(3 / 4, 12);
    expect(found.ips.value).toBeCloseTo(3 / 4, 12);
    expect(found.snips!.value).toBeCloseTo(3 / 3.5, 12);
    // (2 + .5 + 1)² / (4 + .25 + 1)
    expect(found.effective).toBeCloseTo(12.25 / 5.25, 12);
    expect(found.support.value).toBeCloseTo(3.5 / 4, 12);
    // Cluster sums of wr are 2, 0, 1 over 2, 1, 1 rows: moves (2 − 1.5, 0 − .75, 1 − .75) / 4, variance 3/2 · Σ squares.
    const reach = 1.959964 * Math.sqrt((1.5 * (0.25 + 0.5625 + 0.0625)) / 16);
    expect(found.ips.high! - found.ips.value).toBeCloseTo(reach, 12);
    expect(found.gain!.value).toBeCloseTo(3 / 3.5 - 3 / 4, 12);
  });

  it('adds what the model expects to the weighted surprise', () => {
    const found = estimateOffPolicy(
      { ...four, predicted: Float64Array.of(0.5, 0.5, 0.5, 0.5), expected: Float64Array.of(0.6, 0.6, 0.4, 0.4) },
      plain,
    );
    // Σ expected 2, Σ w(r − .5) = 1 − .25 + 0 + .5.
    expect(found.dr!.value).toBeCloseTo((2 + 1.25) / 4, 12);
  });

  it('says what clipping takes away', () => {
    const found = estimateOffPolicy(four, { ...plain, clip: 1 });
    expect(found.ips.value).toBeCloseTo(2 / 4, 12);
    expect(found.clipped).toEqual({ limit: 1, share: 0.25, ips: -1 / 4, dr: null });
    expect(found.maxWeight).toBe(2);
    expect(found.support.value).toBeCloseTo(3.5 / 4, 12);
  });

  it('SNIPS moves with a constant added to every reward, where IPS does not', () => {
    const shifted = { ...four, reward: four.reward.map((reward) => reward + 10) };
    const [before, after] = [estimateOffPolicy(four, plain), estimateOffPolicy(shifted, plain)];
    expect(after.snips!.value - before.snips!.value).toBeCloseTo(10, 12);
    expect(after.snips!.high! - after.snips!.low!).toBeCloseTo(before.snips!.high! - before.snips!.low!, 12);
    expect(after.ips.value - before.ips.value).toBeCloseTo(8.75, 12);
  });

  it('gives the logged average for the logged policy itself', () => {
    const same = { ...four, candidate: four.propensity };
    const { logged: own, ips, snips, gain, effective } = estimateOffPolicy(same, plain);
    expect(ips).toEqual(own);
    expect(snips!.value).toBeCloseTo(own.value, 12);
    expect(gain).toMatchObject({ value: 0, low: 0, high: 0 });
    expect(effective).toBeCloseTo(4, 12);
  });

  it('knows nothing of a candidate that shares nothing with the log', () => {
    const strange = { ...four, candidate: new Float64Array(4) };
    expect(estimateOffPolicy(strange, plain)).toMatchObject({ snips: null, gain: null, effective: 0, overlap: 0 });
  });

  it('bootstraps clusters, the same for the same seed', () => {
    const rows = simulate(300, 3, 'true');
    const [a, b, other] = [7, 7, 8].map((seed) => estimateOffPolicy(rows, { seed, bootstrap: 300 }));
    expect(a).toEqual(b);
    expect(other!.ips).not.toEqual(a!.ips);
    const { ips } = estimateOffPolicy(rows, plain);
    expect(a!.ips.high! - a!.ips.low!).toBeGreaterThan(0.8 * (ips.high! - ips.low!));
    expect(a!.ips.high! - a!.ips.low!).toBeLessThan(1.2 * (ips.high! - ips.low!));
  });
});

describe('against a world whose truth is known', () => {
  const TIMES = 400;
  const LEARNERS = 250;
  const repeated = (predictor: Predictor): OffPolicy[] =>
    Array.from({ length: TIMES }, (_, time) =>
      estimateOffPolicy(simulate(LEARNERS, 1000 + time, predictor), { seed: time }),
    );
  const good = repeated('true');
  const bad = repeated('wrong');
  const learned = repeated('learned');

  const coverage = (estimates: readonly Estimate[]): number =>
    estimates.filter(({ low, high }) => low! <= truth && truth <= high!).length / estimates.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = (estimates: readonly Estimate[]): number => {
    const values = estimates.map(({ value }) => value);
    return mean(values.map((value) => (value - mean(values)) ** 2));
  };
  /** In standard errors of the mean of the repetitions. */
  const bias = (estimates: readonly Estimate[]): number =>
    (mean(estimates.map(({ value }) => value)) - truth) / Math.sqrt(variance(estimates) / estimates.length);

  it.each([
    ['IPS', good.map(({ ips }) => ips)],
    ['SNIPS', good.map(({ snips }) => snips!)],
    ['DR, true model', good.map(({ dr }) => dr!)],
    ['DR, wrong model', bad.map(({ dr }) => dr!)],
    ['DR, learned model', learned.map(({ dr }) => dr!)],
  ])('%s: unbiased, and its interval covers the truth about as often as it says', (name, estimates) => {
    expect(Math.abs(bias(estimates)), name).toBeLessThan(3.5);
    // ± 3 standard errors of a share of .95 in 400.
    expect(coverage(estimates), name).toBeGreaterThan(0.91);
    expect(coverage(estimates), name).toBeLessThan(0.985);
    if (process.env['OPE_SHOW']) {
      const spread = Math.sqrt(variance(estimates)).toFixed(4);
      console.log(`${name}: coverage ${coverage(estimates)}, bias ${bias(estimates).toFixed(2)} SE, sd ${spread}`);
    }
  });

  it('a good model makes DR steadier than IPS, a wrong one does not', () => {
    const ips = variance(good.map(({ ips }) => ips));
    expect(variance(good.map(({ dr }) => dr!))).toBeLessThan(0.8 * ips);
    expect(variance(learned.map(({ dr }) => dr!))).toBeLessThan(0.9 * ips);
    expect(variance(bad.map(({ dr }) => dr!))).toBeGreaterThan(ips);
  });

  it('the logged policy may make every choice of the candidate: weights average 1', () => {
    expect(mean(good.map(({ support }) => support.value))).toBeCloseTo(1, 1);
    expect(coverage(good.map(({ logged: own }) => own))).toBeLessThan(0.5);
  });
});
