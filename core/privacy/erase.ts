import type { Database } from '../../prisma/connect.ts';
import { erasePerson } from './store.ts';

/**
 * Erases a person for good: behaviour, interest, consents, addresses, messages, sessions and
 * conversations go. What stays names nobody: sales, coupons and places in campaigns without the
 * person, and a keyed hash of each external id, by which a repeated import leaves them out.
 *
 * @returns false when there is no such learner (any more).
 */
export function eraseLearner(db: Database, learnerId: string): Promise<boolean> {
  return erasePerson(db, learnerId);
}
