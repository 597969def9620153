import type { Course } from '../catalogue/course.ts';
import { currencyDigits, STARS } from '../numerics/money.ts';

/** What takes the money: nothing, in the sandbox and where nothing is left to pay; Telegram Stars; a payment provider within Telegram. */
export type Provider = 'sandbox' | 'stars' | 'telegram';

/** How a platform sells: what is digital for Stars alone, what is physical or live in its own currency, where that can be paid. */
export interface Tariff {
  /** Stars for one unit (not minor unit) of a course's currency, where the course names no price in Stars. */
  starsPerUnit: number | undefined;
  /** Whether a payment provider is connected. */
  ownCurrency: boolean;
}

export interface Quote {
  listMinor: number;
  discountMinor: number;
  paidMinor: number;
  /** ISO 4217, or XTR. */
  currency: string;
  provider: Provider;
}

type Priced = Pick<Course, 'priceMinor' | 'currency'> & Partial<Pick<Course, 'attributes'>>;

/**
 * What a course costs, with a coupon or without.
 *
 * @param currency for a course that names none.
 * @param tariff of the platform that takes the money; none is the sandbox.
 * @returns undefined when the course has no price there.
 */
export function quote(
  course: Priced,
  coupon: { percent: number } | undefined,
  currency: string,
  tariff?: Tariff,
): Quote | undefined {
  const list = tariff ? listPrice(course, currency, tariff) : ownPrice(course, currency);
  if (!list) return undefined;
  const percent = coupon?.percent ?? 0;
  // A platform takes no invoice of nothing: less than the whole price off leaves something to pay.
  const least = tariff && list.minor > 0 && percent < 100 ? 1 : 0;
  const paidMinor = Math.max(least, discounted(list.minor, percent));
  return {
    listMinor: list.minor,
    discountMinor: list.minor - paidMinor,
    paidMinor,
    currency: list.currency,
    provider: !tariff || paidMinor === 0 ? 'sandbox' : list.currency === STARS ? 'stars' : 'telegram',
  };
}

/** The price that is left after `percent` off, in minor units, half a unit rounded up. */
export function discounted(minor: number, percent: number): number {
  return Math.floor((minor * (100 - percent) + 50) / 100);
}

/** Whether the catalogue marks a course as something that is sent or held live, not a digital good. */
export function isPhysicalOrLive({ attributes }: Partial<Pick<Course, 'attributes'>>): boolean {
  return /^(?:physical|live)$/i.test(attributes?.['delivery']?.trim() ?? '');
}

interface Price {
  minor: number;
  currency: string;
}

function listPrice(course: Priced, currency: string, { starsPerUnit, ownCurrency }: Tariff): Price | undefined {
  if (!isPhysicalOrLive(course)) return starsPrice(course, currency, starsPerUnit);
  const price = ownPrice(course, currency);
  return price && (price.minor === 0 || (ownCurrency && price.currency !== STARS)) ? price : undefined;
}

function ownPrice({ priceMinor, currency: own }: Priced, currency: string): Price | undefined {
  return priceMinor === null ? undefined : { minor: priceMinor, currency: own ?? currency };
}

/** The catalogue's own `price_stars`, else the price at the installation's rate, rounded up to whole Stars. */
function starsPrice(course: Priced, currency: string, starsPerUnit: number | undefined): Price | undefined {
  const given = course.attributes?.['price_stars']?.trim() ?? '';
  if (/^\d{1,9}$/.test(given)) return { minor: Number(given), currency: STARS };
  const price = ownPrice(course, currency);
  if (!price || price.minor === 0 || price.currency === STARS) return price && { ...price, currency: STARS };
  if (starsPerUnit === undefined) return undefined;
  const stars = (price.minor * starsPerUnit) / 10 ** currencyDigits(price.currency);
  // 30 units at 1.1 make 33 Stars, not the 34 to which the error of the float would round up.
  return { minor: Math.ceil(Number(stars.toFixed(6))), currency: STARS };
}
