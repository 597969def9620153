/** Paying on a platform, in Chinese. */
export const payment: Record<string, string> = {};
