import type { Event } from '../../behaviour/event.ts';
import { LOOKED_AT } from '../../campaign/suggest.ts';
import { emptyState, foldEvent, type LearnerState } from '../../interest/state.ts';
import { mayPersonalise } from '../../learner/consent.ts';
import type { Learner } from '../../learner/learner.ts';
import { chanceAt, type Placing } from './placing.ts';
import type { Context, Policy } from './policies.ts';
import type { Impression } from './rewards.ts';

/** A list of courses as one learner was shown it. */
export interface LoggedSlate {
  id: string;
  learnerId: string;
  at: Date;
  /** Id of the version that made it; null where none is named. */
  modelVersion: string | null;
  /** By position. */
  items: Impression[];
}

export interface LearnerLog {
  learner: Learner;
  /** In the order of time. */
  slates: readonly LoggedSlate[];
  /** Everything they did, in any order. */
  events: readonly Event[];
}

/** A logged slate in the context it was made in. */
export interface Replayed {
  slate: LoggedSlate;
  context: Context;
  /** Whether the version that made it gives the logged propensities in this context; undefined where it is not kept. */
  agrees: boolean | undefined;
}

export interface ReplayOptions {
  list: string;
  /** The version that made a slate, under the settings of then; undefined where it is not kept. */
  madeBy: (version: string | null) => Policy | undefined;
  /** Course id → index in the catalogue, −1 for one that is gone. */
  indexOf: (courseId: string) => number;
}

/** Courses shown within such a time before are left out by "show me others". */
const SESSION = 3_600_000;
/** Relative difference of two propensities that are the same. */
const SAME = 0.01;

/**
 * Rebuilds what was known when each slate was made: the fold of what the learner had done before
 * that moment, nothing later. What the log does not say (topics asked for, courses shown just before
 * and left out) is tried: with nothing left out, then without what the session had shown. The version
 * that made the slate tells whether the context is the true one, as it must give the logged propensities.
 *
 * The state of a yielded context grows with the next one: read it at once.
 */
export function* replay({ learner, slates, events }: LearnerLog, options: ReplayOptions): Generator<Replayed> {
  const past = events
    .filter(({ setAside }) => setAside === null)
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
  const personal = mayPersonalise(learner);
  const state = emptyState(learner.declaredTopics);
  let folded = 0;
  for (const [index, slate] of slates.entries()) {
    while (folded < past.length && past[folded]!.occurredAt < slate.at) foldEvent(state, past[folded++]!);
    const plain = contextOf(learner, slate, personal ? state : undefined, options.list);
    const maker = options.madeBy(slate.modelVersion);
    if (!maker) {
      yield { slate, context: plain, agrees: undefined };
      continue;
    }
    const exclude = shownBefore(slates, index);
    const tries = exclude.length === 0 ? [plain] : [plain, { ...plain, exclude }];
    const found = tries.find((context) => sameChances(maker.place(context), slate.items, options));
    yield { slate, context: found ?? plain, agrees: found !== undefined };
  }
}

function contextOf(learner: Learner, slate: LoggedSlate, state: LearnerState | undefined, list: string): Context {
  // A message shows one course of a longer slate, a conversation the whole.
  const whole = slate.items.every(({ position }, index) => position === index) && list !== 'push';
  return {
    ...(state && { state, declaredTopics: learner.declaredTopics }),
    ...(learner.language && { language: learner.language }),
    ...(state && learner.level && { level: learner.level }),
    ...(list === 'push' && { topics: learner.messageTopics }),
    count: whole ? slate.items.length : LOOKED_AT,
    now: slate.at,
    list,
  };
}

/** Courses of the slates that lead up to this one without a longer pause. */
function shownBefore(slates: readonly LoggedSlate[], index: number): string[] {
  const shown = new Set<string>();
  for (let at = index; at > 0; at--) {
    const [before, after] = [slates[at - 1]!, slates[at]!];
    if (after.at.getTime() - before.at.getTime() > SESSION) break;
    for (const { courseId } of before.items) shown.add(courseId);
  }
  return [...shown];
}

function sameChances(placed: Placing, items: readonly Impression[], { indexOf }: ReplayOptions): boolean {
  return items.every(({ courseId, position, propensity }) => {
    const chance = chanceAt(placed, indexOf(courseId), position);
    return Math.abs(chance - propensity) <= SAME * propensity;
  });
}
