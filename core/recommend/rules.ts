import { eventTypes } from '../behaviour/event-types.ts';
import { decay, type CourseTrack } from '../behaviour/history.ts';
import type { Course } from '../catalogue/course.ts';
import type { Language } from '../language/reply.ts';
import { levels, type Level } from '../learner/learner.ts';

/** Relevance of a course in another language than the learner's, beside one in theirs. */
const OTHER_LANGUAGE = 0.6;
/** The same for a course one level off. */
const NEXT_LEVEL = 0.7;
/** Relevance of a course far dearer than any that the learner took. */
const DEARER = 0.7;
/** From so many times the dearest on. */
const FAR = 2;
/** How much one fresh impression without an answer takes away. */
const SHOWN = 0.5;

/**
 * Whether a course must not come back to this learner: theirs already (bought, enrolled, begun,
 * completed, or rated, which is said of what one took), given back, or turned down.
 */
export function isSettled(track: CourseTrack): boolean {
  return (
    track.owned ||
    track.completed ||
    track.dismissed ||
    track.progress > 0 ||
    track.rating !== null ||
    track.done.refund !== undefined
  );
}

/** Whether the learner has looked at the course or kept it: it comes only when nothing new is left. */
export function isKnown(track: CourseTrack): boolean {
  return track.saved || track.weight > 0;
}

/**
 * What being shown leaves of a course's relevance: 1 / (1 + s · n), where n is the number of
 * impressions, decayed by their half-life (7 days) since the last one. Shown once an hour ago
 * leaves .67, four times .33; four times a month ago .91.
 */
export function freshness(track: CourseTrack, now: Date): number {
  if (track.shown === 0 || track.lastShownAt === null) return 1;
  const left = decay(now.getTime() - track.lastShownAt, eventTypes.impression.halfLifeDays);
  return 1 / (1 + SHOWN * track.shown * left);
}

/** 1 when the course is in the language or says none. */
export function languageFit(course: Course, language: Language | undefined): number {
  if (!language || !course.language) return 1;
  return course.language.toLowerCase().split(/[-_]/)[0] === language ? 1 : OTHER_LANGUAGE;
}

/** 1 on the level or where either is unknown, less one step off, 0 two steps off. */
export function levelFit(course: Course, level: Level | undefined): number {
  const own = levels.indexOf(course.level as Level);
  if (!level || own < 0) return 1;
  const steps = Math.abs(own - levels.indexOf(level));
  return steps === 0 ? 1 : steps === 1 ? NEXT_LEVEL : 0;
}

/**
 * Less for a course that costs more than twice the dearest of those that the learner has taken, 1 where
 * any price is unknown, in another currency, or nothing was taken.
 */
export function priceFit(course: Course, taken: readonly Course[]): number {
  if (course.priceMinor === null) return 1;
  let dearest = 0;
  for (const { priceMinor, currency } of taken) {
    if (priceMinor !== null && currency === course.currency) dearest = Math.max(dearest, priceMinor);
  }
  return dearest > 0 && course.priceMinor > FAR * dearest ? DEARER : 1;
}

/** Whether a course is about one of the topics; no topics means any. Case does not matter. */
export function inTopics(course: Course, topics: readonly string[] | undefined): boolean {
  if (!topics?.length) return true;
  return sharedTopic(course, topics) !== undefined;
}

/** The course's own spelling of the first of its topics that is in the list. */
export function sharedTopic(course: Course, topics: readonly string[]): string | undefined {
  const wanted = new Set(topics.map((topic) => topic.toLowerCase()));
  return course.topics.find((topic) => wanted.has(topic.toLowerCase()));
}
