import { hash } from 'node:crypto';

/**
 * The idempotency key of a fact: the same parts give the same key everywhere, always.
 * Parts are length-prefixed, so that ('ab', 'c') and ('a', 'bc') differ.
 *
 * @returns a UUID (version 8: the first 122 bits of SHA-256).
 */
export function eventKey(...parts: string[]): string {
  const digest = hash('sha256', parts.map((part) => `${part.length}:${part}`).join(''));
  const variant = ((parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
