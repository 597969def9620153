import type { Event } from '../../behaviour/event.ts';
import type { EventTypeName } from '../../behaviour/event-types.ts';
import { isActive } from '../../behaviour/track.ts';

/** One event of a learner, as far as the behaviour model reads it. Times are milliseconds since 1970 UTC. */
export interface Deed {
  at: number;
  type: EventTypeName;
  courseId: string | null;
  value: number | null;
  channel: string;
  /** List that showed the course. */
  list: string | undefined;
  /** It answers a message of ours, or is its silence. */
  message: boolean;
  campaign: boolean;
  /** It came by a link from outside. */
  arrived: boolean;
  /** It happened where others read. */
  community: boolean;
}

/** A learner's log in the order of time. */
export interface Past {
  /** Decides the draws for this learner and is in nothing that is kept. */
  id: string;
  /** Ascending by time. */
  deeds: readonly Deed[];
  /** IANA zone; null where it is not known. */
  timeZone: string | null;
  /** When somebody's invitation brought them; null where none did. */
  invitedAt: number | null;
  /** Who invited them, if that person may be looked at. */
  inviter: Past | undefined;
}

/** What `deedOf` reads of an event. */
export type RecordedEvent = Pick<Event, 'courseId' | 'type' | 'value' | 'occurredAt' | 'channel' | 'circumstances'>;

/** @returns undefined where the time was not in the data: the model lives by time. */
export function deedOf(event: RecordedEvent): Deed | undefined {
  const { courseId, type, value, occurredAt, channel, circumstances } = event;
  if (circumstances.undated) return undefined;
  return {
    at: occurredAt.getTime(),
    type,
    courseId,
    value,
    channel,
    list: circumstances.list,
    message: circumstances.message !== undefined,
    campaign: circumstances.campaign !== undefined,
    arrived: circumstances.arrival !== undefined,
    community: circumstances.community !== undefined,
  };
}

/** Puts deeds in the order of time; those of one instant keep theirs. */
export function inOrder(deeds: Deed[]): Deed[] {
  return deeds.sort((a, b) => a.at - b.at);
}

/** How many deeds had happened at `now`, that instant included. */
export function deedsUntil(deeds: readonly Deed[], now: number): number {
  let low = 0;
  let high = deeds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (deeds[middle]!.at <= now) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the learner last did something, up to `now`; undefined while they have done nothing. */
export function lastActiveAt({ deeds }: Past, now: number): number | undefined {
  for (let at = deedsUntil(deeds, now) - 1; at >= 0; at--) if (isActive(deeds[at]!.type)) return deeds[at]!.at;
  return undefined;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** What is done within so long of the act before belongs to the same sitting. */
export const SITTING = 12 * HOUR;
