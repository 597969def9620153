import { addProduct } from './product.ts';
import type { Size, Weights } from './network.ts';

/** See `lstm`. */
export function lstmForward(
  weights: Weights,
  { dimension: d, hidden: h }: Size,
): (vectors: Float32Array, length: number) => Float32Array {
  const sum = new Float32Array(4 * h);
  const state = new Float32Array(h);
  const cell = new Float32Array(h);
  const out = new Float32Array(d);
  return (vectors, length) => {
    state.fill(0);
    cell.fill(0);
    for (let place = 0; place < length; place++) {
      sum.set(weights['gateBias']!);
      addProduct(vectors, place * d, d, weights['fromInput']!, sum);
      if (place > 0) addProduct(state, 0, h, weights['fromState']!, sum);
      for (let i = 0; i < h; i++) {
        const fresh = sigmoid(sum[i]!) * Math.tanh(sum[3 * h + i]!);
        const kept = sigmoid(sum[h + i]!) * cell[i]! + fresh;
        cell[i] = kept;
        state[i] = sigmoid(sum[2 * h + i]!) * Math.tanh(kept);
      }
    }
    out.set(weights['projectBias']!);
    addProduct(state, 0, h, weights['project']!, out);
    return out;
  };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
