import { setFlagsFromString } from 'node:v8';
import { invertPositive } from '../cholesky.ts';
import { bytesAt, moduleAt, openCrew, threadsHere } from '../crew/backend.ts';

/** Rows of a block, its bytes, and the first byte of the matrix: see `inverse.as.ts`. */
const SIDE = 128;
const BLOCK = SIDE * SIDE * 8;
const MATRIX = 1024;
/** Below this, to start threads takes longer than to do without. */
const SMALL = 256;
/** 16 bytes an element, and a WebAssembly memory ends at 4 GB. */
const MOST_ROWS = 15_000;

/** A symmetric matrix with room for its inverse. */
export interface PositiveMatrix {
  /** Element (i, j) stands at i · stride + j; 0 at first. */
  readonly stride: number;
  readonly values: Float64Array;
  /**
   * Puts the inverse in the matrix's place.
   *
   * @throws RangeError where the matrix, of which the lower half is read, is not positive definite; it is
   *   lost then.
   */
  invert(): Promise<void>;
  /** Ends its threads; the values stay. */
  close(): Promise<void>;
}

/**
 * Room for an n × n matrix that is to be inverted: A = LLᵀ by a blocked Cholesky factorisation, W = L⁻¹,
 * A⁻¹ = WᵀW (Golub & Van Loan, Matrix Computations, 4.2), n³ multiplications and additions in WebAssembly
 * on all cores, 16 n² bytes. Small ones by the plain code.
 *
 * @throws RangeError above 15,000 rows.
 */
export async function positiveMatrix(n: number, threads = threadsHere()): Promise<PositiveMatrix> {
  if (n > MOST_ROWS) throw new RangeError(`${n} rows are too many to invert`);
  if (n < SMALL) {
    const values = new Float64Array(n * n);
    return {
      stride: n,
      values,
      // eslint-disable-next-line @typescript-eslint/require-await
      invert: async () => values.set(invertPositive(values, n)),
      close: () => Promise.resolve(),
    };
  }
  const side = Math.ceil(n / SIDE);
  const stride = side * SIDE;
  const bytes = MATRIX + (side * side + side * (side + 1) + side + 2 * threads) * BLOCK;
  const crew = await openCrew(binary(), bytes, threads);
  const whole = new Float64Array(crew.memory.buffer, MATRIX, stride * stride);
  return {
    stride,
    values: whole.subarray(0, n * stride),
    async invert() {
      new Int32Array(crew.memory.buffer, 0, MATRIX / 4).fill(0);
      // The last block is filled up with the identity.
      for (let i = n; i < stride; i++) whole.fill(0, i * stride, i * stride + stride)[i * stride + i] = 1;
      const failed = await crew.call('invert', (thread) => [side, crew.threads, thread]);
      if (failed[0] !== 0) throw new RangeError('The matrix is not positive definite');
    },
    close: () => crew.close(),
  };
}

/** The fused one where the engine takes it: newer ones do by themselves, V8 11 when it is asked to. */
function binary(): WebAssembly.Module {
  const fused = new URL('./fused.wasm', import.meta.url);
  const taken = (): boolean => WebAssembly.validate(bytesAt(fused));
  if (!taken()) setFlagsFromString('--experimental-wasm-relaxed-simd');
  return moduleAt(taken() ? fused : new URL('./inverse.wasm', import.meta.url));
}
