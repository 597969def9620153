import { expect, it } from 'vitest';
import { invertPositive } from '../../../core/numerics/cholesky.ts';
import { createRandom } from '../../../core/numerics/random.ts';

it('inverts by hand', () => {
  const inverse = invertPositive(Float64Array.of(4, 2, 2, 3), 2);
  [3 / 8, -2 / 8, -2 / 8, 4 / 8].forEach((value, at) => expect(inverse[at]).toBeCloseTo(value, 12));
});

it.each([1, 5, 30])('times the matrix is the identity (%i)', (n) => {
  const random = createRandom(2);
  const root = Float64Array.from({ length: n * n }, () => random.normal());
  const at = (m: Float64Array, i: number, j: number): number => m[i * n + j]!;
  const product = (f: (i: number, j: number, k: number) => number): Float64Array =>
    Float64Array.from({ length: n * n }, (_, cell) => {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += f(Math.floor(cell / n), cell % n, k);
      return sum;
    });
  const matrix = product((i, j, k) => at(root, i, k) * at(root, j, k) + (i === j ? 1 / n : 0));
  const inverse = invertPositive(matrix.slice(), n);
  product((i, j, k) => at(matrix, i, k) * at(inverse, k, j)).forEach((value, cell) =>
    expect(value).toBeCloseTo(Math.floor(cell / n) === cell % n ? 1 : 0, 8),
  );
});

it('refuses what has no such inverse', () => {
  expect(() => invertPositive(Float64Array.of(1, 2, 2, 1), 2)).toThrow(RangeError);
});
