import type { PoolClient } from 'pg';
import { judge, type Limits } from '../core/campaign/capping.ts';
import { recordEvents } from '../core/behaviour/store.ts';
import { eventKey } from '../core/behaviour/key.ts';
import type { Language } from '../core/language/reply.ts';
import type { Address, ChannelName } from '../core/learner/learner.ts';
import { addressesOf, markUnreachable } from '../core/learner/store.ts';
import type { Database } from '../prisma/connect.ts';
import { transaction } from '../prisma/transaction.ts';
import type { Channel, Delivery, Pacer } from './ports.ts';
import { claim, conclude, receiverOf, withMessage, type Outgoing, type Result } from './store.ts';

export interface DeliverOptions {
  db: Database;
  channels: readonly Channel[];
  pacer: Pacer;
  limits: Limits;
  clock: () => Date;
  /** Stops waiting for a rate limit, when the worker closes. */
  signal?: AbortSignal;
}

/**
 * What a delivery came to: 'busy' when another one holds the message, 'settled' when it needed
 * none, else the message's status afterwards.
 */
export type Delivered = 'busy' | 'settled' | Exclude<Result['status'], 'sending'>;

/** Language of people who never chose one. */
const DEFAULT_LANGUAGE: Language = 'zh';

/** Tries of a message that fails for a passing reason, and the pause after the first; each pause is four times the last. */
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 3_600_000;

/**
 * Makes the deliver job. Called again for the same message, at once or later, it sends nothing
 * twice; consent, cap, quiet hours and expiry are looked at when it is about to send.
 */
export function createDeliver({ db, channels, pacer, limits, clock, signal }: DeliverOptions) {
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const turns = new Map<ChannelName, Promise<unknown>>();

  return async function deliver(messageId: string): Promise<Delivered> {
    const learnerId = await receiverOf(db, messageId);
    if (learnerId === undefined) return 'settled';
    const addresses = (await addressesOf(db, learnerId, { for: 'service' })).filter((address) =>
      byName.has(address.channel),
    );
    for (const address of addresses) {
      const channel = byName.get(address.channel)!;
      await pacer.take(channel.name, address.chat, signal);
      const result = await inTurn(channel, () => attempt(messageId, channel, address));
      if (result !== 'unreachable') return result;
      await markUnreachable(db, address);
    }
    return (
      (await withMessage(db, messageId, async (client) => {
        await conclude(client, messageId, { status: 'failed', reason: 'unreachable' }, clock());
        return 'failed' as const;
      })) ?? 'busy'
    );
  };

  async function attempt(messageId: string, channel: Channel, address: Address): Promise<Delivered | 'unreachable'> {
    const result = await withMessage(db, messageId, async (client) => {
      const message = await begin(client, messageId);
      if (typeof message === 'string') return message;
      const language = message.language ?? DEFAULT_LANGUAGE;
      const delivery = await channel
        .send(address, message.reply, language, messageId)
        .catch((error: unknown): Delivery => ({ ok: false, kind: 'temporary', cause: (error as Error).message }));
      if (!delivery.ok && delivery.kind === 'unreachable') return 'unreachable';
      const outcome = resultOf(delivery, message, channel.name, clock());
      if (outcome.status === 'sent') await recordImpression(messageId, message, channel.name);
      await conclude(client, messageId, outcome, clock());
      return outcome.status;
    });
    return result ?? 'busy';
  }

  /** Decides and, when it may go, marks the message as being sent, all in the learner's turn. */
  function begin(client: PoolClient, messageId: string): Promise<Outgoing | Exclude<Delivered, 'busy'>> {
    return transaction(client, async () => {
      const now = clock();
      const claimed = await claim(client, messageId, now, limits.defaultTimeZone);
      if (!claimed) return 'settled';
      const verdict = judge(claimed.moment, limits);
      const result: Result =
        verdict.do === 'send'
          ? { status: 'sending' }
          : verdict.do === 'defer'
            ? { status: 'pending', notBefore: verdict.until, reason: verdict.reason }
            : { status: verdict.status, reason: verdict.reason };
      await conclude(client, messageId, result, now);
      return result.status === 'sending' ? claimed.message : result.status;
    });
  }

  async function recordImpression(messageId: string, message: Outgoing, channel: ChannelName): Promise<void> {
    const { course } = message.reply;
    if (!course || !message.recording) return;
    await recordEvents(db, [
      {
        idempotencyKey: eventKey('impression', message.circumstances.slate ?? messageId, course),
        learnerId: message.learnerId,
        courseId: course,
        type: 'impression',
        value: null,
        occurredAt: clock(),
        channel,
        circumstances: {
          ...message.circumstances,
          message: messageId,
          ...(message.campaignId && { campaign: message.campaignId }),
        },
      },
    ]);
  }

  /** Sends of a channel that can not tell a repeat go one after the other. */
  function inTurn<T>(channel: Channel, work: () => Promise<T>): Promise<T> {
    if (channel.repeatable) return work();
    const turn = (turns.get(channel.name) ?? Promise.resolve()).then(work);
    turns.set(
      channel.name,
      turn.catch(() => {}),
    );
    return turn;
  }
}

/** What a platform's answer means for the message. */
function resultOf(
  delivery: Exclude<Delivery, { kind: 'unreachable' }>,
  { attempts, expiresAt }: Outgoing,
  channel: ChannelName,
  now: Date,
): Exclude<Result, { status: 'sending' }> {
  if (delivery.ok) return { status: 'sent', channel, platformId: delivery.platformId };
  if (delivery.kind === 'permanent') return { status: 'failed', reason: delivery.cause };
  const tries = delivery.kind === 'temporary' ? attempts + 1 : attempts;
  const reason = delivery.kind === 'temporary' ? delivery.cause : delivery.kind;
  if (tries >= ATTEMPTS) return { status: 'failed', reason };
  const pause =
    delivery.kind === 'temporary'
      ? Math.min(FIRST_PAUSE_MS * 4 ** (tries - 1), LONGEST_PAUSE_MS)
      : delivery.retryAfterMs;
  const notBefore = new Date(now.getTime() + pause);
  if (notBefore >= expiresAt) return { status: 'expired', reason };
  return { status: 'pending', notBefore, reason, attempts: tries };
}
