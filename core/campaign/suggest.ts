import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Course } from '../catalogue/course.ts';
import type { LearnerState } from '../interest/state.ts';
import { mayPersonalise } from '../learner/consent.ts';
import type { Learner } from '../learner/learner.ts';
import { createRandom } from '../numerics/random.ts';
import type { Recommender, Slate } from '../recommend/slate.ts';
import { seedOf } from './assignment.ts';
import type { Suggestion } from './offer.ts';

export interface Wanted {
  /** 'push' | 'campaign' */
  list: string;
  /** The same words give the same chance. */
  seed: readonly string[];
  now: Date;
  exclude?: readonly string[];
  /** false for the best guess. */
  explore: boolean;
  accept?: (course: Course) => boolean;
}

/** Courses looked at; more than one because some are not acceptable. */
export const LOOKED_AT = 10;

/**
 * The learner's own course for a message: the first of their slate that is acceptable, within the
 * topics they want messages about. People who turned personalisation off get one that knows nothing of them.
 */
export function suggest(
  recommender: Recommender,
  catalogue: Pick<Catalogue, 'get'>,
  learner: Learner,
  state: LearnerState | undefined,
  { list, seed, now, exclude, explore, accept = () => true }: Wanted,
): Suggestion | undefined {
  const personal = mayPersonalise(learner);
  const slate: Slate = recommender.recommend({
    learnerId: learner.id,
    ...(personal && state && { state, declaredTopics: learner.declaredTopics }),
    count: LOOKED_AT,
    now,
    list,
    topics: learner.messageTopics,
    ...(learner.language && { language: learner.language }),
    ...(personal && learner.level && { level: learner.level }),
    ...(exclude && { exclude }),
    explore,
    random: createRandom(seedOf(...seed)),
  });
  for (const item of slate.items) {
    const course = catalogue.get(item.courseId);
    if (course && !course.archived && accept(course)) return { slate, item, course };
  }
  return undefined;
}
