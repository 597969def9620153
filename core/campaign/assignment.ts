import { hash } from 'node:crypto';

export type Arm = 'treatment' | 'holdout';

/**
 * The arm of a learner in a campaign: the same on every machine and at every call, and independent
 * between campaigns. Not drawn: the first 48 bits of SHA-256(salt, learner) as a fraction fall below
 * `holdout` or not. A larger holdout keeps everybody who was in a smaller one.
 *
 * @param salt the campaign's name.
 * @param holdout share held out, in [0, 1].
 */
export function armOf(salt: string, learnerId: string, holdout: number): Arm {
  const digest = hash('sha256', `${salt.length}:${salt}${learnerId}`);
  return parseInt(digest.slice(0, 12), 16) / 2 ** 48 < holdout ? 'holdout' : 'treatment';
}

/** A seed of 32 bits for these words: the same chance for the same words. */
export function seedOf(...words: readonly string[]): number {
  return parseInt(hash('sha256', words.map((word) => `${word.length}:${word}`).join('')).slice(0, 8), 16);
}
