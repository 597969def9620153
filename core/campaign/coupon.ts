/** Codes of coupons are codes for people like any other. */
export { CODE_BYTES, codeFrom, normaliseCode } from '../numerics/code.ts';
