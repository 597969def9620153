import { expect, test } from 'vitest';
import { parseInstant } from '../../../core/numerics/instant.ts';

const read = (text: string, zone = 'UTC', year = false) => parseInstant(text, { zone, year })?.toISOString();

test.each([
  ['2019-07-01T10:11:12Z', '2019-07-01T10:11:12.000Z'],
  ['2019-07-01T10:11:12+08:00', '2019-07-01T02:11:12.000Z'],
  ['2019-07-01 10:11:12', '2019-07-01T10:11:12.000Z'],
  ['2019-07-01 10:11:12.5', '2019-07-01T10:11:12.500Z'],
  ['2019-07-01 10:11', '2019-07-01T10:11:00.000Z'],
  ['2019-07-01', '2019-07-01T00:00:00.000Z'],
  ['2019/7/1 9:05', '2019-07-01T09:05:00.000Z'],
  ['20190701', '2019-07-01T00:00:00.000Z'],
  ['1561975872', '2019-07-01T10:11:12.000Z'],
  ['1561975872.25', '2019-07-01T10:11:12.250Z'],
  ['1561975872345', '2019-07-01T10:11:12.345Z'],
  ['2018', '1970-01-01T00:33:38.000Z'],
])('%s', (text, instant) => expect(read(text)).toBe(instant));

test('a zone is taken for times without one, and for those only', () => {
  expect(read('2019-07-01 10:11:12', 'Asia/Shanghai')).toBe('2019-07-01T02:11:12.000Z');
  expect(read('2019-01-01', 'America/New_York')).toBe('2019-01-01T05:00:00.000Z');
  expect(read('2019-07-01T10:11:12Z', 'Asia/Shanghai')).toBe('2019-07-01T10:11:12.000Z');
  expect(read('2019-07-01T10:11:12-02:00', 'Asia/Shanghai')).toBe('2019-07-01T12:11:12.000Z');
  expect(read('1561975872', 'Asia/Shanghai')).toBe('2019-07-01T10:11:12.000Z');
});

test('a bare year is its first instant where years are allowed', () => {
  expect(read('2018', 'UTC', true)).toBe('2018-01-01T00:00:00.000Z');
  expect(read('2018', 'Asia/Shanghai', true)).toBe('2017-12-31T16:00:00.000Z');
});

test.each([
  '',
  'yesterday',
  '2019-02-30',
  '2019-13-01',
  '2019-07-01 25:00:00',
  '2019-07-01 10:60',
  '12/31/2019',
  '123456789012345678',
])('%s is no time', (text) => expect(read(text)).toBeUndefined());
