import { setTimeout } from 'node:timers/promises';
import { judge, type Limits } from '../../core/campaign/capping.ts';
import type { Language } from '../../core/language/reply.ts';
import type { Address, ChannelName } from '../../core/learner/learner.ts';
import { errorText } from '../../core/numerics/error-text.ts';
import type { Database } from '../../prisma/connect.ts';
import { PATIENCE_MS } from '../pacing/pacing.ts';
import type { Channel, Delivery, Pacer, Place, Slot } from '../ports.ts';
import { createLine, noLine, type Line } from './line.ts';
import { resultOf } from './result.ts';
import { claim, conclude, deciding, type Outgoing, type Result } from './store.ts';

export interface SendOptions {
  db: Database;
  pacer: Pacer;
  limits: Limits;
  clock: () => Date;
  /** Stops waiting for a rate limit, when the worker closes. */
  signal?: AbortSignal | undefined;
  /** Called with what goes out, before its row says that it did: what it does must bear being done twice. */
  onSent: (messageId: string, message: Outgoing, channel: ChannelName) => Promise<void>;
}

/** One place where a message may go. */
export type Way =
  | { to: 'person'; channel: Channel; address: Address }
  | { to: 'community'; channel: Channel & { post: NonNullable<Channel['post']> }; place: Place };

/** What came of trying one way. */
export type Tried =
  | { status: Exclude<Result['status'], 'sending'> | 'settled' }
  /** The platform can not reach it any more. */
  | { status: 'unreachable'; message: Outgoing }
  /** It is not the learner's any more, or was found not to work, or they take no such messages there. */
  | { status: 'skipped' };

type Step = Tried | { status: 'held'; waitMs: number };

/** Language of people and communities that never chose one. */
const DEFAULT_LANGUAGE: Language = 'zh';

/** So long what was decided about a message holds while it waits for its turn. */
const FRESH_MS = 500;

/** Makes what sends one message one way, at the platform's pace, and writes what became of it. */
export function createSend({ db, pacer, limits, clock, signal, onSent }: SendOptions) {
  const lines = new Map<ChannelName, Line>();

  return async function send(messageId: string, way: Way): Promise<Tried> {
    const { channel } = way;
    const chat = way.to === 'person' ? way.address.chat : way.place.chat;
    const slot = await pacer.enter(channel.name, chat, { to: way.to, signal });
    if ('waitMs' in slot) return later(messageId, slot.waitMs);
    try {
      for (;;) {
        const line = lineOf(channel);
        const step = await line.ready(() => once(messageId, way, slot, line));
        if (step.status !== 'held') return step;
        // The chat stays ours meanwhile: what comes later does not overtake.
        await setTimeout(step.waitMs, undefined, { ...(signal && { signal }) });
      }
    } finally {
      slot.leave();
    }
  };

  async function once(messageId: string, way: Way, slot: Slot, line: Line): Promise<Step> {
    const address = way.to === 'person' ? way.address : undefined;
    const message = await begin(messageId, address);
    if ('status' in message) return message;
    const begunAt = performance.now();
    return line.alone(async () => {
      const waitMs = await slot.ready();
      if (waitMs > 0) return later(messageId, waitMs);
      // The one before may have taken long: what its learner allows is asked again.
      const fresh = performance.now() - begunAt < FRESH_MS ? message : await begin(messageId, address);
      return 'status' in fresh ? fresh : settle(messageId, way, fresh, slot);
    });
  }

  /** Sends, and writes what became of it. */
  async function settle(messageId: string, way: Way, message: Outgoing, slot: Slot): Promise<Step> {
    const delivery = await handOver(messageId, way, message, slot);
    if (!delivery.ok && delivery.kind === 'unreachable') return { status: 'unreachable', message };
    let answer = delivery;
    if (!delivery.ok && delivery.kind === 'rate-limited') {
      const heldMs = await slot.holdBack(delivery.retryAfterMs, delivery.everywhere ?? false);
      if (heldMs <= PATIENCE_MS && clock().getTime() + heldMs < message.expiresAt.getTime())
        return { status: 'held', waitMs: heldMs };
      answer = { ...delivery, retryAfterMs: heldMs };
    }
    const result = resultOf(answer, message, way.channel.name, clock());
    if (result.status === 'sent') await onSent(messageId, message, way.channel.name);
    await conclude(db.pool, messageId, result, clock());
    return { status: result.status };
  }

  /** Decides and, when it may go, marks the message as being sent, all in the learner's turn. */
  function begin(messageId: string, address: Address | undefined): Promise<Outgoing | Tried> {
    return deciding(db, async (client) => {
      const now = clock();
      const claimed = await claim(client, messageId, address, now, limits.defaultTimeZone);
      if (!claimed) return { status: 'settled' };
      if (!claimed.reachable) return { status: 'skipped' };
      const verdict = judge(claimed.moment, limits);
      // They may take it elsewhere; where they take it nowhere is decided when every place was tried.
      if (verdict.do === 'end' && verdict.reason === 'no-consent') return { status: 'skipped' };
      const result: Result =
        verdict.do === 'send'
          ? { status: 'sending' }
          : verdict.do === 'defer'
            ? { status: 'pending', notBefore: verdict.until, reason: verdict.reason }
            : { status: verdict.status, reason: verdict.reason };
      await conclude(client, messageId, result, now);
      return result.status === 'sending' ? claimed.message : { status: result.status };
    });
  }

  async function handOver(messageId: string, way: Way, message: Outgoing, slot: Slot): Promise<Delivery> {
    const language = message.language ?? DEFAULT_LANGUAGE;
    const further = () => slot.further();
    try {
      return await (way.to === 'person'
        ? way.channel.send(way.address, message.reply, language, messageId, further)
        : way.channel.post(way.place, message.reply, language, messageId, further));
    } catch (error) {
      return { ok: false, kind: 'temporary', cause: errorText(error).split('\n')[0]! };
    }
  }

  async function later(messageId: string, waitMs: number): Promise<Tried> {
    const now = clock();
    const notBefore = new Date(now.getTime() + waitMs);
    await conclude(db.pool, messageId, { status: 'pending', notBefore, reason: 'rate-limited' }, now);
    return { status: 'pending' };
  }

  function lineOf(channel: Channel): Line {
    if (channel.repeatable) return noLine;
    let line = lines.get(channel.name);
    if (!line) lines.set(channel.name, (line = createLine()));
    return line;
  }
}
