// asc -O3 --noAssert --enable simd,threads --runtime stub --importMemory --sharedMemory --initialMemory 1 --maximumMemory 65536

// The inverse of a symmetric positive definite matrix by a blocked Cholesky factorisation, on several
// threads that call `invert` at the same time over one memory. Addresses are in bytes.

/** Rows of a block. Two packed ones and a part of a third stay in the second cache. */
const SIDE: i32 = 128;
const BLOCK: usize = SIDE * SIDE * 8;

/** Control words, four bytes each. */
const ARRIVED: usize = 0;
const PASSED: usize = 4;
const FAILED: usize = 8;
const TAKEN: usize = 16;
const MATRIX: usize = 1024;

/** Spins before a thread goes to sleep at a barrier, and nanoseconds of that sleep. */
const SPINS: i32 = 20000;
const NAP: i64 = 5000000;

let blocks: i32 = 0;
let threads: i32 = 0;
let barriers: i32 = 0;
let panels: usize = 0;
let factors: usize = 0;
let diagonal: usize = 0;
let scratch: usize = 0;

/**
 * The matrix, the packed halves of L and of W, the packed inverses of L's diagonal blocks, and two blocks
 * for each thread.
 */
function layOut(side: i32, crew: i32, thread: i32): void {
  blocks = side;
  threads = crew;
  const all = <usize>side;
  const half = (all * (all + 1)) >> 1;
  panels = MATRIX + all * all * BLOCK;
  factors = panels + half * BLOCK;
  diagonal = factors + half * BLOCK;
  scratch = diagonal + all * BLOCK + <usize>thread * 2 * BLOCK;
}

/**
 * A⁻¹ = WᵀW with W = L⁻¹ and A = LLᵀ. Reads the lower half of the matrix, row by row from byte 1024 with
 * 128 · side columns, and writes its whole inverse there. The control words must be 0.
 *
 * @returns 0, or 1 where it is not positive definite.
 */
export function invert(side: i32, crew: i32, thread: i32): i32 {
  layOut(side, crew, thread);
  barriers = 0;
  if (!factorise(thread)) return 1;
  invertFactor();
  barrier();
  if (thread == 0) atomic.store<i32>(TAKEN, 0);
  barrier();
  square();
  barrier();
  return 0;
}

/** Right-looking: a block column, then what is left of it in all blocks right of it. */
function factorise(thread: i32): bool {
  const other = scratch + BLOCK;
  for (let k = 0; k < blocks; k++) {
    if (thread == 0) {
      if (factoriseBlock(element(k, k))) {
        invertBlock(element(k, k), scratch);
        packRows(scratch, SIDE, inverseOf(k));
      } else atomic.store<i32>(FAILED, 1);
      atomic.store<i32>(TAKEN, 0);
      atomic.store<i32>(TAKEN + 4, 0);
    }
    barrier();
    if (atomic.load<i32>(FAILED)) return false;

    // L_ik = A_ik · L_kk⁻ᵀ. The packed inverse's rows are the columns of its transpose.
    for (let i = k + 1 + take(0); i < blocks; i = k + 1 + take(0)) {
      packRows(element(i, k), stride(), other);
      clear(element(i, k), stride());
      multiply(1, other, inverseOf(k), element(i, k), stride(), false);
      packRows(element(i, k), stride(), packed(panels, i, k));
    }
    barrier();
    // Longest rows first, so that the threads end together. As L_jkᵀ is wanted, L_jk's rows are its columns.
    for (let i = blocks - 1 - take(4); i > k; i = blocks - 1 - take(4)) {
      for (let j = k + 1; j <= i; j++) {
        multiply(-1, packed(panels, i, k), packed(panels, j, k), element(i, j), stride(), i == j);
      }
    }
    barrier();
  }
  if (thread == 0) atomic.store<i32>(TAKEN, 0);
  barrier();
  return true;
}

/** W = L⁻¹ column by column of blocks, each by one thread: W_ij = −L_ii⁻¹ Σ_k L_ik W_kj. */
function invertFactor(): void {
  const sum = scratch;
  const other = scratch + BLOCK;
  for (let j = take(0); j < blocks; j = take(0)) {
    unpackRows(inverseOf(j), sum);
    packColumns(sum, packed(factors, j, j));
    for (let i = j + 1; i < blocks; i++) {
      clear(sum, SIDE);
      for (let k = j; k < i; k++) multiply(1, packed(panels, i, k), packed(factors, k, j), sum, SIDE, false);
      packColumns(sum, other);
      clear(sum, SIDE);
      multiply(-1, inverseOf(i), other, sum, SIDE, false);
      packColumns(sum, packed(factors, i, j));
    }
  }
}

