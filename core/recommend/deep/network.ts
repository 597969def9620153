import type * as tfjs from '@tensorflow/tfjs';
import type { Random } from '../../numerics/random.ts';

/** TensorFlow.js, whichever backend it runs on. It is handed over, so that nothing here loads it. */
export type Tf = typeof tfjs;
export type Tensors = Record<string, tfjs.Tensor>;

/** What a network has learned, by name. */
export type Weights = Record<string, Float32Array>;

/** Sizes that the shapes of a network's weights follow from. */
export interface Size {
  /** Of course vectors. */
  dimension: number;
  /** Of the recurrent state, or of nothing. */
  hidden: number;
  blocks: number;
  heads: number;
  /** Courses of a history that are looked at. */
  length: number;
}

/** Sequences side by side, shorter ones padded at their end. */
export interface Batch {
  /** Sequences. */
  count: number;
  /** Of the longest. */
  length: number;
  /** Row of the input table at each place, [count][length]: 0 begins, course c is c + 1. */
  inputs: Int32Array;
  /** Places whose next course is known, as [sequence · length + place]. */
  places: Int32Array;
  /** The course that came next at each of them. */
  labels: Int32Array;
  /** See `gapBucket`; as `inputs`. */
  gaps: Int32Array;
}

/** What goes into the forward pass of a batch on tfjs. */
export interface Pass {
  /** Vectors of the inputs, [count][length][dimension]. */
  vectors: tfjs.Tensor3D;
  /** See `Batch`. */
  places: Int32Array;
  count: number;
  length: number;
  /** Drops entries of a tensor out, and scales the rest; as it is where nothing is to be dropped. */
  drop: <T extends tfjs.Tensor>(x: T) => T;
}

/** From a sequence of course vectors to a vector that the next course is near to. */
export interface Network {
  /** Shapes of its own weights, without tables of courses. */
  shapes(size: Size): Record<string, readonly number[]>;
  initial(size: Size, random: Random): Weights;
  /** On tfjs: one vector for each of `places`, [places][dimension]. */
  states(tf: Tf, weights: Tensors, size: Size, pass: Pass): tfjs.Tensor2D;
  /**
   * The same for the last place of one sequence in plain arrays; what it returns is overwritten by
   * the next call.
   *
   * @param vectors of the inputs, [length][dimension]; not changed.
   */
  forward(weights: Weights, size: Size): (vectors: Float32Array, length: number) => Float32Array;
}

/** Normal with this deviation. */
export function normal(random: Random, length: number, deviation: number): Float32Array {
  return Float32Array.from({ length }, () => random.normal() * deviation);
}
