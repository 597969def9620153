import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs';
import { transformerForward } from './transformer-forward.ts';
import { normal, type Network, type Size, type Tf, type Weights } from './network.ts';
import { layerNorm } from './operations.ts';

/**
 * Causal self-attention over the courses so far (SASRec; Kang & McAuley 2018): learned positions, and
 * in each block attention and a feed-forward layer, both on normalised input and added to what came in.
 */
export const transformer: Network = {
  shapes(size) {
    const { dimension: d, blocks, length } = size;
    const shapes: Record<string, readonly number[]> = { positions: [length, d] };
    for (let block = 0; block < blocks; block++) {
      for (const name of ['query', 'key', 'value', 'out', 'up', 'down']) shapes[`${name}${block}`] = [d, d];
      for (const name of ['upBias', 'downBias', 'gain', 'shift', 'gain2', 'shift2']) shapes[`${name}${block}`] = [d];
    }
    return { ...shapes, gain: [d], shift: [d] };
  },
  initial(size, random) {
    const weights: Weights = {};
    for (const [name, shape] of Object.entries(transformer.shapes(size))) {
      const length = shape.reduce((product, side) => product * side, 1);
      weights[name] =
        name === 'positions'
          ? normal(random, length, 0.05)
          : shape.length === 2
            ? normal(random, length, Math.sqrt(1 / size.dimension))
            : new Float32Array(length).fill(name.startsWith('gain') ? 1 : 0);
    }
    return weights;
  },
  states(tf, weights, size, { vectors, places, count, length, drop }) {
    const { dimension: d } = size;
    const positions = tf.slice(weights['positions']!, [0, 0], [length, d]);
    let x = drop(tf.add(tf.mul(vectors, Math.sqrt(d)), positions)).reshape<Tensor2D>([count * length, d]);
    const mask = causalMask(tf, length);
    for (let block = 0; block < size.blocks; block++) {
      const weight = (name: string) => weights[`${name}${block}`] as Tensor2D;
      const normed = layerNorm(tf, x, weight('gain'), weight('shift'));
      const heads = (name: string): Tensor4D => {
        const split = tf.matMul(normed, weight(name)).reshape([count, length, size.heads, d / size.heads]);
        return tf.transpose(split as Tensor4D, [0, 2, 1, 3]);
      };
      const closeness = tf.mul(tf.matMul(heads('query'), heads('key'), false, true), 1 / Math.sqrt(d / size.heads));
      const attention = drop(tf.softmax(tf.add(closeness, mask)));
      const mixed = tf.transpose(tf.matMul(attention, heads('value')), [0, 2, 1, 3]).reshape([count * length, d]);
      x = tf.add(x, drop(tf.matMul(mixed as Tensor2D, weight('out'))));
      const again = layerNorm(tf, x, weight('gain2'), weight('shift2'));
      const up = tf.relu(tf.add(tf.matMul(again, weight('up')), weight('upBias')));
      x = tf.add(x, drop(tf.add(tf.matMul(up as Tensor2D, weight('down')), weight('downBias'))));
    }
    return layerNorm(tf, tf.gather(x, tf.tensor1d(places, 'int32')), weights['gain']!, weights['shift']!);
  },
  forward: (weights: Weights, size: Size) => transformerForward(weights, size),
};

/** Nothing is seen of what comes later, which hides the padding too. */
function causalMask(tf: Tf, length: number): Tensor {
  const mask = new Float32Array(length * length);
  for (let row = 0; row < length; row++) mask.fill(-1e9, row * length + row + 1, (row + 1) * length);
  return tf.tensor(mask, [1, 1, length, length]);
}
