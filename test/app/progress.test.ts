import { expect, test } from 'vitest';
import { terminalProgress } from '../../app/progress.ts';

function shown(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const progress = terminalProgress(
    { isTTY, write: (text: string | Uint8Array) => (written.push(String(text)), true) },
    () => time,
  );
  return {
    written,
    at: (seconds: number, what: string, share: number) => {
      time = seconds * 1000;
      progress(what, share);
      return written.at(-1)?.trim();
    },
  };
}

test('what is left is estimated from what is done, over all names that the work goes by', () => {
  const { at } = shown(false);
  at(0, 'reading', 0);
  expect(at(4, 'reading', 0.1)).toBe('reading … 10 %');
  expect(at(10, 'reading', 0.1)).toBe('reading … 10 %, about 2 min left');
  at(40, 'learning', 0.5);
  expect(at(50, 'learning', 0.5)).toBe('learning … 50 %, about 50 s left');
  expect(at(97, 'learning', 0.99)).toBe('learning … 99 %, about 5 s left');
  expect(at(100, 'learning', 1)).toBe('learning … 100 %');
});

test('other work begins its own estimate', () => {
  const { at } = shown(false);
  at(0, 'reading', 0);
  at(100, 'reading', 1);
  at(100, 'writing', 0);
  expect(at(102, 'writing', 0.5)).toBe('writing … 50 %');
  expect(at(106, 'writing', 0.5)).toBe('writing … 50 %, about 10 s left');
});

test('a log shows work whose names change faster than it shows', () => {
  const { at, written } = shown(false);
  at(0, 'one', 0);
  for (let second = 1; second <= 5; second++) at(second, second % 2 ? 'one' : 'other', second / 10);
  expect(written).toEqual(['other … 20 %\n', 'other … 40 %\n']);
});

test('a terminal has one line that is rewritten', () => {
  const { at, written } = shown(true);
  at(1, 'reading', 0.5);
  at(2, 'reading', 1);
  expect(written).toEqual(['\rreading … 50 %\u001b[K', '\rreading … 100 %\u001b[K\n']);
});
