import { createRandom } from '../../numerics/random.ts';
import { transpose, type Csr } from '../../numerics/sparse.ts';
import { attributeVectors, textVectors } from '../content-vectors.ts';
import type { CourseFacts } from '../model.ts';

/** Dimensions kept of texts, and of topics, level and other attributes. */
const TEXT = 48;
const ATTRIBUTES = 32;
const ROUNDS = 3;

/** Dense numbers that describe each course, [courses][width]. */
export interface CourseFeatures {
  width: number;
  values: Float32Array;
}

/** TF-IDF vectors of texts and of attributes, each projected on the directions in which courses differ most. */
export function courseFeatures(courses: readonly CourseFacts[]): CourseFeatures {
  const parts = [project(textVectors(courses), TEXT), project(attributeVectors(courses), ATTRIBUTES)];
  const width = parts[0]!.width + parts[1]!.width;
  const values = new Float32Array(courses.length * width);
  for (let course = 0; course < courses.length; course++) {
    let at = course * width;
    for (const part of parts) {
      values.set(part.values.subarray(course * part.width, (course + 1) * part.width), at);
      at += part.width;
    }
  }
  return { width, values };
}

/**
 * The rows of A in an orthonormal basis of its leading right singular directions, found by subspace
 * iteration from a fixed random start (Halko, Martinsson & Tropp 2011, algorithm 4.4).
 */
function project(matrix: Csr, wanted: number): CourseFeatures {
  const width = Math.min(wanted, matrix.rows, matrix.columns);
  if (width === 0 || matrix.values.length === 0) return { width: 0, values: new Float32Array(0) };
  const turned = transpose(matrix);
  const random = createRandom(1);
  let basis: Float32Array = Float32Array.from({ length: matrix.columns * width }, () => random.normal());
  for (let round = 0; round < ROUNDS; round++)
    basis = orthonormal(times(turned, times(matrix, basis, width), width), width);
  return { width, values: times(matrix, basis, width) };
}

/** A · B, B dense with `width` columns. */
function times(a: Csr, b: Float32Array, width: number): Float32Array {
  const out = new Float32Array(a.rows * width);
  for (let row = 0; row < a.rows; row++) {
    const to = out.subarray(row * width, (row + 1) * width);
    for (let at = a.starts[row]!; at < a.starts[row + 1]!; at++) {
      const from = a.indices[at]! * width;
      const value = a.values[at]!;
      for (let i = 0; i < width; i++) to[i]! += value * b[from + i]!;
    }
  }
  return out;
}

/** Columns made orthonormal (modified Gram–Schmidt); one that depends on those before it becomes 0. */
function orthonormal(columns: Float32Array, width: number): Float32Array {
  const rows = columns.length / width;
  const dot = (a: number, b: number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += columns[row * width + a]! * columns[row * width + b]!;
    return sum;
  };
  for (let i = 0; i < width; i++) {
    const before = Math.sqrt(dot(i, i));
    for (let j = 0; j < i; j++) {
      const along = dot(i, j);
      for (let row = 0; row < rows; row++) columns[row * width + i]! -= along * columns[row * width + j]!;
    }
    const length = Math.sqrt(dot(i, i));
    const scale = length > 1e-4 * before ? 1 / length : 0;
    for (let row = 0; row < rows; row++) columns[row * width + i]! *= scale;
  }
  return columns;
}
