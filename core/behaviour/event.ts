import type { EventTypeName } from './event-types.ts';

/** What stood around an event; what showed the course, and with what probability. */
export interface Circumstances {
  /** 'recommend' | 'search' | 'similar' | 'push' | 'campaign' | 'saved' … */
  list?: string;
  /** 0-based position in that list. */
  position?: number;
  /** Probability with which the policy put the course there, in (0, 1]. */
  propensity?: number;
  /** Which model version ranked it. */
  modelVersion?: string;
  /** The recommender that put it there: 'item-knn', 'popular', 'explore' … */
  source?: string;
  slate?: string;
  /** Outbox message that it answers. */
  message?: string;
  campaign?: string;
  query?: string;
  /** Of a placement test. */
  topic?: string;
  /** Deep link by which the person came: 'course', 'campaign', 'referral', 'link'. */
  arrival?: string;
  /** Community in which it happened. */
  community?: string;
  /** Of a reply in words. */
  intent?: string;
  sentiment?: 'positive' | 'neutral' | 'negative';
  /** Time was not in the data: order within the file stands in for it. */
  undated?: boolean;
  /** The value was not in the data: the course's price stands in for it. */
  filled?: boolean;
}

/** One typed fact of behaviour, before it has a place in the log. */
export interface NewEvent {
  /** The same fact delivered twice has the same key: a UUID, see `eventKey`. */
  idempotencyKey: string;
  learnerId: string;
  courseId: string | null;
  type: EventTypeName;
  value: number | null;
  occurredAt: Date;
  /** 'web' | 'telegram' | 'discord' | 'import' | 'api' */
  channel: string;
  circumstances: Circumstances;
}

export interface Event extends NewEvent {
  id: bigint;
  setAside: string | null;
}
