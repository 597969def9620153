import { expect, it } from 'vitest';
import { attributeVectors, textVectors } from '../../../../core/recommend/content-vectors.ts';
import { courseFeatures } from '../../../../core/recommend/deep/course-features.ts';
import { facts, seriesCourses } from '../series.ts';

it('keeps how alike courses are, in few numbers, the same each time', () => {
  const features = courseFeatures(seriesCourses);
  expect(courseFeatures(seriesCourses)).toEqual(features);
  const { width, values } = features;
  const [text, attributes] = [textVectors(seriesCourses), attributeVectors(seriesCourses)];
  const dense = (matrix: typeof text, row: number) => {
    const line = new Float64Array(matrix.columns);
    for (let at = matrix.starts[row]!; at < matrix.starts[row + 1]!; at++)
      line[matrix.indices[at]!] = matrix.values[at]!;
    return [...line];
  };
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a, (x, i) => x * b[i]!).reduce((s, x) => s + x, 0);
  const row = (course: number) => values.subarray(course * width, (course + 1) * width);
  for (const [a, b] of [
    [0, 0],
    [0, 1],
    [0, 6],
    [7, 11],
    [20, 35],
  ] as const) {
    const whole = dot(dense(text, a), dense(text, b)) + dot(dense(attributes, a), dense(attributes, b));
    expect(dot(row(a), row(b))).toBeCloseTo(whole, 2);
  }
});

it('has none where nothing is known of the courses', () => {
  expect(courseFeatures([facts('a'), facts('b')]).width).toBe(0);
  expect(courseFeatures([]).width).toBe(0);
});
