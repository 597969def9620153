import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { CROSS_ENTROPY } from './kernels.ts';
import type { Tf } from './network.ts';

const EPSILON = 1e-6;
const FAINTEST = 1e-30;

/** Rows of x brought to mean 0 and deviation 1, then scaled and shifted (Ba, Kiros & Hinton 2016). */
export function layerNorm(tf: Tf, x: Tensor, gain: Tensor, shift: Tensor): Tensor2D {
  const normalise = tf.customGrad((input, save) => {
    const centred = tf.sub(input as Tensor, tf.mean(input as Tensor, -1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), EPSILON));
    const normed = tf.mul(centred, scale);
    (save as (tensors: Tensor[]) => void)([normed, scale]);
    return {
      value: normed,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [out, factor] = saved as [Tensor, Tensor];
        const along = tf.mean(tf.mul(dy, out), -1, true);
        return tf.mul(factor, tf.sub(tf.sub(dy, tf.mean(dy, -1, true)), tf.mul(out, along)));
      },
    };
  });
  return tf.add(tf.mul(normalise(x), gain), shift);
}

/**
 * Mean cross-entropy of the soft-max over states · tableᵀ + bias, its gradient made with its value: where
 * the backend has a kernel for it, the matrix of all logits, the largest of a step, is never whole.
 *
 * @param states [rows][dimension], table [courses][dimension], labels int32 [rows].
 */
export function crossEntropy(tf: Tf, states: Tensor2D, table: Tensor2D, bias: Tensor1D, labels: Tensor1D): Tensor {
  const rows = states.shape[0];
  const loss = tf.customGrad((...given: unknown[]) => {
    const [h, c, b, save] = given as [Tensor2D, Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    const [likelihoods, ...gradients] = likelihoodsAndGradients(tf, h, c, b, labels);
    save(gradients);
    return {
      value: tf.neg(tf.mean(tf.log(tf.maximum(likelihoods!, FAINTEST)))),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const scale = tf.div(dy, rows);
        return saved.map((gradient) => tf.mul(gradient, scale));
      },
    };
  });
  return loss(states, table, bias);
}

function likelihoodsAndGradients(
  tf: Tf,
  states: Tensor2D,
  table: Tensor2D,
  bias: Tensor1D,
  labels: Tensor1D,
): Tensor[] {
  if ((tf.getKernel(CROSS_ENTROPY, tf.getBackend()) as unknown) !== undefined) {
    return tf.engine().runKernel<Tensor[]>(CROSS_ENTROPY, { states, table, bias, labels });
  }
  const p = tf.softmax(tf.add(tf.matMul(states, table, false, true), bias));
  const hot = tf.oneHot(labels, table.shape[0]);
  const gradient = tf.sub<Tensor2D>(p, hot);
  return [
    tf.sum(tf.mul(p, hot), 1),
    tf.matMul(gradient, table),
    tf.matMul(gradient, states, true),
    tf.sum(gradient, 0),
  ];
}
