// asc -O3 --noAssert --enable simd --runtime stub --importMemory

// Kernels over the memory of tfjs's own WebAssembly backend. Addresses are in bytes, matrices dense and row-major.

/** Terms of a sum that are added up at a time, and rows of A that meet a panel of B: both stay in the nearest cache. */
const DEPTH = 256;
const ROWS = 32;

/** Floats that `multiply` needs as scratch. */
export function scratchOf(m: i32, n: i32, k: i32): i32 {
  return (((n + 7) & ~7) + ((m + 3) & ~3)) * k;
}

/**
 * C = op(A) · op(B) for each of a batch, op(A) being m × k and op(B) k × n. Both are packed into panels
 * first (4 rows of A, 8 columns of B), so that a transposed operand costs the same.
 *
 * @param strideA floats between two matrices of the batch; 0 where all share one.
 */
export function multiply(
  batch: i32,
  a: usize,
  b: usize,
  c: usize,
  m: i32,
  n: i32,
  k: i32,
  transposeA: bool,
  transposeB: bool,
  strideA: i32,
  strideB: i32,
  scratch: usize,
): void {
  const panelsB = scratch;
  const panelsA = scratch + floats(((n + 7) & ~7) * k);
  for (let q = 0; q < batch; q++) {
    if (q == 0 || strideB != 0) pack(b + floats(q * strideB), n, k, 8, !transposeB, panelsB);
    if (q == 0 || strideA != 0) pack(a + floats(q * strideA), m, k, 4, transposeA, panelsA);
    product(panelsA, panelsB, m, n, k, c + floats(q * m * n), false);
  }
}

/** Rows of logits that `tiedCrossEntropy` works out at a time, so that they need not go to memory. */
const LINES = 32;

/** Floats that `tiedCrossEntropy` needs as scratch. */
export function tiedScratchOf(n: i32, d: i32): i32 {
  const wide = (n + 7) & ~7;
  const deep = (d + 7) & ~7;
  return wide * d + deep * n + LINES * n + LINES * (wide + deep);
}

/**
 * Soft-max over logits = states · tableᵀ + bias, [rows][n], and the gradient of the sum of its
 * cross-entropies by each operand: with g = p − 1{label}, g · table, gᵀ · states and the sum of g.
 * likelihoods[r] = p(label of r).
 */
export function tiedCrossEntropy(
  states: usize,
  table: usize,
  bias: usize,
  labels: usize,
  likelihoods: usize,
  byStates: usize,
  byTable: usize,
  byBias: usize,
  rows: i32,
  n: i32,
  d: i32,
  scratch: usize,
): void {
  const wide = (n + 7) & ~7;
  const deep = (d + 7) & ~7;
  const turned = scratch;
  const straight = turned + floats(wide * d);
  const logits = straight + floats(deep * n);
  const panelsA = logits + floats(LINES * n);
  const panelsB = panelsA + floats(LINES * wide);
  pack(table, n, d, 8, false, turned);
  pack(table, d, n, 8, true, straight);
  memory.fill(byTable, 0, floats(n * d));
  memory.fill(byBias, 0, floats(n));
  for (let row = 0; row < rows; row += LINES) {
    const lines = min(LINES, rows - row);
    const own = states + floats(row * d);
    pack(own, lines, d, 4, false, panelsA);
    product(panelsA, turned, lines, n, d, logits, false);
    crossEntropy(logits, bias, labels + floats(row), likelihoods + floats(row), lines, n);
    for (let line = 0; line < lines; line++) addTo(byBias, logits + floats(line * n), n);
    pack(logits, lines, n, 4, false, panelsA);
    product(panelsA, straight, lines, d, n, byStates + floats(row * d), false);
    pack(logits, n, lines, 4, true, panelsA);
    pack(own, d, lines, 8, true, panelsB);
    product(panelsA, panelsB, n, d, lines, byTable, true);
  }
}

// @ts-ignore: decorator
@inline
function floats(count: i32): usize {
  return <usize>count << 2;
}

function addTo(sum: usize, values: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at = floats(i);
    v128.store(sum + at, f32x4.add(v128.load(sum + at), v128.load(values + at)));
  }
  for (; i < n; i++) store<f32>(sum + floats(i), load<f32>(sum + floats(i)) + load<f32>(values + floats(i)));
}

