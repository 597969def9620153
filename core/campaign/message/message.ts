import type { Circumstances } from '../../behaviour/event.ts';
import type { Reply } from '../../language/reply.ts';

/**
 * 'push' and 'campaign' are marketing: they need consent and count for the daily cap. A 'reminder' goes
 * out because its learner asked for it, a 'reward' (a coupon that they have earned) unless they said
 * that they want no messages; 'service' messages (receipts, answers) and 'post's to a community need
 * neither.
 */
export type MessageKind = 'push' | 'campaign' | 'reminder' | 'reward' | 'service' | 'post';

/** One message to one learner, before it is in the outbox. */
export interface NewMessage {
  /** UUID, chosen beforehand because the buttons carry it. */
  id: string;
  /** For life: the same key is never sent twice. */
  idempotencyKey: string;
  learnerId: string;
  kind: MessageKind;
  campaignId: string | null;
  reply: Reply;
  /** Handed on to the events that answer it. */
  circumstances: Circumstances;
  notBefore: Date;
  /** Not sent at or after this instant. */
  expiresAt: Date;
}
