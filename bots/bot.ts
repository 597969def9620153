/** What app/ starts for each platform whose token is set. */

import type { Catalogue } from '../core/catalogue/catalogue.ts';
import type { Search } from '../core/catalogue/search.ts';
import type { Database } from '../prisma/connect.ts';
import type { Cashier } from './conversation/cashier.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { OpenLinks } from './conversation/deep-link.ts';
import type { Services } from './conversation/services.ts';

/** Receives what people do on a platform, and answers; sending to them first is `Channel`. */
export interface Bot {
  /**
   * Logs in and begins to receive.
   *
   * @throws BotError for what the operator can mend: a wrong token, a webhook that is refused.
   */
  start(): Promise<void>;
  /** What people know it as, such as '@coursebell_bot'; undefined while it is not connected. */
  connectedAs?: () => string | undefined;
  /** Takes nothing more, finishes what is under way. */
  close(): Promise<void>;
}

/** Something that the operator can mend; the message says how. */
export class BotError extends Error {}

/** One line of `coursebell doctor`. */
export interface Finding {
  /** What was looked at: 'Telegram token'. */
  what: string;
  state: 'ok' | 'warning' | 'wrong' | 'off';
  /** What was found. */
  found: string;
  /** What to do about it; given unless all is well. */
  fix?: string;
}

/** What a platform's adapter works with; wired by app/. */
export interface BotServices {
  db: Database;
  conversation: Conversation;
  catalogue: Catalogue;
  /** The search of the current catalogue. */
  search(): Search;
  /** The adapter says here how its chats are entered, once it knows. */
  links: OpenLinks;
  /** An adapter with a way of paying of its own puts it here, and hands what comes of it to the cashier. */
  payments: Services['payments'];
  cashier: Cashier;
  /** The champion, or undefined while no model is trained yet. */
  recommender: Services['recommender'];
  /** For courses that name no currency (ISO 4217). */
  currency: string;
  /** Takes one line without learner data. */
  log: (line: string) => void;
}
