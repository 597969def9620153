import { eventTypes, eventWeight, type EventTypeName } from './event-types.ts';

/** What happened between one learner and one course. All times are milliseconds since 1970 UTC. */
export interface CourseTrack {
  courseId: string;
  /** First and last thing the learner did with it; null while it was only shown to them. */
  firstAt: number | null;
  lastAt: number | null;
  /** Evidence of interest as it stood at `lastAt` (0 while that is null); `trackWeight` gives it at any time. */
  weight: number;
  /** Bought, enrolled or taken elsewhere, and not given back. */
  owned: boolean;
  completed: boolean;
  /** Largest share done, in [0, 1]. */
  progress: number;
  /** Latest rating in [0, 1]. */
  rating: number | null;
  saved: boolean;
  /** "Not interested", unless they took that back, or saved or bought it afterwards. */
  dismissed: boolean;
  /** Times it was shown in a list or a message. */
  shown: number;
  lastShownAt: number | null;
  /** Payments minus refunds, in minor units of the course's currency. */
  paidMinor: number;
  /** By type: how often, and when (the latest `KEPT_TIMES`, newest first). */
  done: Partial<Record<EventTypeName, Done>>;
}

export interface Done {
  count: number;
  times: number[];
}

/**
 * Times kept for each course and type. The ninth view of a course says hardly more than eight did,
 * and keeping the latest few exactly makes the fold the same in any order: the k largest of a set
 * do not depend on the order of its elements, where running sums of decayed weights differ in
 * their last digits and overflow over the years.
 */
export const KEPT_TIMES = 8;

/** What is done to a learner, or away from the courses: no sign that they are still here. */
const passive: ReadonlySet<EventTypeName> = new Set(['impression', 'silent', 'mute', 'unmute', 'block']);

/** Whether events of a type are things a learner does with the courses. */
export function isActive(type: EventTypeName): boolean {
  return !passive.has(type);
}

/** Nothing has happened with the course yet. */
export function emptyTrack(courseId: string): CourseTrack {
  return {
    courseId,
    firstAt: null,
    lastAt: null,
    weight: 0,
    owned: false,
    completed: false,
    progress: 0,
    rating: null,
    saved: false,
    dismissed: false,
    shown: 0,
    lastShownAt: null,
    paidMinor: 0,
    done: {},
  };
}

/** Adds one event with the course, in place; any order of the same events gives the same track. */
export function addToTrack(track: CourseTrack, type: EventTypeName, value: number | null, at: number): void {
  if (type === 'impression') {
    track.shown++;
    track.lastShownAt = later(track.lastShownAt, at);
    return;
  }
  if (isActive(type)) {
    track.firstAt = earlier(track.firstAt, at);
    track.lastAt = later(track.lastAt, at);
  }
  if (type === 'rate' && value === null) return;
  const done = (track.done[type] ??= { count: 0, times: [] });
  if (type === 'rate' && value !== null) {
    const latest = done.times[0] ?? -Infinity;
    if (at > latest || (at === latest && value > (track.rating ?? 0))) track.rating = value;
  }
  if (type === 'progress' && value !== null) track.progress = Math.max(track.progress, value);
  if (type === 'purchase') track.paidMinor += Math.round(value ?? 0);
  if (type === 'refund') track.paidMinor -= Math.round(value ?? 0);
  done.count++;
  done.times = [...done.times, at].sort((a, b) => b - a).slice(0, KEPT_TIMES);
  conclude(track);
}

/** Sets what follows from `done` and the values. At the same instant the undoing wins: it presupposes the doing. */
export function conclude(track: CourseTrack): void {
  const last = (type: EventTypeName) => track.done[type]?.times[0] ?? -Infinity;
  const acquired = Math.max(last('purchase'), last('enrol'));
  const taken = acquired > -Infinity || last('progress') > -Infinity || last('complete') > -Infinity;
  const refunded = last('refund') > -Infinity && last('refund') >= acquired;
  track.owned = taken && !refunded;
  track.completed = last('complete') > -Infinity || track.progress >= 1;
  track.saved = last('save') > last('unsave');
  track.dismissed = last('dismiss') > last('undismiss') && last('dismiss') >= Math.max(last('save'), acquired);
  track.weight = track.lastAt === null ? 0 : trackWeight(track, track.lastAt);
}

/** Evidence of interest in a course as it stands at `now` (ms): Σ weight · 2^(−age / half-life) over what was done. */
export function trackWeight(track: CourseTrack, now: number): number {
  let sum = 0;
  for (const { weight } of evidenceOf(track, now)) sum += weight;
  return sum;
}

export interface TrackEvidence {
  type: EventTypeName;
  /** The latest time, milliseconds since 1970 UTC. */
  at: number;
  /** Decayed to the asked time. */
  weight: number;
}

/**
 * What speaks for and against a course at `now` (ms), one entry a type. Repeats add up, but a later
 * rating replaces the earlier and progress counts once, at the largest share: they are states, not acts.
 * Events later than `now` count as if they had just happened.
 */
export function evidenceOf(track: CourseTrack, now: number): TrackEvidence[] {
  const evidence: TrackEvidence[] = [];
  // In the table's order, so that sums over it are the same whatever came first.
  for (const type of typeNames) {
    const done = track.done[type];
    if (!done) continue;
    const at = done.times[0]!;
    const times = type === 'rate' || type === 'progress' ? [at] : done.times;
    const value = type === 'rate' ? track.rating : type === 'progress' ? track.progress : null;
    const weight = eventWeight(type, value);
    if (weight === 0) continue;
    const { halfLifeDays } = eventTypes[type];
    let faded = 0;
    for (const time of times) faded += decay(now - time, halfLifeDays);
    evidence.push({ type, at, weight: weight * faded });
  }
  return evidence;
}

/** 2^(−age / half-life), the part that is left of evidence of that age (ms); 1 for an age below 0. */
export function decay(ageMs: number, halfLifeDays: number): number {
  return 2 ** (-Math.max(0, ageMs) / (halfLifeDays * DAY));
}

const DAY = 86_400_000;
const typeNames = Object.keys(eventTypes) as EventTypeName[];

/** The earlier of two times, the first of which may not be known yet. */
export function earlier(a: number | null, b: number): number {
  return a === null ? b : Math.min(a, b);
}

/** The later of the two. */
export function later(a: number | null, b: number): number {
  return a === null ? b : Math.max(a, b);
}
