import { expect, it } from 'vitest';
import { minimise } from '../../../core/numerics/lbfgs.ts';

it('finds the minimum of a stretched quadratic', () => {
  const centre = [1, -2, 30];
  const curvature = [1, 100, 0.01];
  const solved = minimise(
    (x, gradient) => {
      let value = 0;
      for (let i = 0; i < 3; i++) {
        gradient[i] = curvature[i]! * (x[i]! - centre[i]!);
        value += 0.5 * curvature[i]! * (x[i]! - centre[i]!) ** 2;
      }
      return value;
    },
    new Float64Array(3),
    { tolerance: 1e-8, maxIterations: 200 },
  );
  centre.forEach((value, i) => expect(solved[i]).toBeCloseTo(value, 3));
});

it('solves a logistic likelihood whose answer is known', () => {
  // 3 of 4 successes: the log-odds are ln 3.
  const solved = minimise((x, gradient) => {
    const p = 1 / (1 + Math.exp(-x[0]!));
    gradient[0] = 4 * p - 3;
    return -3 * Math.log(p) - Math.log(1 - p);
  }, new Float64Array(1));
  expect(solved[0]).toBeCloseTo(Math.log(3), 3);
});
