import { addProduct } from './product.ts';
import type { Size, Weights } from './network.ts';

const EPSILON = 1e-6;

/** See `transformer`; the last block is only worked out for the last place. */
export function transformerForward(
  weights: Weights,
  { dimension: d, blocks, heads, length: longest }: Size,
): (vectors: Float32Array, length: number) => Float32Array {
  const room = () => new Float32Array(longest * d);
  const [x, y, queries, keys, values, mixed, next] = [room(), room(), room(), room(), room(), room(), room()];
  const shares = new Float32Array(longest);
  const state = new Float32Array(d);
  const part = d / heads;

  const attend = (place: number, head: number): void => {
    const own = place * d + head * part;
    let highest = -Infinity;
    for (let other = 0; other <= place; other++) {
      let sum = 0;
      for (let i = 0; i < part; i++) sum += queries[own + i]! * keys[other * d + head * part + i]!;
      shares[other] = sum / Math.sqrt(part);
      if (shares[other]! > highest) highest = shares[other]!;
    }
    let total = 0;
    for (let other = 0; other <= place; other++) {
      shares[other] = Math.exp(shares[other]! - highest);
      total += shares[other]!;
    }
    mixed.fill(0, own, own + part);
    for (let other = 0; other <= place; other++) {
      const share = shares[other]! / total;
      for (let i = 0; i < part; i++) mixed[own + i]! += share * values[other * d + head * part + i]!;
    }
  };

  return (vectors, length) => {
    const scale = Math.sqrt(d);
    const positions = weights['positions']!;
    for (let at = 0; at < length * d; at++) x[at] = vectors[at]! * scale + positions[at]!;
    for (let block = 0; block < blocks; block++) {
      const weight = (name: string): Float32Array => weights[`${name}${block}`]!;
      const first = block === blocks - 1 ? length - 1 : 0;
      normalise(x, y, 0, length, weight('gain'), weight('shift'));
      multiply(y, weight('query'), queries, first, length, d);
      multiply(y, weight('key'), keys, 0, length, d);
      multiply(y, weight('value'), values, 0, length, d);
      for (let place = first; place < length; place++) for (let head = 0; head < heads; head++) attend(place, head);
      multiply(mixed, weight('out'), next, first, length, d);
      for (let at = first * d; at < length * d; at++) x[at]! += next[at]!;
      normalise(x, y, first, length, weight('gain2'), weight('shift2'));
      multiply(y, weight('up'), next, first, length, d);
      const [upBias, downBias] = [weight('upBias'), weight('downBias')];
      for (let at = first * d; at < length * d; at++) y[at] = Math.max(0, next[at]! + upBias[at % d]!);
      multiply(y, weight('down'), next, first, length, d);
      for (let at = first * d; at < length * d; at++) x[at]! += next[at]! + downBias[at % d]!;
    }
    normalise(x, y, length - 1, length, weights['gain']!, weights['shift']!);
    state.set(y.subarray((length - 1) * d, length * d));
    return state;
  };
}

function normalise(
  from: Float32Array,
  to: Float32Array,
  first: number,
  end: number,
  gain: Float32Array,
  shift: Float32Array,
): void {
  const d = gain.length;
  for (let row = first; row < end; row++) {
    const at = row * d;
    let mean = 0;
    for (let i = 0; i < d; i++) mean += from[at + i]!;
    mean /= d;
    let variance = 0;
    for (let i = 0; i < d; i++) variance += (from[at + i]! - mean) ** 2;
    const scale = 1 / Math.sqrt(variance / d + EPSILON);
    for (let i = 0; i < d; i++) to[at + i] = (from[at + i]! - mean) * scale * gain[i]! + shift[i]!;
  }
}

/** Rows of `from` times a square matrix. */
function multiply(
  from: Float32Array,
  matrix: Float32Array,
  to: Float32Array,
  first: number,
  end: number,
  d: number,
): void {
  for (let row = first; row < end; row++) {
    const sum = to.subarray(row * d, (row + 1) * d).fill(0);
    addProduct(from, row * d, d, matrix, sum);
  }
}
