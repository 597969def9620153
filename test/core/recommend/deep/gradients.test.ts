import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '../../../../core/numerics/random.ts';
import { loadBackend } from '../../../../core/recommend/deep/backend.ts';
import type { Batch, Weights } from '../../../../core/recommend/deep/network.ts';
import { lossAndGradients, type Negatives } from '../../../../core/recommend/deep/step.ts';
import { example, farthest, onBoth, size } from './backends.ts';

/** Three sequences, the second the longest, with gaps. */
const batch: Batch = {
  count: 3,
  length: 4,
  inputs: Int32Array.of(0, 5, 0, 0, 0, 1, 36, 2, 9, 9, 30, 0),
  places: Int32Array.of(0, 1, 4, 5, 6, 7, 8, 9, 10),
  labels: Int32Array.of(4, 12, 0, 35, 1, 36, 8, 29, 11),
  gaps: Int32Array.of(0, 1, 0, 0, 0, 3, 4, 15, 0, 2, 0, 0),
};
const negatives: Negatives = {
  courses: Int32Array.of(3, 12, 12, 20, 36),
  logExpected: Float32Array.of(0.1, -1, -1, -2, 0.5),
};

it.each([
  ['lstm', 0, undefined],
  ['lstm', 0.3, undefined],
  ['transformer', 0, undefined],
  ['transformer', 0.3, undefined],
  ['transformer', 0.3, negatives],
] as const)('%s with dropout %f has the gradients of the cpu backend on wasm', async (name, drop, sampled) => {
  const { architecture, weights } = example(name);
  const [cpu, wasm] = await onBoth((tf) =>
    lossAndGradients(tf, architecture, weights, batch, { drop, random: createRandom(8), negatives: sampled }),
  );
  expect(Math.abs(cpu!.loss - wasm!.loss)).toBeLessThan(1e-5);
  for (const [weight, gradient] of Object.entries(cpu!.gradients)) {
    expect(farthest(wasm!.gradients[weight]!, gradient), weight).toBeLessThan(1e-5);
    expect(
      gradient.some((value) => value !== 0),
      weight,
    ).toBe(true);
  }
});

it.each(['lstm', 'transformer'] as const)('%s has gradients that are slopes of its loss', async (name) => {
  const { tf } = await loadBackend('wasm');
  const { architecture, weights } = example(name);
  const at = (own: Weights) =>
    lossAndGradients(tf, architecture, own, batch, { drop: 0, random: createRandom(1), negatives: undefined });
  const { gradients } = at(weights);
  const random = createRandom(5);
  const step = 1e-2;
  for (const [weight, gradient] of Object.entries(gradients)) {
    const direction = gradient.map(() => random.normal() / Math.sqrt(gradient.length));
    const moved = (by: number): Weights => ({
      ...weights,
      [weight]: weights[weight]!.map((value, i) => value + by * direction[i]!),
    });
    const slope = (at(moved(step)).loss - at(moved(-step)).loss) / (2 * step);
    const expected = gradient.reduce((sum, value, i) => sum + value * direction[i]!, 0);
    expect(Math.abs(slope - expected), weight).toBeLessThan(2e-3 + 0.02 * Math.abs(expected));
  }
});

it('tells courses from a large enough sample as from all of them, however it was drawn', async () => {
  const { tf } = await loadBackend('wasm');
  const { architecture, weights } = example('transformer');
  const random = createRandom(6);
  const chances = Array.from({ length: 37 }, (_, course) => (1 + (course % 5)) / 109);
  const ends = chances.map((_, course) => chances.slice(0, course + 1).reduce((sum, chance) => sum + chance, 0));
  const draws = 20_000;
  const courses = Int32Array.from({ length: draws }, () => {
    const point = random.next() * ends.at(-1)!;
    return ends.findIndex((end) => end > point);
  });
  const logExpected = Float32Array.from(courses, (course) => Math.log((draws * chances[course]!) / ends.at(-1)!));
  const at = (sampled: Negatives | undefined) =>
    lossAndGradients(tf, architecture, weights, batch, { drop: 0, random, negatives: sampled });
  const [all, sample] = [at(undefined), at({ courses, logExpected })];
  expect(Math.abs(all.loss - sample.loss)).toBeLessThan(0.02);
  expect(farthest(sample.gradients['courses']!, all.gradients['courses']!)).toBeLessThan(0.02);
});

it.each(['lstm', 'transformer'] as const)('%s serves in plain arrays what tfjs works out', async (name) => {
  const { tf } = await loadBackend('wasm');
  const { architecture, weights } = example(name);
  const random = createRandom(2);
  const forward = architecture.network.forward(weights, size);
  for (let length = 1; length <= size.length; length++) {
    const vectors = Float32Array.from({ length: length * size.dimension }, () => random.normal());
    const plain = forward(vectors, length).slice();
    const whole = tf.tidy(() =>
      architecture.network
        .states(
          tf,
          Object.fromEntries(
            Object.entries(architecture.network.shapes(size)).map(([weight, shape]) => [
              weight,
              tf.tensor(weights[weight]!, shape as number[]),
            ]),
          ),
          size,
          {
            vectors: tf.tensor3d(vectors, [1, length, size.dimension]),
            places: Int32Array.of(length - 1),
            count: 1,
            length,
            drop: (x) => x,
          },
        )
        .dataSync(),
    );
    expect(farthest(plain, whole)).toBeLessThan(1e-5);
  }
});

let before: number;
beforeAll(async () => {
  before = (await loadBackend('wasm')).tf.memory().numTensors;
});
afterAll(async () => {
  expect((await loadBackend('wasm')).tf.memory().numTensors).toBe(before);
});
