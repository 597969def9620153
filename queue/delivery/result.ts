import type { ChannelName } from '../../core/learner/learner.ts';
import type { Delivery } from '../ports.ts';
import type { Outgoing, Result } from './store.ts';

/** Tries of a message that fails for a passing reason, and the pause after the first; each pause is five times the last. */
const ATTEMPTS = 7;
const FIRST_PAUSE_MS = 3_000;
const GROWTH = 5;
const LONGEST_PAUSE_MS = 3_600_000;

/** What a platform's answer means for the message. */
export function resultOf(
  delivery: Exclude<Delivery, { kind: 'unreachable' }>,
  { attempts, expiresAt }: Pick<Outgoing, 'attempts' | 'expiresAt'>,
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
      ? Math.min(FIRST_PAUSE_MS * GROWTH ** (tries - 1), LONGEST_PAUSE_MS)
      : delivery.retryAfterMs;
  const notBefore = new Date(now.getTime() + pause);
  if (notBefore >= expiresAt) return { status: 'expired', reason };
  return { status: 'pending', notBefore, reason, attempts: tries };
}
