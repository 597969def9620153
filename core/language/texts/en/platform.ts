/** Commands and what the platforms show around a conversation, in English. */
export const platform: Record<string, string> = {};