/** C = A · B of packed operands, or added to C. */
function product(panelsA: usize, panelsB: usize, m: i32, n: i32, k: i32, c: usize, add: bool): void {
  for (let from = 0; from < k; from += DEPTH) {
    const depth = min(DEPTH, k - from);
    for (let row = 0; row < m; row += ROWS) {
      const end = min(m, row + ROWS);
      for (let j = 0; j < n; j += 8) {
        const y = panelsB + floats(j * k + from * 8);
        for (let i = row; i < end; i += 4) {
          tile(panelsA + floats(i * k + from * 4), y, depth, add || from > 0, c, i, m - i, j, n - j, n);
        }
      }
    }
  }
}

/** Terms that are packed panel by panel before the next are: as many lines of memory as are at hand at once. */
const STRIP = 16;

/**
 * Panels of `width` (4 or 8) lines, each panel as [k][width], short ones filled with 0.
 *
 * @param across whether neighbouring lines stand side by side in memory (k rows of `lines`), or one after the other.
 */
function pack(source: usize, lines: i32, k: i32, width: i32, across: bool, target: usize): void {
  if (across) packAcross(source, lines, k, width, target);
  else for (let line = 0; line < lines; line += width) {
    const to = target + floats(line * k);
    for (let four = 0; four < width; four += 4) packLines(source, lines, line + four, k, width, to + floats(four));
  }
}

function packAcross(source: usize, lines: i32, k: i32, width: i32, target: usize): void {
  for (let first = 0; first < k; first += STRIP) {
    const end = min(k, first + STRIP);
    for (let line = 0; line < lines; line += width) {
      let to = target + floats(line * k + first * width);
      const whole = line + width <= lines;
      for (let kk = first; kk < end; kk++) {
        const from = source + floats(kk * lines + line);
        if (whole) {
          v128.store(to, v128.load(from));
          if (width == 8) v128.store(to, v128.load(from, 16), 16);
        } else {
          for (let u = 0; u < width; u++) store<f32>(to + floats(u), line + u < lines ? load<f32>(from + floats(u)) : 0);
        }
        to += floats(width);
      }
    }
  }
}

/** Four lines from `line` on as columns, `width` apart. */
function packLines(source: usize, lines: i32, line: i32, k: i32, width: i32, target: usize): void {
  let to = target;
  const step = floats(width);
  if (line + 4 > lines) {
    for (let kk = 0; kk < k; kk++) {
      for (let u = 0; u < 4; u++) {
        store<f32>(to + floats(u), line + u < lines ? load<f32>(source + floats((line + u) * k + kk)) : 0);
      }
      to += step;
    }
    return;
  }
  let r0 = source + floats(line * k);
  let r1 = r0 + floats(k);
  let r2 = r1 + floats(k);
  let r3 = r2 + floats(k);
  let kk = 0;
  for (; kk + 4 <= k; kk += 4) {
    const a = v128.load(r0);
    const b = v128.load(r1);
    const c = v128.load(r2);
    const d = v128.load(r3);
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
    v128.store(to + step, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
    v128.store(to + 2 * step, v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5));
    v128.store(to + 3 * step, v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7));
    r0 += 16;
    r1 += 16;
    r2 += 16;
    r3 += 16;
    to += 4 * step;
  }
  for (; kk < k; kk++) {
    store<f32>(to, load<f32>(r0));
    store<f32>(to, load<f32>(r1), 4);
    store<f32>(to, load<f32>(r2), 8);
    store<f32>(to, load<f32>(r3), 12);
    r0 += 4;
    r1 += 4;
    r2 += 4;
    r3 += 4;
    to += step;
  }
}

/** One 4 × 8 tile of C, at row i and column j, of which `rows` and `columns` exist: set, or added to. */
// @ts-ignore: decorator
@inline
function tile(
  x: usize,
  y: usize,
  k: i32,
  add: bool,
  c: usize,
  i: i32,
  rows: i32,
  j: i32,
  columns: i32,
  n: i32,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let kk = 0; kk < k; kk++) {
    const b0 = v128.load(y);
    const b1 = v128.load(y, 16);
    y += 32;
    let s = v128.load32_splat(x);
    c00 = f32x4.add(c00, f32x4.mul(s, b0));
    c01 = f32x4.add(c01, f32x4.mul(s, b1));
    s = v128.load32_splat(x, 4);
    c10 = f32x4.add(c10, f32x4.mul(s, b0));
    c11 = f32x4.add(c11, f32x4.mul(s, b1));
    s = v128.load32_splat(x, 8);
    c20 = f32x4.add(c20, f32x4.mul(s, b0));
    c21 = f32x4.add(c21, f32x4.mul(s, b1));
    s = v128.load32_splat(x, 12);
    c30 = f32x4.add(c30, f32x4.mul(s, b0));
    c31 = f32x4.add(c31, f32x4.mul(s, b1));
    x += 16;
  }
  const at = c + (<usize>(i * n + j) << 2);
  const line = <usize>n << 2;
  put(at, c00, c01, columns, add);
  if (rows > 1) put(at + line, c10, c11, columns, add);
  if (rows > 2) put(at + 2 * line, c20, c21, columns, add);
  if (rows > 3) put(at + 3 * line, c30, c31, columns, add);
}

