/** Paying on a platform, in English. */
export const payment: Record<string, string> = {};
