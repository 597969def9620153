import { describe, expect, it } from 'vitest';
import { buildDataset } from '../../../../core/recommend/dataset.ts';
import type { Dataset, History } from '../../../../core/recommend/model.ts';
import { chooseEase, ease } from '../../../../core/recommend/models/ease.ts';
import { facts, seriesData } from '../series.ts';

function dataOf(courses: number, ...rows: number[][]): Dataset {
  return buildDataset(
    rows.flatMap((row, learner) =>
      row.map((course) => ({ learner: `${learner}`, course: `${course}`, time: NaN, weight: 1, rating: NaN })),
    ),
    Array.from({ length: courses }, (_, course) => facts(`${course}`)),
  );
}

const historyOf = (...items: number[]): History => ({
  items: Int32Array.from(items),
  times: new Float64Array(items.length).fill(NaN),
  weights: new Float32Array(items.length).fill(1),
  ratings: new Float32Array(items.length).fill(NaN),
});

const told = (more: object) => ease.config.parse({ penalty: 2, lagDecay: 1, step: 1, ...more });

describe('the closed form', () => {
  it('of two courses is both / (takers + λ)', async () => {
    const model = await ease.fit(dataOf(2, [0, 1], [0], [0], [1]), told({}));
    expect(model.score(historyOf(0), NaN)[1]).toBeCloseTo(1 / (3 + 2), 6);
    expect(model.score(historyOf(1), NaN)[0]).toBeCloseTo(1 / (2 + 2), 6);
  });

  it('counts courses that lie apart less as taken together', async () => {
    // Courses 0 and 2 lie two steps apart, in one of three; 1 / 2 of a step is 1 / 4 of two.
    const data = dataOf(3, [0, 1, 2], [0], [2]);
    const model = await ease.fit(data, told({ lagDecay: 0.5, penalty: 1 }));
    // G + I = [3 ½ ¼; ½ 2 ½; ¼ ½ 3], its inverse by cofactors / det: P_02 = (½·½ − ¼·2), P_22 = (3·2 − ½·½).
    expect(model.score(historyOf(0), NaN)[2]).toBeCloseTo(-(0.25 - 0.5) / (6 - 0.25), 6);
  });

  it('is the same by threads as by the plain code, and leaves out courses that nobody took', async () => {
    const rows = Array.from({ length: 700 }, (_, u) => [u % 300, (u * 7 + 1) % 300, (u * u + 3) % 300]);
    const large = await ease.fit(dataOf(320, ...rows), told({}));
    const few = rows.map((row) => row.filter((course) => course < 200));
    const [small, wide] = await Promise.all([
      ease.fit(dataOf(200, ...few), told({})),
      ease.fit(dataOf(320, ...few, ...Array.from({ length: 110 }, (_, at) => [210 + at])), told({})),
    ]);
    const scores = large.score(historyOf(1, 8), NaN);
    expect(scores.some((score) => score > 0.01)).toBe(true);
    expect(scores.subarray(300).every((score) => score === 0)).toBe(true);
    const [alone, among] = [small, wide].map((model) => model.score(historyOf(1, 8), NaN));
    alone!.forEach((score, course) => expect(among![course]).toBeCloseTo(score, 6));
  });
});

describe('what it chooses', () => {
  it('lets order count where it means something, and not elsewhere', async () => {
    const of = (shuffled: boolean) => chooseEase(seriesData({ learners: 400, shuffled }), ease.config.parse({}));
    const [ordered, shuffled] = await Promise.all([of(false), of(true)]);
    expect(ordered.step).toBeLessThan(1);
    expect(ordered.lagDecay).toBeLessThan(1);
    expect(shuffled.step).toBeGreaterThan(ordered.step);
  });

  it('keeps what it is told', async () => {
    const settings = ease.config.parse({ penalty: 7, lagDecay: 0.3, step: 0.2 });
    expect(await chooseEase(seriesData(), settings)).toEqual({ penalty: 7, lagDecay: 0.3, step: 0.2 });
  });
});
