import type { ConsentKind, Learner } from './learner.ts';

/** Version of the words by which consent is asked; raise it when their meaning changes. */
export const CONSENT_WORDING = '1';

/** Whether behaviour of this learner may be stored at all. */
export function mayRecord(learner: Pick<Learner, 'recording'> | undefined): boolean {
  return learner?.recording === true;
}

/** Whether recommendations may use what is known of the person. */
export function mayPersonalise(learner: Pick<Learner, 'recording' | 'personalised'> | undefined): boolean {
  return learner?.recording === true && learner.personalised;
}

/** One consent given or withdrawn, as it is kept for proof. */
export interface Consent {
  learnerId: string;
  kind: ConsentKind;
  granted: boolean;
  /** Where it was given: a channel, or 'import', 'api', 'sample'. */
  channel: string;
  /** Version of the words the person saw, see `CONSENT_WORDING`. */
  wording: string;
  at: Date;
}
