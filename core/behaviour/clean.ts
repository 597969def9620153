import type { Course } from '../catalogue/course.ts';
import { LONGEST_EXTERNAL_ID } from '../learner/external-id.ts';
import { parseInstant } from '../numerics/instant.ts';
import { parseMoney } from '../numerics/money.ts';
import { eventTypes, isEventType, type EventTypeName } from './event-types.ts';

/**
 * Every verdict of the cleaner, for live events and imports alike. Each is counted, and each event
 * it stands against can be listed.
 */
export const verdicts = {
  malformed: 'the record can not be read',
  'missing-user': 'user_id is missing',
  'missing-course': 'course_id is missing',
  'unknown-course': 'course_id is not in the catalogue',
  'missing-type': 'behavior_type is missing',
  'unknown-type': 'behavior_type is none that Coursebell knows',
  'missing-value': 'value is missing, and this type needs one',
  'bad-value': 'value is not a number',
  'out-of-range': 'value is outside its range',
  'missing-time': 'occurred_at is missing',
  'bad-time': 'occurred_at is not a time',
  'future-time': 'occurred_at is in the future',
  'before-1990': 'occurred_at is before 1990',
  'too-long': 'an id has more than 200 characters',
  erased: 'this person was erased',
  duplicate: 'the same event is recorded already',
  robot: 'more events in a minute than a person can make',
  outlier: 'an amount far from all others',
} as const;

export type Verdict = keyof typeof verdicts;

/** An event as it comes in, each part as text, '' where missing. */
export interface RawEvent {
  userId: string;
  courseId: string;
  type: string;
  value: string;
  occurredAt: string;
}

/** Lowest and highest value of a scale, both of which occur: 1–5 stars are [1, 5]. */
export type Scale = readonly [lowest: number, highest: number];

export interface CleanContext {
  course: (id: string) => Pick<Course, 'priceMinor' | 'currency'> | undefined;
  now: Date;
  /** IANA zone of times without one. */
  zone: string;
  ratingScale: Scale;
  /** [0, 1] for shares, [0, 100] for percentages. */
  progressScale: Scale;
  /** Of amounts of money. */
  currency: string;
  /** Time of data that has none; its rows need no occurred_at. */
  undatedAt?: Date;
}

export interface CleanEvent {
  userId: string;
  courseId: string | null;
  type: EventTypeName;
  value: number | null;
  occurredAt: Date;
  /** The value was missing and is the course's price. */
  filled: boolean;
}

export type Cleaned = { ok: true; event: CleanEvent } | { ok: false; verdict: Verdict; field: keyof typeof fields };

/** Parts of a raw event → the names that people know them by. */
export const fields = {
  userId: 'user_id',
  courseId: 'course_id',
  type: 'behavior_type',
  value: 'value',
  occurredAt: 'occurred_at',
} as const;

/** Other spellings that are taken for a type. */
export const typeSynonyms: Readonly<Record<string, EventTypeName>> = {
  enroll: 'enrol',
  rating: 'rate',
  buy: 'purchase',
  favorite: 'save',
  favourite: 'save',
};

const EARLIEST = Date.UTC(1990, 0);
/** Clocks differ: an event this far ahead of ours is not yet from the future. */
const CLOCK_TOLERANCE_MS = 10 * 60_000;

/** The type that a text names, its case and spelling variants allowed for. */
export function eventTypeOf(text: string): EventTypeName | undefined {
  const name = text.toLowerCase();
  if (isEventType(name)) return name;
  return Object.hasOwn(typeSynonyms, name) ? typeSynonyms[name] : undefined;
}

/** Judges one event by itself. Duplicates, erased people, robots and outliers show only beside others. */
export function cleanEvent(raw: RawEvent, context: CleanContext): Cleaned {
  if (raw.userId === '') return refuse('missing-user', 'userId');
  if (raw.userId.length > LONGEST_EXTERNAL_ID) return refuse('too-long', 'userId');
  if (raw.type === '') return refuse('missing-type', 'type');
  const type = eventTypeOf(raw.type);
  if (!type) return refuse('unknown-type', 'type');

  const needs = eventTypes[type].course;
  const courseId = needs === 'none' || raw.courseId === '' ? null : raw.courseId;
  if (courseId === null && needs === 'required') return refuse('missing-course', 'courseId');
  const course = courseId === null ? undefined : context.course(courseId);
  if (courseId !== null && !course) return refuse('unknown-course', 'courseId');

  const value = cleanValue(type, raw.value, course, context);
  if (typeof value === 'string') return refuse(value, 'value');
  const occurredAt = context.undatedAt ?? cleanTime(raw.occurredAt, context);
  if (typeof occurredAt === 'string') return refuse(occurredAt, 'occurredAt');
  return { ok: true, event: { userId: raw.userId, courseId, type, occurredAt, ...value } };
}

function refuse(verdict: Verdict, field: keyof typeof fields): Cleaned {
  return { ok: false, verdict, field };
}

function cleanValue(
  type: EventTypeName,
  text: string,
  course: Pick<Course, 'priceMinor' | 'currency'> | undefined,
  context: CleanContext,
): Verdict | Pick<CleanEvent, 'value' | 'filled'> {
  const kind = eventTypes[type].value;
  if (kind === 'none') return { value: null, filled: false };
  if (kind === 'minor') {
    const currency = course?.currency ?? context.currency;
    if (text === '') return { value: course?.priceMinor ?? null, filled: (course?.priceMinor ?? null) !== null };
    const money = parseMoney(text, currency);
    if (money) return { value: money.minor, filled: false };
    return Number.isFinite(Number(text)) ? 'out-of-range' : 'bad-value';
  }
  if (text === '') return 'missing-value';
  const number = Number(text.replace(/\s*%$/, ''));
  if (!Number.isFinite(number)) return 'bad-value';
  const [lowest, highest] = type === 'rate' ? context.ratingScale : context.progressScale;
  if (number < lowest || number > highest) return 'out-of-range';
  return { value: (number - lowest) / (highest - lowest), filled: false };
}

function cleanTime(text: string, { zone, now }: CleanContext): Verdict | Date {
  if (text === '') return 'missing-time';
  const at = parseInstant(text, { zone });
  if (!at) return 'bad-time';
  if (at.getTime() > now.getTime() + CLOCK_TOLERANCE_MS) return 'future-time';
  return at.getTime() < EARLIEST ? 'before-1990' : at;
}

/**
 * Robots: somebody with more than `events` events within `seconds`, spread over at least `moments`
 * different seconds (data that is stamped with one time for a whole batch, or by day, is no robot's).
 * What a robot did in that stretch is set aside: it stays in the log, and nothing learns from it.
 * Impressions are ours, not theirs, and do not count.
 */
export const robotRule = { events: 60, seconds: 60, moments: 20 } as const;

/**
 * Outliers: a purchase or refund whose logarithm lies more than `deviations` robust standard
 * deviations (1.4826 × median absolute deviation, Hampel's identifier) above the median of its type,
 * and above `times` the median; judged from `least` amounts on. It is set aside.
 */
export const outlierRule = { deviations: 6, times: 20, least: 30 } as const;
