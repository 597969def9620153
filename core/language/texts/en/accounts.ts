/** Linking accounts, arriving by a link, asking a person, in English. */
export const accounts: Record<string, string> = {};
