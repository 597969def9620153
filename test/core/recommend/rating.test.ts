import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/numerics/random.ts';
import { buildDataset } from '../../../core/recommend/dataset.ts';
import { goneFacts } from '../../../core/recommend/facts.ts';
import { fitBaseline, leniency, loadBaseline, predictRating, saveBaseline } from '../../../core/recommend/rating.ts';

const courses = (n: number) => Array.from({ length: n }, (_, at) => goneFacts(`c${at}`));
const rated = (rows: [learner: string, course: number, rating: number][], n: number) =>
  buildDataset(
    rows.map(([learner, course, rating], at) => ({ learner, course: `c${course}`, time: at, weight: 1, rating })),
    courses(n),
  );
const history = (rows: [course: number, rating: number][]) => ({
  items: Int32Array.from(rows, ([course]) => course),
  times: Float64Array.from(rows, (_, at) => at),
  weights: Float32Array.from(rows, () => 1),
  ratings: Float32Array.from(rows, ([, rating]) => rating),
});

describe('biases of courses and learners', () => {
  test('solve the ridge regression, by hand', () => {
    // Two ratings of one learner, 1 and 0, mean .5. By symmetry the learner's bias is 0, and each course's
    // ½ / (1 + 10).
    const { mean, bias, damping } = fitBaseline(rated([['u', 0, 1], ['u', 1, 0]], 3))!; // prettier-ignore
    expect([mean, damping]).toEqual([0.5, 5]);
    expect([...bias]).toEqual([0.5 / 11, -0.5 / 11, 0].map(Math.fround));
  });

  test('tell a good course from a lenient learner', () => {
    // u gives 1 to everything, v 0; both rated course 0, v alone courses 1 to 4, u alone 5 to 8.
    const rows: [string, number, number][] = [['u', 0, 1], ['v', 0, 0]]; // prettier-ignore
    for (let at = 1; at <= 4; at++) rows.push(['v', at, 0], ['u', at + 4, 1]);
    const baseline = fitBaseline(rated(rows, 9))!;
    // The mean of v's courses lies .5 below all; half a point each is the learner's, and only what is left theirs.
    expect(baseline.bias[1]).toBeGreaterThan(-0.5 / 11);
    expect(baseline.bias[1]).toBeLessThan(0);
    expect(baseline.bias[5]).toBeCloseTo(-baseline.bias[1]!, 6);
    expect(leniency(baseline, history([[5, 1], [6, 1]]))).toBeGreaterThan(0); // prettier-ignore
  });

  test('stay within [0, 1], and are read back as they were', () => {
    const baseline = { mean: 0.9, bias: Float32Array.of(0.3), damping: 1 };
    expect(predictRating(baseline, history([]), 0)).toBe(1);
    expect(loadBaseline({ json: {}, arrays: saveBaseline(baseline) })).toEqual(baseline);
    expect(leniency({ ...baseline, bias: Float32Array.of(0) }, history([[0, 0.5]]))).toBeCloseTo(-0.2, 6);
    expect(fitBaseline(rated([], 1))).toBeUndefined();
  });

  test('are damped as the ratings themselves say', () => {
    const made = (noise: number) => {
      const random = createRandom(2);
      const own = Array.from({ length: 60 }, () => 0.3 * random.normal());
      return rated(
        own.flatMap((bias, learner) =>
          Array.from({ length: 12 }, (_, at): [string, number, number] => {
            const value = 0.5 + (noise === 0 ? bias : 0) + (0.02 + noise) * random.normal();
            return [`u${learner}`, (learner + at) % 20, Math.min(1, Math.max(0, value))];
          }),
        ),
        20,
      );
    };
    // Learners that differ and are true to themselves count at once; mere noise hardly ever.
    expect(fitBaseline(made(0))!.damping).toBeLessThanOrEqual(1);
    expect(fitBaseline(made(0.3))!.damping).toBe(30);
  });
});
