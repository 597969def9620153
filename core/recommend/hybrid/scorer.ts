import type { CourseFacts, History } from '../model.ts';
import { addTrees, treeContributions } from './boosted.ts';
import { deepTerms } from './deepen.ts';
import { featuresOf, type Columns, type PartName } from './features.ts';
import type { Learned } from './learn.ts';

/** Everything that ranks the courses for one history and clock. */
export interface Scored {
  /** Logarithms of probabilities, up to a constant. */
  utilities: Float32Array;
  /** What each part added to one course beyond what it adds on average over all courses. */
  contributions(course: number): Map<PartName, number>;
}

/** Of a learner with a history. */
export function scoreHistory(learned: Learned, courses: readonly CourseFacts[], history: History, now: number): Scored {
  const { blend, boosted, deepened, parts, signals, sense, temperature } = learned;
  const columns: Columns = featuresOf(learned, courses, history, now, sense);
  const utilities = blend.utilities(columns, courses.length, history, now);
  if (boosted) addTrees(boosted, columns, utilities);
  const deep = deepened && deepTerms(deepened, parts, signals.counts, history, now);
  const scale = (deep?.scale ?? 1) * temperature;
  for (let course = 0; course < utilities.length; course++) utilities[course]! *= scale;
  for (const term of deep?.terms.values() ?? []) {
    for (let course = 0; course < utilities.length; course++) utilities[course]! += temperature * term[course]!;
  }
  return {
    utilities,
    contributions(course) {
      const found = new Map<PartName, number>();
      const add = (part: PartName, amount: number): void => void found.set(part, (found.get(part) ?? 0) + amount);
      for (const [part, amount] of blend.contributions(columns, course, history, now)) add(part, scale * amount);
      if (boosted) for (const [part, amount] of treeContributions(boosted, columns, course)) add(part, scale * amount);
      for (const [name, term] of deep?.terms ?? []) {
        const mean = term.reduce((sum, one) => sum + one, 0) / term.length;
        add(name, temperature * (term[course]! - mean));
      }
      return found;
    },
  };
}
