import type { EventTypeName } from '../behaviour/event-types.ts';

/** What can come back on a message. */
export const outcomes = ['pressed', 'bought', 'replied', 'rated', 'dismissed', 'opted-out', 'silent'] as const;
export type Outcome = (typeof outcomes)[number];

/**
 * Whether `next` is kept as a message's outcome after `earlier`: the first wins, but a purchase
 * replaces whatever came before it, and any answer replaces silence, which it proves wrong.
 */
export function replaces(next: Outcome, earlier: Outcome | null): boolean {
  if (earlier === null) return true;
  if (earlier === 'bought') return false;
  return next === 'bought' || (earlier === 'silent' && next !== 'silent');
}

/** Which outcome an event is, when it answers a message; undefined for events that are no answer. */
export function outcomeOf(type: EventTypeName): Outcome | undefined {
  switch (type) {
    case 'view':
    case 'click':
    case 'save':
    case 'enrol':
    case 'share':
      return 'pressed';
    case 'purchase':
      return 'bought';
    case 'reply':
    case 'review':
      return 'replied';
    case 'rate':
      return 'rated';
    case 'dismiss':
      return 'dismissed';
    case 'mute':
    case 'block':
      return 'opted-out';
    case 'silent':
      return 'silent';
    default:
      return undefined;
  }
}
