/** What managers see and what stands in a community, in English. */
export const community: Record<string, string> = {};
