import { eventKey } from '../behaviour/key.ts';
import type { Circumstances, NewEvent } from '../behaviour/event.ts';
import type { Slate } from './slate.ts';

/**
 * What showing a slate leaves in the log: one impression a course, with the place and the
 * probability that it had. The same slate logged twice counts once.
 *
 * @param extra further circumstances of all of them (campaign, message).
 */
export function impressionEvents(
  slate: Slate,
  learnerId: string,
  channel: string,
  now: Date,
  extra: Circumstances = {},
): NewEvent[] {
  return slate.items.map(({ courseId, position, propensity, source }) => ({
    idempotencyKey: eventKey('impression', slate.id, courseId),
    learnerId,
    courseId,
    type: 'impression',
    value: null,
    occurredAt: now,
    channel,
    circumstances: {
      list: slate.list,
      slate: slate.id,
      modelVersion: slate.modelVersion,
      position,
      propensity,
      source,
      ...extra,
    },
  }));
}
