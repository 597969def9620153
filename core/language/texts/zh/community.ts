/** What managers see and what stands in a community, in Chinese. */
export const community: Record<string, string> = {};
