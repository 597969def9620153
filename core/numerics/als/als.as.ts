// asc -O3 --noAssert --enable simd,threads --runtime stub --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536

// Half an iteration of alternating least squares: every row's factors from the other side's, by conjugate
// gradient. Several threads call at the same time over one memory. Addresses are in bytes, factors f32.

/** Rows that a thread takes at a time. */
const TAKEN: i32 = 64;
/** A residual this small is rounding. */
const LEAST: f32 = 1e-12;

/** YᵀY of rows `from` to `to`, the upper half in whole groups of four columns, into `gram`. */
export function gram(y: usize, from: i32, to: i32, width: i32, gram: usize): void {
  const row = <usize>width << 2;
  memory.fill(gram, 0, row * <usize>width);
  for (let i = from; i < to; i++) {
    const own = y + <usize>i * row;
    for (let a = 0; a < width; a++) {
      const factor = f32x4.splat(load<f32>(own + (<usize>a << 2)));
      const sums = gram + <usize>a * row;
      for (let b = <usize>(a & ~3) << 2; b < row; b += 16) {
        v128.store(sums + b, f32x4.add(v128.load(sums + b), f32x4.mul(factor, v128.load(own + b))));
      }
    }
  }
}

/**
 * (YᵀY + λI + Σ c y yᵀ) x = Σ (1 + c) y for every row x, the sums over the entries of the row, c being an
 * entry's value: a few steps of conjugate gradient from the x that stands there (Takács et al. 2011).
 *
 * @param scratch three times the width in floats, of the thread alone.
 * @param counter counts the rows that are taken; 0 at first.
 */
export function solve(
  x: usize,
  rows: i32,
  y: usize,
  gram: usize,
  starts: usize,
  indices: usize,
  values: usize,
  width: i32,
  penalty: f32,
  steps: i32,
  scratch: usize,
  counter: usize,
): void {
  const row = <usize>width << 2;
  for (let from = atomic.add<i32>(counter, TAKEN); from < rows; from = atomic.add<i32>(counter, TAKEN)) {
    const to = min(from + TAKEN, rows);
    for (let i = from; i < to; i++) {
      const first = load<i32>(starts + (<usize>i << 2));
      const end = load<i32>(starts + (<usize>i << 2), 4);
      descend(x + <usize>i * row, y, gram, indices, values, first, end, row, penalty, steps, scratch);
    }
  }
}

function descend(
  x: usize,
  y: usize,
  gram: usize,
  indices: usize,
  values: usize,
  first: i32,
  end: i32,
  row: usize,
  penalty: f32,
  steps: i32,
  rest: usize,
): void {
  if (first == end) {
    memory.fill(x, 0, row);
    return;
  }
  const direction = rest + row;
  const image = direction + row;
  apply(x, image, y, gram, indices, values, first, end, row, penalty);
  for (let a: usize = 0; a < row; a += 16) v128.store(rest + a, f32x4.neg(v128.load(image + a)));
  for (let e = first; e < end; e++) {
    const own = y + <usize>load<i32>(indices + (<usize>e << 2)) * row;
    add(rest, f32x4.splat(1 + load<f32>(values + (<usize>e << 2))), own, row);
  }
  memory.copy(direction, rest, row);
  let squares = dot(rest, rest, row);
  for (let step = 0; step < steps && squares > LEAST; step++) {
    apply(direction, image, y, gram, indices, values, first, end, row, penalty);
    const length = squares / dot(direction, image, row);
    add(x, f32x4.splat(length), direction, row);
    add(rest, f32x4.splat(-length), image, row);
    const left = dot(rest, rest, row);
    const kept = f32x4.splat(left / squares);
    for (let a: usize = 0; a < row; a += 16) {
      v128.store(direction + a, f32x4.add(v128.load(rest + a), f32x4.mul(kept, v128.load(direction + a))));
    }
    squares = left;
  }
}

/** The matrix of a row times a vector. */
function apply(
  vector: usize,
  to: usize,
  y: usize,
  gram: usize,
  indices: usize,
  values: usize,
  first: i32,
  end: i32,
  row: usize,
  penalty: f32,
): void {
  let sums = gram;
  for (let a: usize = 0; a < row; a += 4) {
    store<f32>(to + a, penalty * load<f32>(vector + a) + dot(sums, vector, row));
    sums += row;
  }
  for (let e = first; e < end; e++) {
    const own = y + <usize>load<i32>(indices + (<usize>e << 2)) * row;
    add(to, f32x4.splat(load<f32>(values + (<usize>e << 2)) * dot(own, vector, row)), own, row);
  }
}

// @ts-ignore: decorator
@inline
function add(to: usize, factor: v128, from: usize, row: usize): void {
  for (let a: usize = 0; a < row; a += 16) {
    v128.store(to + a, f32x4.add(v128.load(to + a), f32x4.mul(factor, v128.load(from + a))));
  }
}

/** The width is a multiple of eight. */
function dot(a: usize, b: usize, row: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  for (let at: usize = 0; at < row; at += 32) {
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v128.load(b + at)));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(a + at, 16), v128.load(b + at, 16)));
  }
  s0 = f32x4.add(s0, s1);
  return (
    f32x4.extract_lane(s0, 0) + f32x4.extract_lane(s0, 1) + (f32x4.extract_lane(s0, 2) + f32x4.extract_lane(s0, 3))
  );
}
