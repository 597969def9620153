/**
 * The inverse of a symmetric positive definite matrix A = LLᵀ by Cholesky: W = L⁻¹, A⁻¹ = WᵀW.
 * About n³/2 multiplications; all inner loops run along rows.
 *
 * @param matrix n × n, row by row; its lower half is read, and the whole is written over.
 * @throws RangeError where it is not positive definite.
 */
export function invertPositive(matrix: Float64Array, n: number): Float64Array {
  factorise(matrix, n);
  return squared(invertLower(matrix, n), n);
}

function factorise(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    const own = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      let k = 0;
      for (; k + 3 < j; k += 4) {
        s0 += a[own + k]! * a[other + k]!;
        s1 += a[own + k + 1]! * a[other + k + 1]!;
        s2 += a[own + k + 2]! * a[other + k + 2]!;
        s3 += a[own + k + 3]! * a[other + k + 3]!;
      }
      for (; k < j; k++) s0 += a[own + k]! * a[other + k]!;
      const rest = a[own + j]! - (s0 + s1 + s2 + s3);
      if (j < i) a[own + j] = rest / a[other + j]!;
      else if (rest > 0) a[own + i] = Math.sqrt(rest);
      else throw new RangeError('The matrix is not positive definite');
    }
  }
}

function invertLower(l: Float64Array, n: number): Float64Array {
  const w = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const own = i * n;
    for (let k = 0; k < i; k++) {
      const factor = l[own + k]!;
      if (factor === 0) continue;
      const other = k * n;
      for (let j = 0; j <= k; j++) w[own + j]! -= factor * w[other + j]!;
    }
    const pivot = l[own + i]!;
    for (let j = 0; j < i; j++) w[own + j]! /= pivot;
    w[own + i] = 1 / pivot;
  }
  return w;
}

function squared(w: Float64Array, n: number): Float64Array {
  const p = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    const row = k * n;
    for (let i = 0; i <= k; i++) {
      const factor = w[row + i]!;
      if (factor === 0) continue;
      const own = i * n;
      for (let j = 0; j <= i; j++) p[own + j]! += factor * w[row + j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) p[j * n + i] = p[i * n + j]!;
  return p;
}
