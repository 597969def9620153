import { judge, type Limits } from '../../core/campaign/capping.ts';
import { leaveCommunity } from '../../core/campaign/community/store.ts';
import type { MessageKind } from '../../core/campaign/message/message.ts';
import { recordOutcome } from '../../core/campaign/message/store.ts';
import { recordEvents } from '../../core/behaviour/store.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import type { EventTypeName } from '../../core/behaviour/event-types.ts';
import type { ChannelName } from '../../core/learner/learner.ts';
import { addressesOf, markUnreachable, type Purpose } from '../../core/learner/store.ts';
import type { Database } from '../../prisma/connect.ts';
import type { Channel, Pacer } from '../ports.ts';
import { createSend, type Way } from './send.ts';
import {
  claim,
  conclude,
  createLocks,
  deciding,
  receiverOf,
  type Outgoing,
  type Receiver,
  type Result,
} from './store.ts';

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

/** What each kind of message is to the person who gets it. */
const purposes: Record<Exclude<MessageKind, 'post'>, Purpose> = {
  push: 'marketing',
  campaign: 'marketing',
  reminder: 'reminder',
  reward: 'service',
  service: 'service',
};

/**
 * Makes the deliver job. Called again for the same message, at once or later, it sends nothing
 * twice; consent, cap, quiet hours and expiry are looked at when it is about to send.
 */
export function createDeliver({ db, channels, pacer, limits, clock, signal }: DeliverOptions) {
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const locks = createLocks(db.pool);
  const send = createSend({ db, pacer, limits, clock, signal, onSent: recordImpression });

  return async function deliver(messageId: string): Promise<Delivered> {
    if (!(await locks.take(messageId))) return 'busy';
    try {
      const receiver = await receiverOf(db, messageId);
      if (!receiver) return 'settled';
      return await ('learnerId' in receiver ? toPerson(messageId, receiver) : toCommunity(messageId, receiver));
    } catch (error) {
      // It waited for its pace: whoever starts next need not wait until it counts as stuck.
      if (signal?.aborted && (error === signal.reason || (error as Error).name === 'AbortError'))
        await conclude(db.pool, messageId, { status: 'pending', notBefore: clock(), reason: 'stopping' }, clock());
      throw error;
    } finally {
      await locks.free(messageId);
    }
  };

  async function toPerson(
    messageId: string,
    { learnerId, kind }: Extract<Receiver, { learnerId: string }>,
  ): Promise<Delivered> {
    const purpose = purposes[kind as Exclude<MessageKind, 'post'>];
    let blocked = false;
    for (const address of await addressesOf(db, learnerId, { for: purpose })) {
      const channel = byName.get(address.channel);
      if (!channel) continue;
      const tried = await send(messageId, { to: 'person', channel, address });
      if (tried.status === 'skipped') continue;
      if (tried.status !== 'unreachable') return tried.status;
      await markUnreachable(db, address);
      await record('block', eventKey('block', messageId, address.channel), messageId, tried.message, address.channel);
      blocked = true;
    }
    const result = await endAtNoAddress(messageId);
    if (blocked && result === 'failed')
      await recordOutcome(db, { messageId, learnerId, outcome: 'blocked', at: clock() });
    return result;
  }

  /** Nowhere to go: because they agreed to it nowhere any more, or can not be reached. */
  function endAtNoAddress(messageId: string): Promise<Delivered> {
    return deciding(db, async (client) => {
      const now = clock();
      const claimed = await claim(client, messageId, undefined, now, limits.defaultTimeZone);
      if (!claimed) return 'settled';
      const verdict = judge(claimed.moment, limits);
      const result: Result =
        verdict.do === 'end'
          ? { status: verdict.status, reason: verdict.reason }
          : { status: 'failed', reason: 'unreachable' };
      await conclude(client, messageId, result, now);
      return result.status;
    });
  }

  async function toCommunity(
    messageId: string,
    { community, place }: Extract<Receiver, { place: unknown }>,
  ): Promise<Delivered> {
    const channel = byName.get(community.channel);
    if (!community.active) return fail(messageId, 'left');
    if (!channel || !canPost(channel)) return fail(messageId, 'no-posts');
    const tried = await send(messageId, { to: 'community', channel, place });
    if (tried.status !== 'unreachable' && tried.status !== 'skipped') return tried.status;
    await leaveCommunity(db, community.channel, place.chat);
    return fail(messageId, 'left');
  }

  async function fail(messageId: string, reason: string): Promise<'failed'> {
    await conclude(db.pool, messageId, { status: 'failed', reason }, clock());
    return 'failed';
  }

  /** What a push or a campaign shows is an impression; a reminder speaks of a course that they have. */
  async function recordImpression(messageId: string, message: Outgoing, channel: ChannelName): Promise<void> {
    const { course } = message.reply;
    if (course === undefined || purposes[message.kind as Exclude<MessageKind, 'post'>] !== 'marketing') return;
    const key = eventKey('impression', message.circumstances.slate ?? messageId, course);
    await record('impression', key, messageId, message, channel);
  }

  /** Records what happened with a message, of who agreed to recording. */
  async function record(
    type: EventTypeName,
    idempotencyKey: string,
    messageId: string,
    { learnerId, recording, reply, circumstances, campaignId }: Outgoing,
    channel: ChannelName,
  ): Promise<void> {
    if (learnerId === null || !recording) return;
    await recordEvents(db, [
      {
        idempotencyKey,
        learnerId,
        courseId: type === 'impression' ? (reply.course ?? null) : null,
        type,
        value: null,
        occurredAt: clock(),
        channel,
        circumstances: { ...circumstances, message: messageId, ...(campaignId && { campaign: campaignId }) },
      },
    ]);
  }
}

function canPost(channel: Channel): channel is Extract<Way, { to: 'community' }>['channel'] {
  return channel.post !== undefined;
}
