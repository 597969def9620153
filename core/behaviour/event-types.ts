/**
 * The one table of behaviour: what each type of event says about interest in its course, and how
 * fast that fades. Everything that weighs behaviour reads it here.
 */
export interface EventType {
  /** Evidence of interest in the course; negative for dislike, 0 for none. A rating scales it, see `eventWeight`. */
  weight: number;
  /** Days after which the evidence counts half; Infinity for what does not fade. */
  halfLifeDays: number;
  /** How `value` is read: a share in [0, 1], money in minor units, or nothing. */
  value: 'share' | 'minor' | 'none';
  /** Whether the event must name a course. */
  course: 'required' | 'optional' | 'none';
}

export const eventTypes = {
  register: { weight: 0, halfLifeDays: Infinity, value: 'none', course: 'none' },
  /** Shown in a list or a push. */
  impression: { weight: 0, halfLifeDays: 7, value: 'none', course: 'required' },
  view: { weight: 1, halfLifeDays: 30, value: 'none', course: 'required' },
  /** The query stands in the circumstances. */
  search: { weight: 0.5, halfLifeDays: 14, value: 'none', course: 'optional' },
  click: { weight: 1, halfLifeDays: 30, value: 'none', course: 'optional' },
  save: { weight: 2, halfLifeDays: 60, value: 'none', course: 'required' },
  unsave: { weight: -1, halfLifeDays: 60, value: 'none', course: 'required' },
  enrol: { weight: 3, halfLifeDays: 120, value: 'none', course: 'required' },
  purchase: { weight: 4, halfLifeDays: 180, value: 'minor', course: 'required' },
  refund: { weight: -4, halfLifeDays: 180, value: 'minor', course: 'required' },
  /** Value: share of the course done. */
  progress: { weight: 2, halfLifeDays: 90, value: 'share', course: 'required' },
  complete: { weight: 4, halfLifeDays: 180, value: 'none', course: 'required' },
  /** Value: the rating mapped to [0, 1]. */
  rate: { weight: 4, halfLifeDays: 180, value: 'share', course: 'required' },
  review: { weight: 1, halfLifeDays: 120, value: 'none', course: 'required' },
  share: { weight: 3, halfLifeDays: 90, value: 'none', course: 'required' },
  /** "Not interested". */
  dismiss: { weight: -3, halfLifeDays: 180, value: 'none', course: 'required' },
  /** "Undo" of it. */
  undismiss: { weight: 3, halfLifeDays: 180, value: 'none', course: 'required' },
  /** An answer in words to a message; intent and sentiment stand in the circumstances. */
  reply: { weight: 0, halfLifeDays: 30, value: 'none', course: 'optional' },
  /** A message that stayed without an answer for the set time. */
  silent: { weight: -0.2, halfLifeDays: 30, value: 'none', course: 'optional' },
  /** A day of learning reported (打卡). */
  checkin: { weight: 1, halfLifeDays: 30, value: 'none', course: 'optional' },
  /** A placement test; value: share answered right. Evidence of interest in the topic that stands in the circumstances. */
  assess: { weight: 2, halfLifeDays: 365, value: 'share', course: 'none' },
  mute: { weight: 0, halfLifeDays: Infinity, value: 'none', course: 'none' },
  unmute: { weight: 0, halfLifeDays: Infinity, value: 'none', course: 'none' },
  block: { weight: 0, halfLifeDays: Infinity, value: 'none', course: 'none' },
} as const satisfies Record<string, EventType>;

export type EventTypeName = keyof typeof eventTypes;

export function isEventType(name: string): name is EventTypeName {
  return Object.hasOwn(eventTypes, name);
}

/** Rating in [0, 1] at which a course is neither liked nor disliked. */
export const NEUTRAL_RATING = 0.5;

/**
 * Evidence of one event for its course before decay: the type's weight; a rating counts from
 * −weight (0) over 0 (neutral) to +weight (1); progress in proportion to the share done.
 */
export function eventWeight(type: EventTypeName, value: number | null): number {
  const { weight } = eventTypes[type];
  if (value === null) return weight;
  if (type === 'rate') return weight * ((value - NEUTRAL_RATING) / NEUTRAL_RATING);
  if (type === 'progress') return weight * value;
  return weight;
}
