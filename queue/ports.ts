import type { Language, Reply } from '../core/language/reply.ts';
import type { Address, ChannelName } from '../core/learner/learner.ts';

/** The platform's answer to one sending. */
export type Delivery =
  | { ok: true; platformId: string }
  | { ok: false; kind: 'unreachable' }
  /** `everywhere`: the platform wants nothing more from us at all, not only in this chat. */
  | { ok: false; kind: 'rate-limited'; retryAfterMs: number; everywhere?: boolean }
  | { ok: false; kind: 'temporary'; cause: string }
  | { ok: false; kind: 'permanent'; cause: string };

/** A place in a community: a group or server, and the topic or channel in it. */
export interface Place {
  chat: string;
  thread?: string;
}

/** A way to reach people; implemented in bots/, called by the deliver job. */
export interface Channel {
  readonly name: ChannelName;
  /**
   * True when sending the same `messageId` twice reaches the person once. Others are sent one after
   * the other, so that a crash leaves one message of which nobody knows whether it arrived.
   */
  readonly repeatable?: boolean;
  /**
   * Sends one message. `messageId` is the outbox row's: sending the same id twice must reach the
   * person once where the platform allows it.
   *
   * @param further resolves when another message may go to this chat; to be awaited before each one
   *   after the first, when one reply becomes several messages.
   */
  send(
    address: Address,
    reply: Reply,
    language: Language,
    messageId: string,
    further?: () => Promise<void>,
  ): Promise<Delivery>;
  /** Sends one post to a community, under the same rules; left out by channels without communities. */
  post?(
    place: Place,
    reply: Reply,
    language: Language,
    messageId: string,
    further?: () => Promise<void>,
  ): Promise<Delivery>;
  /** Gives a learner what their communities give for a completed course (a role); may be called again. */
  reward?(address: Address): Promise<void>;
}

/** Shared rate limits. */
export interface Pacer {
  /**
   * Waits until a message may go to this chat, and keeps the chat for it until `leave`.
   *
   * @returns `waitMs` instead when that is too long to stand by for.
   */
  enter(
    channel: ChannelName,
    chat: string,
    options: { to: 'person' | 'community'; signal?: AbortSignal | undefined },
  ): Promise<Slot | { waitMs: number }>;
}

/** A message's turn in its chat. */
export interface Slot {
  /**
   * Waits until the platform as a whole takes one more message; to be called right before it goes.
   *
   * @returns 0, or the milliseconds to wait when that is too long to stand by for.
   */
  ready(): Promise<number>;
  /**
   * The platform told us to wait: for so long nobody sends to this chat or, `everywhere`, at all.
   *
   * @returns milliseconds after which this message has the first pass; those that come later wait longer.
   */
  holdBack(ms: number, everywhere: boolean): Promise<number>;
  /** Waits until another message to the same chat may go out. */
  further(): Promise<void>;
  leave(): void;
}
