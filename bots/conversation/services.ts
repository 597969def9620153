import type { Catalogue } from '../../core/catalogue/catalogue.ts';
import type { Search } from '../../core/catalogue/search.ts';
import type { Sentiment } from '../../core/language/sentiment.ts';
import type { Understanding } from '../../core/language/understanding.ts';
import type { ChannelName } from '../../core/learner/learner.ts';
import type { Recommender } from '../../core/recommend/recommender.ts';
import type { Database } from '../../prisma/connect.ts';

/** A way of paying that a channel has of its own, and that replaces the sandbox there. */
export interface Payments {
  /** Gives the money of an order back. @throws when the platform refuses or can not be reached: nothing is given back. */
  refund(charge: { chargeId: string; chat: string; provider: string }): Promise<void>;
  /** Stars for one unit (not minor unit) of a course's currency, where the course names no price in Stars. */
  starsPerUnit: number | undefined;
  /** Whether courses marked as physical or live can be paid here in their own currency. */
  ownCurrency: boolean;
}

/** Addresses by which a channel is entered, each carrying a payload (see `deep-link.ts`). */
export interface Links {
  /** @returns undefined while the channel is not connected, or has no such addresses. */
  to(channel: ChannelName, payload: string): string | undefined;
}

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
  links: Links;
  payments: Partial<Record<ChannelName, Payments>>;
  /** What an invitation is worth to both, and for how many days; 0 percent: there are no invitations. */
  referral: { percent: number; days: number };
  /** Takes the cause of a failed turn: never holds what the person said or who they are. */
  log(line: string): void;
}
