import type { Language, Text } from '../language/reply.ts';
import type { Level } from '../learner/learner.ts';
import type { LearnerState } from '../interest/state.ts';
import type { Random } from '../numerics/random.ts';
import type { PartName } from './ranker.ts';

/** What is asked of the recommender: for whom, what kind, and with which clock and chance. */
export interface Request {
  /** Only for the slate's id; nothing is looked up by it. */
  learnerId?: string;
  /** What the learner did. Absent: a request that knows no person, answered without one. */
  state?: LearnerState;
  /** Topics that the learner said they like; they carry a learner without history. */
  declaredTopics?: readonly string[];
  /** Most courses wanted; fewer come when fewer are allowed. */
  count: number;
  now: Date;
  /** Logged with the impressions: 'recommend' | 'push' | 'campaign' … */
  list: string;
  /** Only courses of one of these topics; empty or absent means all. */
  topics?: readonly string[];
  /** Courses in this language come first, others are not left out. */
  language?: Language;
  /** Courses one step off come later, two steps off not at all; unknown levels fit. */
  level?: Level;
  /** Courses that must not come, whatever the state says (a list just shown, the course at hand). */
  exclude?: readonly string[];
  /** false: no explored slots (a coupon message wants the best guess). */
  explore?: boolean;
  random: Random;
}

export interface SimilarOptions {
  count: number;
  now: Date;
  random: Random;
  exclude?: readonly string[];
  /** Where given, the learner's owned and dismissed courses are left out. */
  state?: LearnerState;
  learnerId?: string;
}

/** What put a course into a slate. */
export type Source =
  /** The part of the ranker that spoke for it the most; 'catalogue' is its neighbours on the shelf. */
  | PartName
  /** The ranker, where no single part stands out. */
  | 'hybrid'
  /** What the learner searched for. */
  | 'search'
  /** In a topic that the learner declared or asked for, where nothing else is known. */
  | 'topic'
  /** Nothing is known at all: newest of the catalogue first. */
  | 'newest'
  /** Drawn by chance for an explored slot. */
  | 'explore';

export interface SlateItem {
  courseId: string;
  /** Comparable within one slate only. */
  score: number;
  /** 0-based. */
  position: number;
  /** Probability with which the policy puts this course into this position, in (0, 1]. */
  propensity: number;
  source: Source;
  reason: Text;
}

/** An ordered list of recommended courses, as logged by its impressions. */
export interface Slate {
  /** UUID. */
  id: string;
  list: string;
  modelVersion: string;
  items: SlateItem[];
}

export interface Recommender {
  /** Id of the model version, or 'untrained'. Goes into every slate as `modelVersion`. */
  readonly version: string;
  recommend(request: Request): Slate;
  /** Courses like this one; an unknown course has none. List: 'similar'. */
  similar(courseId: string, options: SimilarOptions): Slate;
}
