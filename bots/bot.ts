/** What app/ starts for each platform whose token is set. */

/** Receives what people do on a platform, and answers; sending to them first is `Channel`. */
export interface Bot {
  /**
   * Logs in and begins to receive.
   *
   * @throws BotError for what the operator can mend: a wrong token, a webhook that is refused.
   */
  start(): Promise<void>;
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
