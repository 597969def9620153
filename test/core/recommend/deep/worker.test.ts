import { expect, it } from 'vitest';
import type { DeepSettings } from '../../../../core/recommend/deep/fit.ts';
import { trainAside } from '../../../../core/recommend/deep/worker.ts';
import { seriesData } from '../series.ts';
import { size } from './backends.ts';

const settings: DeepSettings = {
  epochs: 100_000,
  budgetSeconds: 1e6,
  learningRate: 0.01,
  dropout: 0.1,
  weightDecay: 0.01,
  patience: 100_000,
  size,
  batch: 64,
  gaps: false,
  cut: 'last',
  seed: 1,
};
const task = { network: 'transformer', dataset: seriesData(), settings } as const;

it('trains beside this thread, tells how far it is, and ends when it is called off', async () => {
  const controller = new AbortController();
  const reason = new Error('called off');
  let heard = 0;
  const training = trainAside(
    task,
    (what, share) => {
      expect(what).toMatch(/^epoch \d+ of 100000, loss /);
      expect(share).toBeLessThan(0.5);
      if (++heard === 2) controller.abort(reason);
    },
    controller.signal,
  );
  await expect(training).rejects.toBe(reason);
  expect(heard).toBe(2);
});

it('says what went wrong in the thread', async () => {
  const unknown = { ...task, network: 'none' as never };
  await expect(trainAside(unknown, () => undefined)).rejects.toThrow(TypeError);
});

it('does not begin when it is called off already', async () => {
  await expect(trainAside(task, () => undefined, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
});
