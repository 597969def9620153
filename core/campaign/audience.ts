import type { Catalogue } from '../catalogue/catalogue.ts';
import type { LearnerState } from '../interest/state.ts';
import { mayPersonalise } from '../learner/consent.ts';
import type { Learner } from '../learner/learner.ts';
import type { Plan } from './plan.ts';
import { audienceFacts, looksAtBehaviour, matches } from './segments.ts';

/** Whether a plan's rule names a learner; nobody who did not agree to it is looked at by their behaviour. */
export function inAudience(
  catalogue: Pick<Catalogue, 'get'>,
  { audience }: Pick<Plan, 'audience'>,
  learner: Learner,
  state: LearnerState | undefined,
  now: Date,
): boolean {
  if (!state || (looksAtBehaviour(audience) && !mayPersonalise(learner))) return false;
  return matches(
    audience,
    audienceFacts(learner, state, now, (id) => catalogue.get(id)),
  );
}
