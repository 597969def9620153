/** Every Chinese string of the assistant. Liquid templates, plain text. Same keys as `en.ts`. */
export const zh: Record<string, string> = {};
