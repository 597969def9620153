/** Linking accounts, arriving by a link, asking a person, in Chinese. */
export const accounts: Record<string, string> = {};
