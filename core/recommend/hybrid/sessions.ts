import { transpose, type Csr } from '../../numerics/sparse.ts';
import { decayedWeights } from '../decay.ts';
import type { Artefact, Dataset, History } from '../model.ts';

/** Learners that are kept to be asked, evenly drawn; bounds time and size. */
const MOST_LEARNERS = 30_000;
/** Of a history only so many of the newest courses look for neighbours. */
const LOOKED_BACK = 12;
const STEP = 0.7;
const NEIGHBOURS = 300;
/** λ of the shrinkage n / (n + λ), n being the courses in common. */
const SHRINK = 1;
/** What each place away from the course in common counts less, and what came before it at all. */
const PLACE_DECAY = 0.7;
const BEFORE = 0.3;

/**
 * What learners who went the same way did near the point where they were at the same course: nearest
 * neighbours of the history as in `user-knn`, each of whose courses counts less the further it stands
 * from the newest course in common (after STAN, Garg et al. 2019). Keeps rows of courses, no learner.
 */
export interface Sessions {
  score(history: History): Float32Array;
  save(): Artefact;
}

/** Courses of each kept learner, oldest first. */
interface Rows {
  starts: Int32Array;
  items: Int32Array;
}

export function fitSessions(dataset: Dataset): Sessions {
  const stride = Math.max(1, dataset.learners.length / MOST_LEARNERS);
  const starts = [0];
  const items: number[] = [];
  for (let nth = 0; nth < dataset.learners.length; nth += stride) {
    const learner = Math.floor(nth);
    const [from, to] = [dataset.starts[learner]!, dataset.starts[learner + 1]!];
    if (to - from < 2) continue;
    for (let at = from; at < to; at++) items.push(dataset.items[at]!);
    starts.push(items.length);
  }
  return sessions({ starts: Int32Array.from(starts), items: Int32Array.from(items) }, dataset.courses.length);
}

export function loadSessions({ json, arrays }: Artefact): Sessions {
  const { starts, items } = arrays as { starts: Int32Array; items: Int32Array };
  return sessions({ starts, items }, (json as { courses: number }).courses);
}

function sessions({ starts, items }: Rows, courses: number): Sessions {
  const people = starts.length - 1;
  const rows: Csr = { rows: people, columns: courses, starts, indices: items, values: new Float32Array(items.length) };
  const takers = transpose(rows);
  const likeness = new Float32Array(people);
  const overlaps = new Uint16Array(people);
  const touched = new Int32Array(people);

  /** Fills `likeness` of the first `count` of `touched`, and forgets what was counted for it. */
  const alike = (past: readonly { item: number; weight: number }[]): number => {
    let count = 0;
    for (const { item, weight } of past) {
      for (let at = takers.starts[item]!; at < takers.starts[item + 1]!; at++) {
        const person = takers.indices[at]!;
        if (overlaps[person]! === 0) {
          touched[count++] = person;
          likeness[person] = 0;
        }
        overlaps[person]!++;
        likeness[person]! += weight;
      }
    }
    for (let i = 0; i < count; i++) {
      const person = touched[i]!;
      const both = overlaps[person]!;
      likeness[person]! *= both / (both + SHRINK) / Math.sqrt(starts[person + 1]! - starts[person]!);
      overlaps[person] = 0;
    }
    return count;
  };

  return {
    score(history) {
      const scores = new Float32Array(courses);
      const past = decayedWeights(history, STEP).slice(0, LOOKED_BACK);
      const recency = new Map(past.map(({ item }, back) => [item, back]));
      const count = alike(past);
      const found = touched.subarray(0, count);
      const least = found.length <= NEIGHBOURS ? 0 : nthLargest(found, likeness, NEIGHBOURS);
      for (const person of found) {
        if (likeness[person]! < least) continue;
        const [from, to] = [starts[person]!, starts[person + 1]!];
        let common = from;
        let newest = Infinity;
        for (let at = from; at < to; at++) {
          const back = recency.get(items[at]!) ?? Infinity;
          if (back <= newest && back < Infinity) [common, newest] = [at, back];
        }
        let share = likeness[person]!;
        for (let at = common + 1; at < to; at++, share *= PLACE_DECAY) scores[items[at]!]! += share;
        share = likeness[person]! * BEFORE;
        for (let at = common - 1; at >= from; at--, share *= PLACE_DECAY) scores[items[at]!]! += share;
      }
      return scores;
    },
    save: () => ({ json: { courses }, arrays: { starts, items } }),
  };
}

function nthLargest(people: Int32Array, likeness: Float32Array, n: number): number {
  const sorted = Float32Array.from(people, (person) => likeness[person]!).sort();
  return sorted[sorted.length - n]!;
}
