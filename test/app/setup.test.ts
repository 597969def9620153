import { expect, test } from 'vitest';
import { setUpAlone } from '../../app/setup.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();
const { signal } = new AbortController();

test('of two that set one database up, the second begins when the first has ended', async () => {
  const steps: string[] = [];
  let mayEnd = () => {};
  const end = new Promise<void>((resolve) => (mayEnd = resolve));
  let hasEntered = () => {};
  const entered = new Promise<void>((resolve) => (hasEntered = resolve));
  const first = setUpAlone(db, { signal, print: () => {} }, async () => {
    hasEntered();
    await end;
    steps.push('first');
  });
  await entered;
  const second = setUpAlone(db, { signal, print: mayEnd }, () => Promise.resolve(steps.push('second')));
  await Promise.all([first, second]);
  expect(steps).toEqual(['first', 'second']);
});

test('one that failed does not keep the others out, and one told to stop waits no more', async () => {
  const failed = setUpAlone(db, { signal, print: () => {} }, () => Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
  const stopping = new AbortController();
  await setUpAlone(db, { signal, print: () => {} }, async () => {
    const waiting = setUpAlone(db, { signal: stopping.signal, print: () => stopping.abort() }, () => Promise.resolve());
    await expect(waiting).rejects.toThrow();
  });
});
