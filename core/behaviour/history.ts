import { isEventType, type EventTypeName } from './event-types.ts';
import type { Event } from './event.ts';
import { addToTrack, conclude, earlier, emptyTrack, isActive, later, type CourseTrack } from './track.ts';

export { decay, type CourseTrack } from './track.ts';

/** What a learner did at all, whatever the course. Times are milliseconds since 1970 UTC. */
export interface Activity {
  /** Things the learner did: what was only done to them (impressions, silence) is not counted. */
  events: number;
  firstAt: number | null;
  lastAt: number | null;
  /** Distinct days (UTC) with at least one of them. */
  activeDays: number;
  purchases: number;
  refunds: number;
  lastPurchaseAt: number | null;
  completions: number;
}

/** The fold of a learner's events. JSON-safe but for the map; see `packBehaviour`. */
export interface Behaviour {
  /** By course id. */
  history: Map<string, CourseTrack>;
  activity: Activity;
  /** Days since 1970 UTC of `activity.activeDays`, ascending. */
  days: number[];
  /** Latest searches, newest first. */
  searches: Search[];
  /** Latest placement test of each topic, by topic. */
  assessments: Assessment[];
}

export interface Search {
  at: number;
  query: string;
}

export interface Assessment {
  at: number;
  topic: string;
  /** Part answered right, in [0, 1]. */
  share: number;
}

export const KEPT_SEARCHES = 20;

/** The part of an event that the fold reads. */
export type FoldedEvent = Pick<Event, 'courseId' | 'type' | 'value' | 'occurredAt'> & {
  circumstances: Pick<Event['circumstances'], 'query' | 'topic'>;
};

export function emptyBehaviour(): Behaviour {
  return {
    history: new Map(),
    activity: {
      events: 0,
      firstAt: null,
      lastAt: null,
      activeDays: 0,
      purchases: 0,
      refunds: 0,
      lastPurchaseAt: null,
      completions: 0,
    },
    days: [],
    searches: [],
    assessments: [],
  };
}

/**
 * Adds one event, in place. Any order of the same events gives the same result;
 * each event must be added once.
 */
export function addToBehaviour(behaviour: Behaviour, event: FoldedEvent): void {
  const { type, courseId, circumstances } = event;
  const at = event.occurredAt.getTime();
  if (isActive(type)) addActivity(behaviour, type, at);
  if (type === 'search' && circumstances.query) {
    behaviour.searches = [...behaviour.searches, { at, query: circumstances.query }]
      .sort(newestSearch)
      .slice(0, KEPT_SEARCHES);
  }
  if (type === 'assess' && circumstances.topic && event.value !== null)
    addAssessment(behaviour, { at, topic: circumstances.topic, share: event.value });
  if (courseId === null) return;
  const track = behaviour.history.get(courseId) ?? emptyTrack(courseId);
  behaviour.history.set(courseId, track);
  addToTrack(track, type, event.value, at);
}

/** Money paid, less refunds, by currency in minor units; `currencyOf` names each course's. */
export function spentBy({ history }: Behaviour, currencyOf: (courseId: string) => string): Record<string, number> {
  const spent: Record<string, number> = {};
  for (const track of history.values()) {
    if (track.paidMinor === 0) continue;
    const currency = currencyOf(track.courseId);
    spent[currency] = (spent[currency] ?? 0) + track.paidMinor;
  }
  return spent;
}

/** A JSON-safe form; `unpackBehaviour` reads it back. What can be computed is not stored. */
export function packBehaviour({ history, activity, days, searches, assessments }: Behaviour): PackedBehaviour {
  return {
    courses: [...history.values()].map(({ courseId, firstAt, lastAt, done, ...track }) => ({
      id: courseId,
      ...(firstAt !== null && { firstAt }),
      ...(lastAt !== null && { lastAt }),
      ...(track.progress > 0 && { progress: track.progress }),
      ...(track.rating !== null && { rating: track.rating }),
      ...(track.shown > 0 && { shown: track.shown }),
      ...(track.lastShownAt !== null && { lastShownAt: track.lastShownAt }),
      ...(track.paidMinor !== 0 && { paidMinor: track.paidMinor }),
      done: Object.fromEntries(Object.entries(done).map(([type, { count, times }]) => [type, [count, ...times]])),
    })),
    activity,
    days,
    searches,
    assessments,
  };
}

export interface PackedBehaviour {
  courses: {
    id: string;
    firstAt?: number;
    lastAt?: number;
    progress?: number;
    rating?: number;
    shown?: number;
    lastShownAt?: number;
    paidMinor?: number;
    /** Type → count, then times. */
    done: Record<string, number[]>;
  }[];
  activity: Activity;
  days: number[];
  searches: Search[];
  assessments: Assessment[];
}

export function unpackBehaviour({ courses, activity, days, searches, assessments }: PackedBehaviour): Behaviour {
  const history = new Map<string, CourseTrack>();
  for (const { id, done, ...packed } of courses) {
    const track: CourseTrack = { ...emptyTrack(id), ...packed };
    for (const [type, [count, ...times]] of Object.entries(done))
      if (isEventType(type)) track.done[type] = { count: count!, times };
    conclude(track);
    history.set(id, track);
  }
  return {
    history,
    activity: { ...activity },
    days: [...days],
    searches: [...searches],
    assessments: [...assessments],
  };
}

const DAY = 86_400_000;

function addActivity({ activity, days }: Behaviour, type: EventTypeName, at: number) {
  activity.events++;
  activity.firstAt = earlier(activity.firstAt, at);
  activity.lastAt = later(activity.lastAt, at);
  if (type === 'purchase') {
    activity.purchases++;
    activity.lastPurchaseAt = later(activity.lastPurchaseAt, at);
  }
  if (type === 'refund') activity.refunds++;
  if (type === 'complete') activity.completions++;
  const day = Math.floor(at / DAY);
  // Live events are of the newest day nearly always: look from the end.
  let place = days.length;
  while (place > 0 && days[place - 1]! > day) place--;
  if (days[place - 1] !== day) days.splice(place, 0, day);
  activity.activeDays = days.length;
}

/** The latest of each topic; at the same instant the better one. */
function addAssessment(behaviour: Behaviour, added: Assessment) {
  const later = ({ at, share }: Assessment) => at > added.at || (at === added.at && share > added.share);
  const before = behaviour.assessments.find(({ topic }) => topic === added.topic);
  if (before && later(before)) return;
  behaviour.assessments = [...behaviour.assessments.filter((one) => one !== before), added].sort((a, b) =>
    a.topic < b.topic ? -1 : 1,
  );
}

function newestSearch(a: Search, b: Search): number {
  return b.at - a.at || (a.query < b.query ? -1 : a.query > b.query ? 1 : 0);
}
