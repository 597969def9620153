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
 * Mean cross-entropy of the soft-max over states · tableᵀ + bias, with its gradient written out: the
 * matrix of all logits, the largest of a step, is walked through once.
 *
 * @param states [rows][dimension], table [courses][dimension], labels int32 [rows].
 */
export function crossEntropy(tf: Tf, states: Tensor2D, table: Tensor2D, bias: Tensor1D, labels: Tensor1D): Tensor {
  const rows = states.shape[0];
  const loss = tf.customGrad((...given: unknown[]) => {
    const [h, c, b, save] = given as [Tensor2D, Tensor2D, Tensor1D, (tensors: Tensor[]) => void];
    const [likelihoods, gradient] = likelihoodsOf(tf, tf.matMul(h, c, false, true), b, labels);
    save([gradient, h, c]);
    return {
      value: tf.neg(tf.mean(tf.log(tf.maximum(likelihoods, FAINTEST)))),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [g, states2, table2] = saved as [Tensor2D, Tensor2D, Tensor2D];
        const scale = tf.div(dy, rows);
        return [
          tf.mul(tf.matMul(g, table2), scale),
          tf.mul(tf.matMul(g, states2, true), scale),
          tf.mul(tf.matMul(tf.ones([1, rows]), g).reshape([-1]), scale),
        ];
      },
    };
  });
  return loss(states, table, bias);
}

function likelihoodsOf(tf: Tf, logits: Tensor2D, bias: Tensor1D, labels: Tensor1D): [Tensor, Tensor] {
  if ((tf.getKernel(CROSS_ENTROPY, tf.getBackend()) as unknown) !== undefined) {
    return tf.engine().runKernel<[Tensor, Tensor]>(CROSS_ENTROPY, { logits, bias, labels });
  }
  const p = tf.softmax(tf.add(logits, bias));
  const hot = tf.oneHot(labels, logits.shape[1]);
  return [tf.sum(tf.mul(p, hot), 1), tf.sub(p, hot)];
}