/** P = WᵀW into the matrix, both halves. The packed columns of W are the packed rows of Wᵀ. */
function square(): void {
  for (let i = take(0); i < blocks; i = take(0)) {
    for (let j = 0; j <= i; j++) {
      clear(element(i, j), stride());
      for (let k = i; k < blocks; k++) {
        multiply(1, packed(factors, k, i), packed(factors, k, j), element(i, j), stride(), i == j);
      }
      mirror(element(i, j), element(j, i), i == j);
    }
  }
}

@inline
function stride(): i32 {
  return blocks * SIDE;
}

@inline
function element(i: i32, j: i32): usize {
  return MATRIX + (((<usize>i * SIDE) * <usize>stride() + <usize>j * SIDE) << 3);
}

/** Block (i, j), j ≤ i, of a packed lower half. */
@inline
function packed(half: usize, i: i32, j: i32): usize {
  return half + (((<usize>i * <usize>(i + 1)) >> 1) + <usize>j) * BLOCK;
}

@inline
function inverseOf(k: i32): usize {
  return diagonal + <usize>k * BLOCK;
}

@inline
function take(counter: usize): i32 {
  return atomic.add<i32>(TAKEN + counter, 1);
}

function barrier(): void {
  barriers++;
  if (atomic.add<i32>(ARRIVED, 1) == threads * barriers - 1) {
    atomic.store<i32>(PASSED, barriers);
    atomic.notify(PASSED, threads);
    return;
  }
  let spins = 0;
  while (atomic.load<i32>(PASSED) < barriers) {
    if (++spins > SPINS) atomic.wait<i32>(PASSED, barriers - 1, NAP);
  }
}

function clear(block: usize, columns: i32): void {
  for (let row = 0; row < SIDE; row++) memory.fill(block + ((<usize>row * <usize>columns) << 3), 0, SIDE << 3);
}

/** Transposed; of a block onto itself its lower half. */
function mirror(from: usize, to: usize, itself: bool): void {
  const row = <usize>stride() << 3;
  for (let i = 0; i < SIDE; i++) {
    const end = itself ? i : SIDE;
    for (let j = 0; j < end; j++) {
      store<f64>(to + <usize>j * row + (<usize>i << 3), load<f64>(from + <usize>i * row + (<usize>j << 3)));
    }
  }
}

/** Panels of 4 rows, element by element: [row / 4][column][row % 4]. */
function packRows(from: usize, columns: i32, to: usize): void {
  const row = <usize>columns << 3;
  for (let i = 0; i < SIDE; i += 4) {
    let source = from + <usize>i * row;
    for (let j = 0; j < SIDE; j++) {
      store<f64>(to, load<f64>(source));
      store<f64>(to, load<f64>(source + row), 8);
      store<f64>(to, load<f64>(source + 2 * row), 16);
      store<f64>(to, load<f64>(source + 3 * row), 24);
      to += 32;
      source += 8;
    }
  }
}

function unpackRows(from: usize, to: usize): void {
  for (let i = 0; i < SIDE; i += 4) {
    for (let j = 0; j < SIDE; j++) {
      for (let u = 0; u < 4; u++) {
        store<f64>(to + ((<usize>((i + u) * SIDE + j)) << 3), load<f64>(from));
        from += 8;
      }
    }
  }
}

/** Panels of 4 columns of a dense block: [column / 4][row][column % 4]. */
function packColumns(from: usize, to: usize): void {
  for (let j = 0; j < SIDE; j += 4) {
    let source = from + (<usize>j << 3);
    for (let i = 0; i < SIDE; i++) {
      v128.store(to, v128.load(source));
      v128.store(to, v128.load(source, 16), 16);
      to += 32;
      source += SIDE << 3;
    }
  }
}

// @ts-ignore: decorator
@inline
function madd(a: v128, b: v128, sum: v128): v128 {
  if (isDefined(ASC_FEATURE_RELAXED_SIMD) && ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, sum);
  return f64x2.add(sum, f64x2.mul(a, b));
}

