import Table from 'cli-table3';
import { currencyDigits } from '../core/numerics/money.ts';

export type Alignment = 'left' | 'right';

/** A table as text; unless said otherwise the first column stands to the left and the others, numbers, to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  alignments: readonly Alignment[] = head.map((_, column) => (column === 0 ? 'left' : 'right')),
): string {
  // No colours: the output is piped as often as it is read.
  const style = { head: [], border: [], compact: true };
  const made = new Table({ head: [...head], colAligns: [...alignments], style });
  made.push(...rows.map((row) => [...row]));
  return made.toString();
}

/** An amount of money, its code behind it. @param minor in minor units of the currency. */
export function amount(minor: number, currency: string): string {
  const digits = currencyDigits(currency);
  return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`;
}

/** An instant in UTC, to the minute. */
export function minute(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
