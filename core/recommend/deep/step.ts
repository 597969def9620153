import type { Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Random } from '../../numerics/random.ts';
import type { CourseFeatures } from './course-features.ts';
import type { Batch, Network, Size, Tensors, Tf, Weights } from './network.ts';
import { crossEntropy } from './operations.ts';
import { GAPS } from './sequences.ts';

/** A network together with the tables of courses around it. */
export interface Architecture {
  network: Network;
  size: Size;
  /** Of the courses that training knows. */
  courses: number;
  features: CourseFeatures;
  /** Whether the time since the course before is told to it. */
  gaps: boolean;
}

/** Courses to tell a label from: so many drawn by popularity instead of all. */
export interface Negatives {
  courses: Int32Array;
  /** ln of how often each was to be expected in the draw. */
  logExpected: Float32Array;
}

/** Shapes of every weight that is learned. */
export function shapesOf({ network, size, courses, features, gaps }: Architecture): Record<string, readonly number[]> {
  const { dimension: d } = size;
  return {
    courses: [courses, d],
    begin: [1, d],
    bias: [courses],
    ...(features.width > 0 && { features: [features.width, d] }),
    ...(gaps && { gaps: [GAPS, d] }),
    ...network.shapes(size),
  };
}

/**
 * Mean loss of a batch and its gradient for each weight. A course's vector is its own plus a linear map
 * of its features, the same at the input and at the output.
 *
 * @param drop share of entries dropped out.
 */
export function lossAndGradients(
  tf: Tf,
  architecture: Architecture,
  weights: Weights,
  batch: Batch,
  { drop, random, negatives }: { drop: number; random: Random; negatives: Negatives | undefined },
): { loss: number; gradients: Weights } {
  const shapes = shapesOf(architecture);
  const names = Object.keys(shapes);
  let loss = NaN;
  const gradients: Weights = {};
  // Nothing is returned through `tidy`, which would look for tensors in every number of it.
  tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((...given: Tensor[]) => {
      const tensors: Tensors = Object.fromEntries(given.map((tensor, at) => [names[at]!, tensor]));
      return lossOf(tf, architecture, tensors, batch, { drop, random, negatives });
    })(names.map((name) => tf.tensor(weights[name]!, shapes[name] as number[])));
    loss = value.dataSync()[0]!;
    grads.forEach((grad, at) => (gradients[names[at]!] = grad.dataSync() as Float32Array));
  });
  return { loss, gradients };
}

function lossOf(
  tf: Tf,
  { network, size, features, courses }: Architecture,
  tensors: Tensors,
  batch: Batch,
  { drop, random, negatives }: { drop: number; random: Random; negatives: Negatives | undefined },
): Scalar {
  const { count, length } = batch;
  const dropOut = dropper(tf, drop, random);
  const described =
    features.width > 0 &&
    tf.matMul(tf.tensor2d(features.values, [courses, features.width]), tensors['features'] as Tensor2D);
  const table = (described ? tf.add(tensors['courses']!, described) : tensors['courses']!) as Tensor2D;
  const inputs = tf.tensor1d(batch.inputs, 'int32');
  let vectors = tf.gather(tf.concat([tensors['begin'] as Tensor2D, table], 0), inputs);
  if (tensors['gaps']) vectors = tf.add(vectors, tf.gather(tensors['gaps'], tf.tensor1d(batch.gaps, 'int32')));
  const states = network.states(tf, tensors, size, {
    vectors: vectors.reshape<Tensor3D>([count, length, size.dimension]),
    places: batch.places,
    count,
    length,
    drop: dropOut,
  });
  const labels = tf.tensor1d(batch.labels, 'int32');
  const bias = tensors['bias'] as Tensor1D;
  if (!negatives) return crossEntropy(tf, states, table, bias, labels) as Scalar;
  return sampledLoss(tf, states, table, bias, batch, negatives) as Scalar;
}

/**
 * Soft-max over the label and sampled courses, whose logits are lowered by ln of how often each was to be
 * expected: its sum is then an unbiased guess of the sum over all (Bengio & Senécal 2008).
 */
function sampledLoss(
  tf: Tf,
  states: Tensor2D,
  table: Tensor2D,
  bias: Tensor1D,
  { labels }: Batch,
  { courses, logExpected }: Negatives,
): Tensor {
  const own = tf.tensor1d(labels, 'int32');
  const positive = tf.add(tf.sum(tf.mul(states, tf.gather(table, own)), 1), tf.gather(bias, own));
  const drawn = tf.tensor1d(courses, 'int32');
  const lowered = tf.sub(tf.gather(bias, drawn), tf.tensor1d(logExpected));
  const others = tf.add(tf.matMul(states, tf.gather<Tensor2D>(table, drawn), false, true), lowered);
  // A draw that is the label itself is none of the others.
  const hits = tf.equal(own.reshape([-1, 1]), drawn.reshape([1, -1]));
  const masked = tf.where(hits, tf.fill(others.shape, -1e9), others);
  const logits = tf.concat([positive.reshape([-1, 1]), masked], 1);
  return tf.mean(tf.sub(tf.logSumExp(logits, 1), positive));
}

/** Masks by xorshift32, which is fast enough for the millions of entries of a step. */
function dropper(tf: Tf, rate: number, random: Random): <T extends Tensor>(x: T) => T {
  return (x) => {
    if (rate === 0) return x;
    const mask = new Float32Array(x.size);
    const kept = 1 / (1 - rate);
    const limit = rate * 2 ** 32;
    let state = random.int(2 ** 32 - 1) + 1;
    for (let at = 0; at < mask.length; at++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      mask[at] = state >>> 0 < limit ? 0 : kept;
    }
    return tf.mul(x, tf.tensor(mask, x.shape));
  };
}
