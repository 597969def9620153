import { expect, test } from 'vitest';
import { errorText } from '../../../core/numerics/error-text.ts';

test('tells kind, code and place, and the message of plain errors only', () => {
  const system = Object.assign(new Error('connect ECONNREFUSED /socket'), { code: 'ECONNREFUSED' });
  expect(errorText(system)).toMatch(/^Error ECONNREFUSED: connect ECONNREFUSED \/socket\n {4}at .*error-text\.test/);
  const parsed = errorText(catching(() => JSON.parse('{"name": Mei}')));
  expect(parsed).toMatch(/^SyntaxError\n/);
  expect(parsed).not.toContain('Mei');
  expect(errorText('Mei')).toBe('string');
});

test('leaves out what a database says of its rows', () => {
  const text = errorText(Object.assign(new Error('invalid input syntax: "Mei"'), { name: 'error', code: '22P02' }));
  expect(text).toMatch(/^error 22P02\n/);
  expect(text.split('\n').length).toBeLessThanOrEqual(9);
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