// @ts-ignore: decorator
@inline
function put(at: usize, low: v128, high: v128, columns: i32, add: bool): void {
  if (columns >= 8) {
    if (add) {
      v128.store(at, f32x4.add(v128.load(at), low));
      v128.store(at, f32x4.add(v128.load(at, 16), high), 16);
    } else {
      v128.store(at, low);
      v128.store(at, high, 16);
    }
    return;
  }
  if (columns > 0) one(at, f32x4.extract_lane(low, 0), add);
  if (columns > 1) one(at + 4, f32x4.extract_lane(low, 1), add);
  if (columns > 2) one(at + 8, f32x4.extract_lane(low, 2), add);
  if (columns > 3) one(at + 12, f32x4.extract_lane(low, 3), add);
  if (columns > 4) one(at + 16, f32x4.extract_lane(high, 0), add);
  if (columns > 5) one(at + 20, f32x4.extract_lane(high, 1), add);
  if (columns > 6) one(at + 24, f32x4.extract_lane(high, 2), add);
}

function one(at: usize, value: f32, add: bool): void {
  store<f32>(at, add ? load<f32>(at) + value : value);
}

/** Soft-max of rows of logits + bias; what stands in their place afterwards is p − 1{label}. */
function crossEntropy(logits: usize, bias: usize, labels: usize, likelihoods: usize, rows: i32, n: i32): void {
  for (let row = 0; row < rows; row++) {
    const line = logits + (<usize>(row * n) << 2);
    let highest: f32 = load<f32>(line) + load<f32>(bias);
    let four = f32x4.splat(highest);
    let i = 0;
    for (; i + 4 <= n; i += 4) {
      const at = <usize>i << 2;
      const sum = f32x4.add(v128.load(line + at), v128.load(bias + at));
      v128.store(line + at, sum);
      four = f32x4.max(four, sum);
    }
    for (; i < n; i++) {
      const at = <usize>i << 2;
      const sum = load<f32>(line + at) + load<f32>(bias + at);
      store<f32>(line + at, sum);
      highest = max(highest, sum);
    }
    highest = max(
      max(highest, max(f32x4.extract_lane(four, 0), f32x4.extract_lane(four, 1))),
      max(f32x4.extract_lane(four, 2), f32x4.extract_lane(four, 3)),
    );
    const shift = f32x4.splat(highest);
    let sums = f32x4.splat(0);
    for (i = 0; i + 4 <= n; i += 4) {
      const at = line + (<usize>i << 2);
      const e = exponential(f32x4.sub(v128.load(at), shift));
      v128.store(at, e);
      sums = f32x4.add(sums, e);
    }
    let sum: f32 =
      f32x4.extract_lane(sums, 0) +
      f32x4.extract_lane(sums, 1) +
      f32x4.extract_lane(sums, 2) +
      f32x4.extract_lane(sums, 3);
    for (; i < n; i++) {
      const at = line + (<usize>i << 2);
      const e = f32x4.extract_lane(exponential(f32x4.splat(load<f32>(at) - highest)), 0);
      store<f32>(at, e);
      sum += e;
    }
    const scale = f32x4.splat(1 / sum);
    for (i = 0; i + 4 <= n; i += 4) {
      const at = line + (<usize>i << 2);
      v128.store(at, f32x4.mul(v128.load(at), scale));
    }
    for (; i < n; i++) {
      const at = line + (<usize>i << 2);
      store<f32>(at, load<f32>(at) / sum);
    }
    const own = line + (<usize>load<i32>(labels + (<usize>row << 2)) << 2);
    const likelihood = load<f32>(own);
    store<f32>(likelihoods + (<usize>row << 2), likelihood);
    store<f32>(own, likelihood - 1);
  }
}

/**
 * e^x of four floats ≤ 88, relative error about 1e-7: x = n ln 2 + r, a polynomial in r, n as
 * exponent (Cephes expf, S. Moshier). Below −87 it is 0 as good as.
 */
// @ts-ignore: decorator
@inline
function exponential(value: v128): v128 {
  const x = f32x4.max(value, f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), f32x4.add(r, f32x4.splat(1)));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}
