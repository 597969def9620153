/** Crockford's base 32: no I, L, O or U, so that a code can be read aloud and typed from paper. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = [4, 4, 5] as const;
const LENGTH = GROUPS.reduce((sum, size) => sum + size, 0);

/** Random bytes that one code takes. */
export const CODE_BYTES = LENGTH;

/**
 * A code of 13 characters in groups, `7K2M-9QXA-4T0ZB`: 65 bits of chance.
 *
 * @param bytes `CODE_BYTES` from a cryptographic source; the low five bits of each are used.
 */
export function codeFrom(bytes: Uint8Array): string {
  if (bytes.length !== CODE_BYTES) throw new RangeError(`A code takes ${CODE_BYTES} random bytes`);
  return grouped(Array.from(bytes, (byte) => ALPHABET[byte & 31]!).join(''));
}

/**
 * A code as typed by a person, in the form that is stored: case, spaces and hyphens do not count,
 * and O is read as 0, I and L as 1.
 *
 * @returns undefined for what can be no code.
 */
export function normaliseCode(typed: string): string | undefined {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (plain.length !== LENGTH || !/^[0-9A-HJKMNP-TV-Z]+$/.test(plain)) return undefined;
  return grouped(plain);
}

function grouped(plain: string): string {
  let from = 0;
  return GROUPS.map((size) => plain.slice(from, (from += size))).join('-');
}
