import type { Language, Reply } from '../core/language/reply.ts';
import type { Address, ChannelName } from '../core/learner/learner.ts';

/** The platform's answer to one sending. */
export type Delivery =
  | { ok: true; platformId: string }
  | { ok: false; kind: 'unreachable' }
  | { ok: false; kind: 'rate-limited'; retryAfterMs: number }
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
   */
  send(address: Address, reply: Reply, language: Language, messageId: string): Promise<Delivery>;
  /** Sends one post to a community, under the same rules; left out by channels without communities. */
  post?(place: Place, reply: Reply, language: Language, messageId: string): Promise<Delivery>;
  /** Gives a learner what their communities give for a completed course (a role); may be called again. */
  reward?(address: Address): Promise<void>;
}

/** Shared rate limits: resolves when a message to this chat may go out now. */
export interface Pacer {
  take(channel: ChannelName, chat: string, signal?: AbortSignal): Promise<void>;
}
