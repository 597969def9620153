import type { CourseTrack } from '../behaviour/history.ts';
import { courseTitle, type Course } from '../catalogue/course.ts';
import type { Text } from '../language/reply.ts';
import { topicName } from '../language/topic-name.ts';
import { FEWEST, LIKED } from './popularity.ts';
import type { Source } from './slate.ts';

/** Part of a score that one course of the history must bear before it is named as the cause. */
export const CARRIES = 0.3;

/**
 * What is known of why a course stands in a slate. Each field is there only when the data bears
 * it; `reasonOf` says nothing that is not in here.
 */
export interface Grounds {
  source: Source;
  /** The course of the learner's history that bore the largest part of the score. */
  carrier?: Carrier | undefined;
  /** The learner's own search that it answers, where this bore its score. */
  query?: string | undefined;
  /** Topic in which it is among the most taken of the last seven days, see `Standings`; '' for all courses together. */
  week?: string | undefined;
  /** The same, of all time. */
  popular?: string | undefined;
  /** The strongest topic of the learner's interest that the course is about. */
  interest?: string | undefined;
  /** A topic of the course that the learner said they like. */
  declared?: string | undefined;
  /** A topic of the course that the request asked for. */
  asked?: string | undefined;
  /** Of an explored course: a topic of it, where none of its topics is among the learner's. */
  unfamiliar?: string | undefined;
  /** Any topic of the course. */
  topic?: string | undefined;
  /** Whether it is a course of the sample, whose learners are simulated. */
  simulated?: boolean;
  /** Whether the score rests on a history at all. */
  personal: boolean;
}

/** A course of the history as the cause of a score. */
export interface Carrier {
  course: Course;
  track: CourseTrack;
  /** Its part of the score, in (0, 1]. */
  share: number;
  /** Learners who liked it and took the recommended course, see `Popularity.together`. */
  together: number;
}

type KeyedText = Extract<Text, { key: string }>;

/** What is said of other learners, told apart where these are simulated. */
const OF_OTHERS: ReadonlySet<string> = new Set([
  'reason.together',
  'reason.alike',
  'reason.week',
  'reason.week-topic',
  'reason.popular',
  'reason.popular-topic',
  'reason.similar-learners',
]);

function labelled(reason: KeyedText, simulated: boolean): Text {
  return simulated && OF_OTHERS.has(reason.key) ? { key: 'reason.simulated', args: { reason } } : reason;
}

/** Why the course stands there, in the sentence that says most of what is true. */
export function reasonOf(grounds: Grounds): Text {
  return labelled(sentence(grounds), grounds.simulated ?? false);
}

function sentence(grounds: Grounds): KeyedText {
  const { source, declared, asked, topic } = grounds;
  if (source === 'explore') {
    return grounds.unfamiliar ? about('reason.different', grounds.unfamiliar) : { key: 'reason.chance' };
  }
  return (
    (grounds.query !== undefined ? { key: 'reason.searched', args: { query: grounds.query } } : undefined) ??
    carried(grounds) ??
    crowd(grounds) ??
    (grounds.interest ? about('reason.interest', grounds.interest) : undefined) ??
    (source === 'user-knn' ? { key: 'reason.alike' } : undefined) ??
    (declared ? about('reason.declared', declared) : undefined) ??
    (grounds.personal ? { key: 'reason.history' } : undefined) ??
    (asked ? about('reason.asked', asked) : undefined) ??
    (topic ? about('reason.topic', topic) : { key: 'reason.catalogue' })
  );
}

/** Parts that rest on who took two courses together. */
const COMPANY: ReadonlySet<Source> = new Set(['item-knn', 'ease', 'user-knn', 'markov']);

/** Names the course of the history that carried the score, by the most that the learner did with it. */
function carried({ carrier, source }: Grounds): KeyedText | undefined {
  if (!carrier || carrier.share < CARRIES) return undefined;
  const { track, together } = carrier;
  const args = { course: courseTitle(carrier.course) };
  const liked = track.rating !== null && track.rating >= LIKED;
  if (liked && together >= FEWEST && COMPANY.has(source)) return { key: 'reason.together', args };
  if (track.completed) return { key: 'reason.finished', args };
  if (liked) return { key: 'reason.rated', args };
  if (track.progress > 0) return { key: 'reason.began', args };
  if (track.owned) return { key: 'reason.owned', args };
  if (track.saved) return { key: 'reason.saved', args };
  if (track.done.view) return { key: 'reason.viewed', args };
  return { key: 'reason.interested', args };
}

/** What many did, where that is what ranked the course. */
function crowd({ source, week, popular }: Grounds): KeyedText | undefined {
  if (source === 'trending' && week !== undefined) {
    return week === '' ? { key: 'reason.week' } : about('reason.week-topic', week);
  }
  if ((source === 'trending' || source === 'popular') && popular !== undefined) {
    return popular === '' ? { key: 'reason.popular' } : about('reason.popular-topic', popular);
  }
  return undefined;
}

/** Of a list of similar courses: what it has to do with the course that was asked about. */
export function similarReason(
  like: Course,
  { source, topic }: { source: 'item-knn' | 'content'; topic: string | undefined },
): Text {
  const course = courseTitle(like);
  if (source === 'item-knn') return labelled({ key: 'reason.similar-learners', args: { course } }, like.simulated);
  if (topic) return { key: 'reason.similar-topic', args: { course, topic: topicName(topic) } };
  return { key: 'reason.similar-content', args: { course } };
}

function about(key: string, topic: string): KeyedText {
  return { key, args: { topic: topicName(topic) } };
}
