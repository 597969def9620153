import { createHmac } from 'node:crypto';

/** Bytes of the key that erased ids are hashed with. */
export const ERASURE_KEY_BYTES = 32;

/**
 * What stays of an erased person: HMAC-SHA256 (RFC 2104, FIPS 180-4) of the external id, 32 bytes.
 * It lets a repeated import recognise the id; without the key nobody can test guesses against it.
 */
export function hashExternalId(key: Uint8Array, externalId: string): Buffer {
  return createHmac('sha256', key).update(externalId, 'utf8').digest();
}
