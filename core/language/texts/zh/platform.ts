/** Commands and what the platforms show around a conversation, in Chinese. */
export const platform: Record<string, string> = {};
