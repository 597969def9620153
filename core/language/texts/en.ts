/** Every English string of the assistant. Liquid templates, plain text. Same keys as `zh.ts`. */
export const en: Record<string, string> = {};
