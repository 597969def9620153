import type { Database } from '../../prisma/connect.ts';
import { exportLearner as exportFromLearners } from '../learner/erasure/store.ts';
import { personalRows, type PersonalRow, type PersonalSection } from './store.ts';

/** Everything that is stored about a person, JSON-safe. */
export type PersonalExport = Record<PersonalSection, PersonalRow[]> & {
  /** Who they are to us: choices, consents with their proofs, external ids, addresses. */
  learner: PersonalRow;
};

/** @returns undefined when there is no such learner. */
export async function exportLearner(db: Database, learnerId: string): Promise<PersonalExport | undefined> {
  const learner = await exportFromLearners(db, learnerId);
  if (!learner) return undefined;
  const sections = await personalRows(db, learnerId);
  return {
    learner: JSON.parse(JSON.stringify(learner)) as PersonalRow,
    ...(Object.fromEntries(
      Object.entries(sections).map(([section, rows]) => [section, rows.map(camelCased)]),
    ) as typeof sections),
  };
}

/** Names of columns as the rest of the product has them: `occurred_at` is `occurredAt`. */
function camelCased(row: PersonalRow): PersonalRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
