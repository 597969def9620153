import type { Tensor, Tensor2D } from '@tensorflow/tfjs';
import { lstmForward } from './lstm-forward.ts';
import { normal, type Network } from './network.ts';

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997) over the courses so far: of the state after
 * each course a linear map is what the next course is near to. Gates stand in the order input, forget,
 * output, candidate; the forget gate begins open (Jozefowicz et al. 2015).
 */
export const lstm: Network = {
  shapes: ({ dimension: d, hidden: h }) => ({
    fromInput: [d, 4 * h],
    fromState: [h, 4 * h],
    gateBias: [4 * h],
    project: [h, d],
    projectBias: [d],
  }),
  initial({ dimension: d, hidden: h }, random) {
    return {
      fromInput: normal(random, d * 4 * h, Math.sqrt(1 / d)),
      fromState: normal(random, h * 4 * h, Math.sqrt(1 / h)),
      gateBias: new Float32Array(4 * h).fill(1, h, 2 * h),
      project: normal(random, h * d, Math.sqrt(1 / h)),
      projectBias: new Float32Array(d),
    };
  },
  states(tf, weights, { dimension: d, hidden: h }, { vectors, places, count, length, drop }) {
    const inputs = drop(vectors).reshape<Tensor2D>([count * length, d]);
    const weight = (name: string) => weights[name] as Tensor2D;
    const all = tf.add(tf.matMul(inputs, weight('fromInput')), weight('gateBias')).reshape([count, length, 4 * h]);
    let state: Tensor | undefined;
    let cell: Tensor | undefined;
    const states = tf.unstack(all, 1).map((fromInput) => {
      const sum = state ? tf.add(fromInput, tf.matMul(state as Tensor2D, weight('fromState'))) : fromInput;
      const gates = tf.sigmoid(tf.slice(sum, [0, 0], [count, 3 * h]));
      const candidate = tf.tanh(tf.slice(sum, [0, 3 * h], [count, h]));
      const [input, forget, output] = [0, 1, 2].map((gate) => tf.slice(gates, [0, gate * h], [count, h]));
      const fresh = tf.mul(input!, candidate);
      cell = cell ? tf.add(tf.mul(forget!, cell), fresh) : fresh;
      state = tf.mul(output!, tf.tanh(cell));
      return state;
    });
    // Time-major: place p of sequence s stands in row p · count + s.
    const rows = places.map((place) => (place % length) * count + Math.floor(place / length));
    const wanted = drop(tf.gather(tf.concat(states, 0), tf.tensor1d(rows, 'int32')));
    return tf.add(tf.matMul(wanted, weight('project')), weight('projectBias'));
  },
  forward: (weights, size) => lstmForward(weights, size),
};
