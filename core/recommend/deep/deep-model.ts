import type { CourseFeatures } from './course-features.ts';
import type { Network, Size, Weights } from './network.ts';
import { gapBucket } from './sequences.ts';
import type { Artefact, CourseFacts, History, Model } from '../model.ts';

/** What a deep model has learned, over the whole catalogue: a course that nobody took has its features alone. */
export interface Learned {
  size: Size;
  gaps: boolean;
  /** Every weight by name; `courses` [courses][dimension] and `bias` over all courses. */
  weights: Weights;
  features: CourseFeatures;
  /** 1 where the course was in the data. */
  known: Uint8Array;
  /** Epochs after which validation was best, and its NDCG@10 there; null where nothing was held out. */
  epochs: number;
  ndcg10: number | null;
}

export interface DeepModel extends Model {
  /** Absent where the data is too small to learn from: every course scores 0. */
  readonly learned: Learned | undefined;
}

/** Serves in plain arrays, without TensorFlow.js. Holds about courses × (2 · dimension + features) floats. */
export function deepModel(name: string, network: Network, learned: Learned | undefined, courses: number): DeepModel {
  const score = learned ? scorer(network, learned, courses) : () => new Float32Array(courses);
  return { name, learned, score, save: () => save(learned, courses) };
}

export function loadDeepModel(
  name: string,
  network: Network,
  { json, arrays }: Artefact,
  courses: readonly CourseFacts[],
): DeepModel {
  const saved = (json as { learned: SavedJson | null }).learned;
  if (!saved) return deepModel(name, network, undefined, courses.length);
  const { featureWidth, lengths, ...rest } = saved;
  const weights: Weights = {};
  const blob = arrays['weights'] as Float32Array;
  let at = 0;
  for (const [part, length] of lengths) {
    weights[part] = blob.subarray(at, at + length);
    at += length;
  }
  const learned: Learned = {
    ...rest,
    weights,
    features: { width: featureWidth, values: arrays['features'] as Float32Array },
    known: arrays['known'] as Uint8Array,
  };
  return deepModel(name, network, learned, courses.length);
}

type SavedJson = Pick<Learned, 'size' | 'gaps' | 'epochs' | 'ndcg10'> & {
  featureWidth: number;
  lengths: [name: string, length: number][];
};

function save(learned: Learned | undefined, courses: number): Artefact {
  if (!learned) return { json: { learned: null, courses }, arrays: {} };
  const { weights, features, known, size, gaps, epochs, ndcg10 } = learned;
  const lengths = Object.entries(weights).map(([name, { length }]): [string, number] => [name, length]);
  const blob = new Float32Array(lengths.reduce((sum, [, length]) => sum + length, 0));
  let at = 0;
  for (const [name, length] of lengths) {
    blob.set(weights[name]!, at);
    at += length;
  }
  const json: SavedJson = { size, gaps, epochs, ndcg10, featureWidth: features.width, lengths };
  return { json: { learned: json, courses }, arrays: { weights: blob, features: features.values, known } };
}

/** Probabilities of every course to come next. */
export function scorer(network: Network, learned: Learned, courses: number): (history: History) => Float32Array {
  const { size, weights, gaps } = learned;
  const { dimension: d, length: longest } = size;
  const table = courseTable(learned, courses);
  const forward = network.forward(weights, size);
  const vectors = new Float32Array(longest * d);

  return ({ items, times }) => {
    const begins = items.length < longest;
    const first = begins ? 0 : items.length - longest;
    let length = 0;
    if (begins) vectors.set(weights['begin']!, d * length++);
    for (let at = first; at < items.length; at++) {
      const from = items[at]! * d;
      const to = d * length++;
      vectors.set(table.subarray(from, from + d), to);
      if (!gaps) continue;
      const bucket = at > first ? gapBucket(times[at]! - times[at - 1]!) : 0;
      for (let i = 0; i < d; i++) vectors[to + i]! += weights['gaps']![bucket * d + i]!;
    }
    if (gaps && begins) for (let i = 0; i < d; i++) vectors[i]! += weights['gaps']![i]!;
    return softMax(logits(forward(vectors, length), table, weights['bias']!));
  };
}

/** Each course's own vector plus the linear map of its features. */
function courseTable({ weights, features, size: { dimension: d } }: Learned, courses: number): Float32Array {
  const table = weights['courses']!.slice();
  const map = weights['features'];
  if (!map) return table;
  for (let course = 0; course < courses; course++) {
    for (let f = 0; f < features.width; f++) {
      const value = features.values[course * features.width + f]!;
      if (value === 0) continue;
      for (let i = 0; i < d; i++) table[course * d + i]! += value * map[f * d + i]!;
    }
  }
  return table;
}

/** Four sums beside each other: one addition need not wait for the last. */
function logits(state: Float32Array, table: Float32Array, bias: Float32Array): Float32Array {
  const d = state.length;
  const values = new Float32Array(bias.length);
  for (let course = 0, at = 0; course < values.length; course++) {
    const end = at + d;
    let [first, second, third, fourth] = [bias[course]!, 0, 0, 0];
    let i = 0;
    for (; at + 3 < end; at += 4, i += 4) {
      first += state[i]! * table[at]!;
      second += state[i + 1]! * table[at + 1]!;
      third += state[i + 2]! * table[at + 2]!;
      fourth += state[i + 3]! * table[at + 3]!;
    }
    for (; at < end; at++, i++) first += state[i]! * table[at]!;
    values[course] = first + second + third + fourth;
  }
  return values;
}

function softMax(values: Float32Array): Float32Array {
  let highest = -Infinity;
  for (const value of values) if (value > highest) highest = value;
  let sum = 0;
  for (let at = 0; at < values.length; at++) {
    values[at] = Math.exp(values[at]! - highest);
    sum += values[at]!;
  }
  for (let at = 0; at < values.length; at++) values[at]! /= sum;
  return values;
}