/**
 * C += sign · A · B of packed blocks.
 *
 * @param lower leaves out tiles above the diagonal.
 */
function multiply(sign: f64, a: usize, b: usize, c: usize, columns: i32, lower: bool): void {
  const row = <usize>columns << 3;
  const signs = f64x2.splat(sign);
  for (let j = 0; j < SIDE; j += 4) {
    for (let i = lower ? j : 0; i < SIDE; i += 4) {
      let x = a + ((<usize>(i * SIDE)) << 3);
      let y = b + ((<usize>(j * SIDE)) << 3);
      let c00 = f64x2.splat(0);
      let c01 = c00;
      let c10 = c00;
      let c11 = c00;
      let c20 = c00;
      let c21 = c00;
      let c30 = c00;
      let c31 = c00;
      for (let k = 0; k < SIDE; k++) {
        const b0 = v128.load(y);
        const b1 = v128.load(y, 16);
        let s = v128.load64_splat(x);
        c00 = madd(s, b0, c00);
        c01 = madd(s, b1, c01);
        s = v128.load64_splat(x, 8);
        c10 = madd(s, b0, c10);
        c11 = madd(s, b1, c11);
        s = v128.load64_splat(x, 16);
        c20 = madd(s, b0, c20);
        c21 = madd(s, b1, c21);
        s = v128.load64_splat(x, 24);
        c30 = madd(s, b0, c30);
        c31 = madd(s, b1, c31);
        x += 32;
        y += 32;
      }
      let to = c + <usize>i * row + (<usize>j << 3);
      addTo(to, signs, c00, c01);
      to += row;
      addTo(to, signs, c10, c11);
      to += row;
      addTo(to, signs, c20, c21);
      to += row;
      addTo(to, signs, c30, c31);
    }
  }
}

// @ts-ignore: decorator
@inline
function addTo(to: usize, signs: v128, low: v128, high: v128): void {
  v128.store(to, madd(signs, low, v128.load(to)));
  v128.store(to, madd(signs, high, v128.load(to, 16)), 16);
}

/** Cholesky of one block in place. Returns whether it is positive definite. */
function factoriseBlock(block: usize): bool {
  const row = <usize>stride() << 3;
  for (let i = 0; i < SIDE; i++) {
    const own = block + <usize>i * row;
    for (let j = 0; j <= i; j++) {
      const other = block + <usize>j * row;
      const at = own + (<usize>j << 3);
      const rest = load<f64>(at) - dot(own, other, j);
      if (j < i) store<f64>(at, rest / load<f64>(other + (<usize>j << 3)));
      else if (rest > 0) store<f64>(at, sqrt(rest));
      else return false;
    }
  }
  return true;
}

function dot(a: usize, b: usize, length: i32): f64 {
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 = madd(v128.load(a), v128.load(b), s0);
    s1 = madd(v128.load(a, 16), v128.load(b, 16), s1);
    a += 32;
    b += 32;
  }
  s0 = f64x2.add(s0, s1);
  let sum = f64x2.extract_lane(s0, 0) + f64x2.extract_lane(s0, 1);
  for (; k < length; k++) {
    sum += load<f64>(a) * load<f64>(b);
    a += 8;
    b += 8;
  }
  return sum;
}

/** The inverse of a lower triangular block, dense, zeros above its diagonal. */
function invertBlock(block: usize, to: usize): void {
  memory.fill(to, 0, BLOCK);
  const row = <usize>stride() << 3;
  for (let i = 0; i < SIDE; i++) {
    const own = to + (<usize>(i * SIDE) << 3);
    const factors = block + <usize>i * row;
    for (let k = 0; k < i; k++) {
      const factor = f64x2.splat(-load<f64>(factors + (<usize>k << 3)));
      const other = to + (<usize>(k * SIDE) << 3);
      // Two elements at a time may run one past the diagonal, onto a 0.
      for (let j: usize = 0; j <= <usize>k << 3; j += 16) {
        v128.store(own + j, madd(factor, v128.load(other + j), v128.load(own + j)));
      }
    }
    const scale = 1 / load<f64>(factors + (<usize>i << 3));
    for (let j = 0; j < i; j++) {
      const at = own + (<usize>j << 3);
      store<f64>(at, load<f64>(at) * scale);
    }
    store<f64>(own + (<usize>i << 3), scale);
  }
}
