export { impressionEvents } from './impressions.ts';
export type { Recommender, Request, SimilarOptions, Slate, SlateItem, Source } from './slate.ts';
