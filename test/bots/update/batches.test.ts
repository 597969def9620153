import { expect, it } from 'vitest';
import { createBatches } from '../../../bots/update/batches.ts';

it('writes together what comes while a write is under way, one write after another', async () => {
  const written: number[][] = [];
  let release = () => {};
  let begin = () => {};
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const gate = new Promise<void>((resolve) => (release = resolve));
  const batches = createBatches<number>(async (items) => {
    written.push(items);
    begin();
    if (written.length === 1) await gate;
  });
  const first = batches.add([1, 2]);
  await begun;
  const later = [batches.add([3]), batches.add([4, 5])];
  release();
  await Promise.all([first, ...later]);
  expect(written).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
});

it('tells a failure to those whose items were in the write, and goes on', async () => {
  let failing = true;
  const written: number[] = [];
  const batches = createBatches<number>((items) => {
    if (failing) return Promise.reject(new Error('refused'));
    written.push(...items);
    return Promise.resolve();
  });
  await expect(batches.add([1])).rejects.toThrow('refused');
  failing = false;
  await batches.add([2]);
  expect(written).toEqual([2]);
});
