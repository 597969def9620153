import { expect, test } from 'vitest';
import { currencyDigits, parseMoney } from '../../../core/numerics/money.ts';

test.each([
  ['199', 'CNY', 19900],
  ['19.9', 'CNY', 1990],
  ['1.005', 'CNY', 101],
  ['0.29', 'USD', 29],
  ['1,299.00', 'CNY', 129900],
  ['12,50', 'EUR', 1250],
  ['¥ 99', 'CNY', 9900],
  ['99元', 'CNY', 9900],
  ['1500', 'JPY', 1500],
  ['1500.5', 'JPY', 1501],
  ['1.234', 'KWD', 1234],
  ['免费', 'CNY', 0],
  ['Free', 'CNY', 0],
])('%s in %s', (text, currency, minor) => expect(parseMoney(text, currency)).toEqual({ minor }));

test('a code in the text wins over the currency of the file', () => {
  expect(parseMoney('JPY 1500', 'CNY')).toEqual({ minor: 1500, currency: 'JPY' });
  expect(parseMoney('19.90 USD', 'CNY')).toEqual({ minor: 1990, currency: 'USD' });
});

test.each(['', '-5', 'ask', '1.2.3', '1,2,3', '99999999999', 'NaN'])('%s is no amount', (text) =>
  expect(parseMoney(text, 'CNY')).toBeUndefined(),
);

test('digits of a currency are those of ISO 4217', () => {
  expect(['CNY', 'JPY', 'KWD'].map(currencyDigits)).toEqual([2, 0, 3]);
});
