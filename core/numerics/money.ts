const LARGEST = 2 ** 31 - 1;

/** Code under which Telegram counts its Stars; they have no smaller unit. */
export const STARS = 'XTR';

/** Digits after the point of a currency's amounts: 2 for CNY, 0 for JPY (ISO 4217, as `Intl` knows it) and for Stars. */
export function currencyDigits(currency: string): number {
  if (currency === STARS) return 0;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** Whether a text is an ISO 4217 code that `Intl` accepts. */
export function isCurrency(code: string): boolean {
  return /^[A-Z]{3}$/.test(code);
}

/**
 * Reads an amount of money, such as `199`, `1,299.00`, `¥99`, `USD 19.9`, `99元`, `12,50`, `free`, `免费`.
 *
 * @returns minor units of the currency, rounded half up, and the code where the text names one;
 *   undefined for what is no amount, is negative, or is too large to store.
 */
export function parseMoney(text: string, currency: string): { minor: number; currency?: string } | undefined {
  if (/^(free|免费|免費)$/i.test(text)) return { minor: 0 };
  const code = /(?<![A-Za-z])[A-Z]{3}(?![A-Za-z])/.exec(text)?.[0];
  const number = text
    .replace(code ?? '', '')
    .replaceAll(/[\p{Sc}\s元圆圓]/gu, '')
    .replace(/^(\d+),(\d{1,2})$/, '$1.$2');
  if (!/^(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/.test(number)) return undefined;
  const [whole, fraction = ''] = number.replaceAll(',', '').split('.');
  const digits = currencyDigits(code ?? currency);
  // Decimal digits, not a float times 100: 1.005 must not become 100.
  const kept = Number(`${whole}${fraction.padEnd(digits, '0').slice(0, digits)}`);
  const minor = kept + ((fraction[digits] ?? '0') >= '5' ? 1 : 0);
  return minor > LARGEST ? undefined : { minor, ...(code && { currency: code }) };
}
