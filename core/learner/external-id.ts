/** Characters of an id by which a seller knows a learner; longer ones are refused everywhere. */
export const LONGEST_EXTERNAL_ID = 200;

/**
 * Whether a database keeps a text and finds it again: no NUL, which PostgreSQL refuses, and no half
 * of a surrogate pair, which UTF-8 can not hold. Asked of ids that come from outside.
 */
export function isKeepable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}
