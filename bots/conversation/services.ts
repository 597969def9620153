import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import type { Search } from '../../core/catalogue/search.ts';
import type { Sentiment } from '../../core/language/sentiment.ts';
import type { Understanding } from '../../core/language/understanding.ts';
import type { ChannelName } from '../../core/learner/learner.ts';
import type { Recommender } from '../../core/recommend/recommender.ts';
import type { Database } from '../../prisma/connect.ts';

/** What a conversation works with; wired by app/. */
export interface Services {
  db: Database;
  catalogue: Catalogue;
  /** The search of the current catalogue. */
  search(): Search;
  /** The champion, or undefined while no model is trained yet. */
  recommender(): Recommender | undefined;
  understanding: Understanding;
  sentiment: Sentiment;
  /** For courses that name no currency (ISO 4217). */
  currency: string;
  /** Courses in one answer. */
  slate: number;
  /** Zone of learners whose own is not known. */
  timeZone: string;
  /** Where a channel lets people download their own data, such as `{ web: '/api/export' }`. */
  downloads: Partial<Record<ChannelName, string>>;
  /** Takes the cause of a failed turn: never holds what the person said or who they are. */
  log(line: string): void;
}
