import type { Tensor } from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { createRandom } from '../../../../core/numerics/random.ts';
import { loadBackend } from '../../../../core/recommend/deep/backend.ts';
import type { Tf } from '../../../../core/recommend/deep/network.ts';
import { crossEntropy } from '../../../../core/recommend/deep/operations.ts';
import { farthest, onBoth } from './backends.ts';

const filled = (shape: number[]): Float32Array => {
  const random = createRandom(shape.length + shape[0]!);
  return Float32Array.from({ length: shape.reduce((product, side) => product * side, 1) }, () => random.normal());
};
const made = (tf: Tf, shape: number[]): Tensor => tf.tensor(filled(shape), shape);

async function alike(work: (tf: Tf) => Tensor | Tensor[]): Promise<void> {
  const [cpu, wasm] = await onBoth((tf) => {
    const before = tf.memory().numTensors;
    const out = tf.tidy(
      () => [work(tf)].flat().map((tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] })) as never,
    ) as unknown as { shape: number[]; values: number[] }[];
    expect(tf.memory().numTensors).toBe(before);
    return out;
  });
  cpu!.forEach(({ shape, values }, at) => {
    expect(wasm![at]!.shape).toEqual(shape);
    const largest = Math.max(1, ...values.map(Math.abs));
    expect(farthest(wasm![at]!.values, values) / largest).toBeLessThan(5e-6);
  });
}

// Sides that are no multiples of a tile, and sums longer than what is added up at a time.
it.each([
  [
    [3, 5],
    [5, 9],
  ],
  [
    [33, 70],
    [70, 17],
  ],
  [
    [6, 600],
    [600, 11],
  ],
  [
    [4, 1],
    [1, 8],
  ],
] as [number[], number[]][])('multiplies %o by %o, either of them transposed', async (a, b) => {
  for (const [turnA, turnB] of [
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ] as const) {
    await alike((tf) =>
      tf.matMul(made(tf, turnA ? a.toReversed() : a), made(tf, turnB ? b.toReversed() : b), turnA, turnB),
    );
  }
});

it.each([
  [[2, 3, 4, 5], [2, 3, 5, 6], false],
  [[2, 3, 4, 5], [2, 3, 6, 5], true],
  [[3, 4, 5], [1, 5, 2], false],
  [[1, 4, 5], [3, 5, 2], false],
] as [number[], number[], boolean][])('multiplies batches %o by %o', async (a, b, turnB) => {
  await alike((tf) => tf.matMul(made(tf, a), made(tf, b), false, turnB));
});

it('sums rows by segment, and leaves out segments that are not there', async () => {
  await alike((tf) => tf.unsortedSegmentSum(made(tf, [5, 3]), tf.tensor1d([2, 0, 2, -1, 4], 'int32'), 5));
});

it('takes apart, slices, swaps the middle dimensions of four and copies', async () => {
  await alike((tf) => tf.unstack(made(tf, [3, 4, 5]), 1));
  await alike((tf) => tf.unstack(made(tf, [3, 4, 5]), -1));
  await alike((tf) => tf.slice(made(tf, [5, 7]), [1, 2], [3, 4]));
  await alike((tf) => tf.slice(made(tf, [5, 7]), [1, 2], [-1, -1]));
  await alike((tf) => tf.slice(made(tf, [5, 7]), [2]));
  await alike((tf) => tf.slice(made(tf, [2, 5, 7]), [0, 1, 2], [2, 3, 4]));
  await alike((tf) => tf.transpose(made(tf, [2, 3, 4, 5]), [0, 2, 1, 3]));
  await alike((tf) => tf.transpose(made(tf, [3, 4]), [1, 0]));
  await alike((tf) => tf.add(tf.clone(made(tf, [3, 4])), 1));
});

it.each([1, 5, 32, 70])(
  'tells %i labels from all courses as a soft-max does, however far apart the logits',
  async (rows) => {
    for (const spread of [1, 30]) {
      const labels = Int32Array.from({ length: rows }, (_, row) => (row * 7) % 13);
      await alike((tf) => {
        const loss = (h: Tensor, c: Tensor, b: Tensor) =>
          crossEntropy(tf, tf.mul(h, spread), c as never, b as never, tf.tensor1d(labels, 'int32')) as never;
        const { value, grads } = tf.valueAndGrads(loss)([made(tf, [rows, 6]), made(tf, [13, 6]), made(tf, [13])]);
        return [value, ...grads];
      });
    }
  },
);

it('keeps the stock kernels where the backend looks unfamiliar', async () => {
  const { tf } = await loadBackend('wasm');
  const { mendKernels } = await import('../../../../core/recommend/deep/kernels.ts');
  const kernel = tf.getKernel('BatchMatMul', 'wasm');
  mendKernels({ ...tf, backend: () => ({ makeOutput: null }) } as never, undefined as never);
  expect(tf.getKernel('BatchMatMul', 'wasm')).toBe(kernel);
});
