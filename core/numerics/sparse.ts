/** A sparse matrix in compressed rows: row r holds positions `starts[r] … starts[r + 1] − 1`. */
export interface Csr {
  rows: number;
  columns: number;
  /** Length rows + 1. */
  starts: Int32Array;
  /** Column of each entry, ascending within a row unless its maker says otherwise. */
  indices: Int32Array;
  values: Float32Array;
}

/** Makes a matrix row by row: `fill` adds its entries through `put`. */
export function buildCsr(
  rows: number,
  columns: number,
  fill: (row: number, put: (column: number, value: number) => void) => void,
): Csr {
  let indices = new Int32Array(1024);
  let values = new Float32Array(1024);
  const starts = new Int32Array(rows + 1);
  let size = 0;
  const put = (column: number, value: number): void => {
    if (size === indices.length) {
      const more = new Int32Array(size * 2);
      more.set(indices);
      indices = more;
      const moreValues = new Float32Array(size * 2);
      moreValues.set(values);
      values = moreValues;
    }
    indices[size] = column;
    values[size++] = value;
  };
  for (let row = 0; row < rows; row++) {
    fill(row, put);
    starts[row + 1] = size;
  }
  return { rows, columns, starts, indices: indices.slice(0, size), values: values.slice(0, size) };
}

/** The transpose; entries of each of its rows are ascending. */
export function transpose(matrix: Csr): Csr {
  const starts = new Int32Array(matrix.columns + 1);
  for (const column of matrix.indices) starts[column + 1]!++;
  for (let column = 0; column < matrix.columns; column++) starts[column + 1]! += starts[column]!;
  const next = starts.slice(0, matrix.columns);
  const indices = new Int32Array(matrix.indices.length);
  const values = new Float32Array(matrix.indices.length);
  for (let row = 0; row < matrix.rows; row++) {
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) {
      const to = next[matrix.indices[at]!]!++;
      indices[to] = row;
      values[to] = matrix.values[at]!;
    }
  }
  return { rows: matrix.columns, columns: matrix.rows, starts, indices, values };
}

/** target += factor × row. */
export function addRow(matrix: Csr, row: number, factor: number, target: Float32Array | Float64Array): void {
  const { indices, values } = matrix;
  const end = matrix.starts[row + 1]!;
  for (let at = matrix.starts[row]!; at < end; at++) target[indices[at]!]! += factor * values[at]!;
}

/** One entry; rows need not be sorted. */
export function valueAt(matrix: Csr, row: number, column: number): number {
  const end = matrix.starts[row + 1]!;
  for (let at = matrix.starts[row]!; at < end; at++) if (matrix.indices[at] === column) return matrix.values[at]!;
  return 0;
}

/** Every row divided by its Euclidean length; empty rows stay. */
export function normaliseRows(matrix: Csr): Csr {
  const values = matrix.values.slice();
  for (let row = 0; row < matrix.rows; row++) {
    let squares = 0;
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) squares += values[at]! ** 2;
    const length = Math.sqrt(squares);
    if (length > 0) for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++) values[at]! /= length;
  }
  return { ...matrix, values };
}
