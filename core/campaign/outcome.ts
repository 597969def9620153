/** What can come back on a message. */
export const outcomes = [
  'pressed',
  'bought',
  'replied',
  'rated',
  'dismissed',
  'opted-out',
  'blocked',
  'silent',
] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * Whether `next` is kept as a message's outcome after `earlier`: the first wins, but a purchase
 * replaces whatever came before it, and any answer replaces silence, which it proves wrong.
 */
export function replaces(next: Outcome, earlier: Outcome | null): boolean {
  if (earlier === null) return true;
  if (earlier === 'bought') return false;
  return next === 'bought' || (earlier === 'silent' && next !== 'silent');
}
