import { expect, it } from 'vitest';
import { addRow, buildCsr, normaliseRows, transpose, valueAt, type Csr } from '../../../core/numerics/sparse.ts';

const dense = [
  [0, 2, 0],
  [3, 0, 4],
];
const matrix = buildCsr(2, 3, (row, put) => {
  dense[row]!.forEach((value, column) => {
    if (value !== 0) put(column, value);
  });
});

function toDense(csr: Csr): number[][] {
  return Array.from({ length: csr.rows }, (_, row) =>
    Array.from({ length: csr.columns }, (__, column) => valueAt(csr, row, column)),
  );
}

it('holds what it was built from', () => {
  expect(toDense(matrix)).toEqual(dense);
});

it('transposes, and twice is the same', () => {
  expect(toDense(transpose(matrix))).toEqual([
    [0, 3],
    [2, 0],
    [0, 4],
  ]);
  expect(transpose(transpose(matrix))).toEqual(matrix);
});

it('adds a multiple of a row', () => {
  const target = Float64Array.of(1, 1, 1);
  addRow(matrix, 1, 2, target);
  expect([...target]).toEqual([7, 1, 9]);
});

it('divides rows by their length and leaves empty ones', () => {
  const [first, second] = toDense(normaliseRows(matrix));
  expect(first).toEqual([0, 1, 0]);
  expect(second![0]).toBeCloseTo(3 / 5, 6);
  expect(second![2]).toBeCloseTo(4 / 5, 6);
  expect(toDense(normaliseRows(buildCsr(1, 2, () => undefined)))).toEqual([[0, 0]]);
});
