import { describe, expect, test } from 'vitest';
import { worthOf } from '../../../core/campaign/checkout.ts';
import { isPhysicalOrLive, quote, type Tariff } from '../../../core/campaign/price.ts';
import { currencyDigits } from '../../../core/numerics/money.ts';

const cny = (priceMinor: number | null, attributes: Record<string, string> = {}) => ({
  priceMinor,
  currency: 'CNY',
  attributes,
});
const at = (starsPerUnit: number | undefined, ownCurrency = false): Tariff => ({ starsPerUnit, ownCurrency });
const stars = (course: Parameters<typeof quote>[0], percent?: number, tariff = at(3)) => {
  const price = quote(course, percent === undefined ? undefined : { percent }, 'CNY', tariff);
  return price && [price.listMinor, price.discountMinor, price.paidMinor, price.currency, price.provider];
};

describe('prices on Telegram', () => {
  test('digital courses cost the Stars of their column, whatever their price', () => {
    expect(stars(cny(19_900, { price_stars: '120' }))).toEqual([120, 0, 120, 'XTR', 'stars']);
    expect(stars(cny(null, { price_stars: ' 7 ' }), undefined, at(undefined))).toEqual([7, 0, 7, 'XTR', 'stars']);
  });

  test('without the column the rate is applied and rounded up to whole Stars', () => {
    // 199 CNY × 3; 19.99 × 3 = 59.97; 0.01 × 3 = 0.03; 30 × 1.1 = 33, which floats make 33.00000000000001.
    expect(stars(cny(19_900))).toEqual([597, 0, 597, 'XTR', 'stars']);
    expect(stars(cny(1_999))).toEqual([60, 0, 60, 'XTR', 'stars']);
    expect(stars(cny(1))).toEqual([1, 0, 1, 'XTR', 'stars']);
    expect(stars(cny(3_000), undefined, at(1.1))).toEqual([33, 0, 33, 'XTR', 'stars']);
    expect(stars({ priceMinor: 500, currency: 'JPY', attributes: {} }, undefined, at(0.13))).toEqual([
      65,
      0,
      65,
      'XTR',
      'stars',
    ]);
  });

  test('a column that is no whole number counts as missing; without a rate there is then no price', () => {
    expect(stars(cny(1_000, { price_stars: '12.5' }))).toEqual([30, 0, 30, 'XTR', 'stars']);
    expect(stars(cny(1_000, { price_stars: '-3' }), undefined, at(undefined))).toBeUndefined();
    expect(stars(cny(null))).toBeUndefined();
  });

  test('a discount is rounded half up to whole Stars, and leaves at least one', () => {
    // 80 % of 597 = 477.6; 50 % of 5 = 2.5; 1 % of 10 = 0.1.
    expect(stars(cny(19_900), 20)).toEqual([597, 119, 478, 'XTR', 'stars']);
    expect(stars(cny(null, { price_stars: '5' }), 50)).toEqual([5, 2, 3, 'XTR', 'stars']);
    expect(stars(cny(null, { price_stars: '10' }), 99)).toEqual([10, 9, 1, 'XTR', 'stars']);
  });

  test('where nothing is left to pay nothing takes money', () => {
    expect(stars(cny(19_900), 100)).toEqual([597, 597, 0, 'XTR', 'sandbox']);
    expect(stars(cny(0), undefined, at(undefined))).toEqual([0, 0, 0, 'XTR', 'sandbox']);
    expect(stars(cny(19_900, { price_stars: '0' }))).toEqual([0, 0, 0, 'XTR', 'sandbox']);
  });

  test('what is physical or live is sold in its own currency where a provider is connected, and never for Stars', () => {
    const workshop = cny(19_900, { delivery: 'Live', price_stars: '120' });
    expect(stars(workshop, 20, at(3, true))).toEqual([19_900, 3_980, 15_920, 'CNY', 'telegram']);
    expect(stars(workshop)).toBeUndefined();
    expect(stars(cny(0, { delivery: 'physical' }))).toEqual([0, 0, 0, 'CNY', 'sandbox']);
    expect(stars(cny(1, { delivery: 'physical' }), 99, at(3, true))).toEqual([1, 0, 1, 'CNY', 'telegram']);
    expect(
      [{ delivery: 'download' }, { delivery: 'liver' }, {}].map((attributes) => isPhysicalOrLive({ attributes })),
    ).toEqual([false, false, false]);
  });

  test('the sandbox knows no Stars', () => {
    expect(quote(cny(19_900, { price_stars: '120' }), { percent: 20 }, 'CNY')).toEqual({
      listMinor: 19_900,
      discountMinor: 3_980,
      paidMinor: 15_920,
      currency: 'CNY',
      provider: 'sandbox',
    });
  });

  test('Stars have no smaller unit', () => {
    expect([currencyDigits('XTR'), currencyDigits('CNY')]).toEqual([0, 2]);
  });

  test('behaviour counts an order in the currency of its course', () => {
    const order = { listMinor: 597, paidMinor: 478, currency: 'XTR' };
    // 19,900 × 478 / 597 = 15,933.33…
    expect(worthOf(order, cny(19_900))).toBe(15_933);
    expect(worthOf(order, cny(null))).toBeNull();
    expect(worthOf(order, undefined)).toBeNull();
    expect(worthOf({ ...order, paidMinor: 0 }, cny(null))).toBe(0);
    expect(worthOf({ listMinor: 9_900, paidMinor: 7_920, currency: 'CNY' }, cny(19_900))).toBe(7_920);
  });
});
