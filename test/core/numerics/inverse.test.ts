import { describe, expect, it } from 'vitest';
import { positiveMatrix } from '../../../core/numerics/inverse/backend.ts';
import { createRandom } from '../../../core/numerics/random.ts';

/** Symmetric, its diagonal larger than the rest of its row. */
function fill(values: Float64Array, stride: number, n: number): Float64Array {
  const random = createRandom(n);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) matrix[i * n + j] = matrix[j * n + i] = random.normal();
    matrix[i * n + i] = n + random.next();
  }
  for (let i = 0; i < n; i++) values.set(matrix.subarray(i * n, i * n + n), i * stride);
  return matrix;
}

/** The farthest that matrix × inverse is from the identity. */
function error(matrix: Float64Array, inverse: Float64Array, stride: number, n: number): number {
  let farthest = 0;
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let k = 0; k < n; k++) {
      for (let j = 0; j < n; j++) row[j]! += matrix[i * n + k]! * inverse[k * stride + j]!;
    }
    row[i]! -= 1;
    for (const one of row) farthest = Math.max(farthest, Math.abs(one));
  }
  return farthest;
}

describe('an inverse', () => {
  it.each([
    { n: 1, threads: 2 },
    { n: 40, threads: 2 },
    { n: 256, threads: 1 },
    { n: 300, threads: 2 },
    { n: 515, threads: 3 },
  ])('times the matrix is the identity: $n on $threads', async ({ n, threads }) => {
    const room = await positiveMatrix(n, threads);
    try {
      // Twice: what the first left behind must not matter.
      for (let round = 0; round < 2; round++) {
        const matrix = fill(room.values, room.stride, n);
        await room.invert();
        expect(error(matrix, room.values, room.stride, n)).toBeLessThan(1e-12);
        for (let i = 0; i < n; i += 37) {
          for (let j = 0; j < i; j += 5) {
            expect(room.values[i * room.stride + j]).toBe(room.values[j * room.stride + i]);
          }
        }
      }
    } finally {
      await room.close();
    }
  });

  it.each([2, 300])('is refused to what is not positive definite (%i), and the next one works', async (n) => {
    const room = await positiveMatrix(n, 2);
    try {
      fill(room.values, room.stride, n);
      room.values[(n - 1) * room.stride + n - 1] = -1;
      await expect(room.invert()).rejects.toThrow(RangeError);
      room.values.fill(0);
      for (let i = 0; i < n; i++) room.values[i * room.stride + i] = 4;
      await room.invert();
      expect(room.values[0]).toBe(0.25);
      expect(room.values[room.stride + 1]).toBe(0.25);
    } finally {
      await room.close();
    }
  });

  it('is refused to what no memory holds', async () => {
    await expect(positiveMatrix(15_001)).rejects.toThrow(RangeError);
  });
});
