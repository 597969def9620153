/** to += the row of `length` at `start` times the matrix; four rows of it at a time, as `to` is what is slow to reach. */
export function addProduct(
  from: Float32Array,
  start: number,
  length: number,
  matrix: Float32Array,
  to: Float32Array,
): void {
  const width = to.length;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    const [a, b, c, d] = [from[start + i]!, from[start + i + 1]!, from[start + i + 2]!, from[start + i + 3]!];
    const [first, second, third, fourth] = [i * width, (i + 1) * width, (i + 2) * width, (i + 3) * width];
    for (let j = 0; j < width; j++) {
      to[j]! += a * matrix[first + j]! + b * matrix[second + j]! + c * matrix[third + j]! + d * matrix[fourth + j]!;
    }
  }
  for (; i < length; i++) {
    const factor = from[start + i]!;
    for (let j = 0; j < width; j++) to[j]! += factor * matrix[i * width + j]!;
  }
}
