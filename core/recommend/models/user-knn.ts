import { z } from 'zod';
import { transpose } from '../../numerics/sparse.ts';
import { historyAt } from '../dataset.ts';
import { decayedWeights, strongest } from '../decay.ts';
import { cutOf, cuts, type Cut } from '../held-out.ts';
import type { Artefact, Dataset, History, Model, ModelType } from '../model.ts';
import {
  dampedMean,
  fitBaseline,
  leniency,
  loadBaseline,
  predictRating,
  saveBaseline,
  type RatingBaseline,
} from '../rating.ts';

const config = z.strictObject({
  /** Learners of the training data that are kept to be asked, evenly drawn; bounds time and size. */
  learners: z.int().positive().default(30_000),
  /** Most similar learners that are asked. */
  neighbours: z.int().positive().default(200),
  /** λ of the shrinkage n / (n + λ), n being the courses in common. */
  shrink: z.number().min(0).default(1),
  /** Fewer courses in common than this make no neighbour; never more than the history holds. */
  minOverlap: z.int().positive().default(1),
  /** Factor by which each step back in the history counts less; 'auto': not at all where order means nothing. */
  step: z.union([z.number().min(0).max(1), z.literal('auto')]).default('auto'),
  /** Which courses will be asked for. */
  cut: z.enum(cuts).default('auto'),
  seed: z.int().default(1),
});
type Config = z.output<typeof config>;

const STEP = 0.8;

type Settled = Config & { step: number };

/** Likeness that counts against the neighbours of a rating. */
const RATING_DAMPING = 0.5;

/** What is kept of the learners: their courses and nothing that tells who they are. */
interface Rows {
  starts: Int32Array;
  items: Int32Array;
  /** Rating of each, against the learner's own mean and the course's; NaN where none was given. */
  deviations: Float32Array;
  courses: number;
}

/**
 * Learners who took the same courses: cosine over each one's full vector (Herlocker et al. 1999), shrunk by
 * n / (n + λ).
 * A neighbour whose courses are all in the history has nothing to offer and is left out, so a
 * learner of the training data is never their own neighbour. The rows carry no learner ids.
 *
 * Memory: 16 bytes for each taking of the 30,000 learners that are kept at most, and 16 for each of them.
 */
export const userKnn = {
  name: 'user-knn',
  config,
  serves: { coldLearner: false, coldCourse: false, freshHistory: true },
  fit(dataset, settings) {
    const baseline = fitBaseline(dataset);
    const step = settings.step === 'auto' ? stepOf(cutOf(settings.cut, dataset, settings.seed)) : settings.step;
    return model(rowsOf(dataset, baseline, settings.learners), { ...settings, step }, baseline);
  },
  load(artefact, courses) {
    const { starts, items, deviations } = artefact.arrays;
    return model(
      {
        starts: starts as Int32Array,
        items: items as Int32Array,
        deviations: deviations as Float32Array,
        courses: courses.length,
      },
      artefact.json as Settled,
      loadBaseline(artefact),
    );
  },
} satisfies ModelType<typeof config>;

/** How far order counts where such courses are asked for. */
export function stepOf(cut: Cut): number {
  return cut === 'random' ? 1 : STEP;
}

/** Learners with one course have no further course to offer, and are left out. */
function rowsOf(dataset: Dataset, baseline: RatingBaseline | undefined, most: number): Rows {
  const stride = Math.max(1, dataset.learners.length / most);
  const starts = [0];
  const items: number[] = [];
  const deviations: number[] = [];
  for (let nth = 0; nth < dataset.learners.length; nth += stride) {
    const { items: own, ratings } = historyAt(dataset, Math.floor(nth));
    if (own.length < 2) continue;
    const usual = baseline ? baseline.mean + leniency(baseline, { items: own, ratings }) : NaN;
    own.forEach((item, at) => {
      items.push(item);
      deviations.push(ratings[at]! - usual - (baseline?.bias[item] ?? 0));
    });
    starts.push(items.length);
  }
  return {
    starts: Int32Array.from(starts),
    items: Int32Array.from(items),
    deviations: Float32Array.from(deviations),
    courses: dataset.courses.length,
  };
}

interface Neighbour {
  person: number;
  similarity: number;
}

function model(rows: Rows, settings: Settled, baseline: RatingBaseline | undefined): Model {
  const { starts, items, deviations } = rows;
  const people = starts.length - 1;
  const takers = transpose({ rows: people, columns: rows.courses, starts, indices: items, values: deviations });
  const dots = new Float64Array(people);
  const overlaps = new Int32Array(people);
  const touched = new Int32Array(people);

  // A slate asks for one score and several explanations of the same history.
  let last: { history: History; found: Neighbour[] } | undefined;
  const neighboursOf = (history: History): readonly Neighbour[] => {
    if (last?.history !== history) last = { history, found: findNeighbours(history) };
    return last.found;
  };
  const findNeighbours = (history: History): Neighbour[] => {
    const past = decayedWeights(history, settings.step);
    let count = 0;
    let squares = 0;
    for (const { item, weight } of past) {
      squares += weight * weight;
      for (let at = takers.starts[item]!; at < takers.starts[item + 1]!; at++) {
        const person = takers.indices[at]!;
        if (overlaps[person]! === 0) touched[count++] = person;
        overlaps[person]!++;
        dots[person]! += weight;
      }
    }
    const length = Math.sqrt(squares);
    const needed = Math.min(settings.minOverlap, past.length);
    const similarities = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const person = touched[i]!;
      const size = starts[person + 1]! - starts[person]!;
      const both = overlaps[person]!;
      if (both >= needed && both < size) {
        similarities[i] = (dots[person]! / (length * Math.sqrt(size))) * (both / (both + settings.shrink));
      }
      overlaps[person] = 0;
      dots[person] = 0;
    }
    const floor = thresholdOf(similarities, settings.neighbours);
    const found: Neighbour[] = [];
    for (let i = 0; i < count; i++) {
      if (similarities[i]! > 0 && similarities[i]! >= floor) {
        found.push({ person: touched[i]!, similarity: similarities[i]! });
      }
    }
    return found;
  };

  return {
    name: 'user-knn',
    score(history) {
      const scores = new Float32Array(rows.courses);
      for (const { person, similarity } of neighboursOf(history)) {
        for (let at = starts[person]!; at < starts[person + 1]!; at++) scores[items[at]!]! += similarity;
      }
      return scores;
    },
    because(history, item) {
      const part = new Map<number, number>();
      const weights = new Map(decayedWeights(history, settings.step).map((past) => [past.item, past.weight]));
      for (const { person, similarity } of neighboursOf(history)) {
        const row = items.subarray(starts[person], starts[person + 1]);
        if (!row.includes(item)) continue;
        let total = 0;
        for (const one of row) total += weights.get(one) ?? 0;
        for (const one of row) {
          const weight = weights.get(one);
          if (weight !== undefined) part.set(one, (part.get(one) ?? 0) + (similarity * weight) / total);
        }
      }
      return strongest([...part].map(([past, share]) => ({ item: past, part: share })));
    },
    rate(history, item) {
      if (!baseline) return undefined;
      const rated = neighboursOf(history).flatMap(({ person, similarity }) => {
        const at = items.subarray(starts[person], starts[person + 1]).indexOf(item);
        const deviation = at < 0 ? NaN : deviations[starts[person]! + at]!;
        return Number.isNaN(deviation) ? [] : [{ weight: similarity, deviation }];
      });
      return predictRating(baseline, history, item, dampedMean(rated, RATING_DAMPING));
    },
    save: (): Artefact => ({ json: settings, arrays: { starts, items, deviations, ...saveBaseline(baseline) } }),
  };
}

/** The similarity that the k-th best reaches; all that tie with it are taken, so no order decides. */
function thresholdOf(similarities: Float32Array, k: number): number {
  if (similarities.length <= k) return 0;
  // Only the bucket in which the k-th best lies needs sorting.
  const buckets = new Int32Array(BUCKETS + 1);
  for (const similarity of similarities) buckets[bucketOf(similarity)]!++;
  let above = 0;
  let bucket = BUCKETS;
  while (above + buckets[bucket]! < k) above += buckets[bucket--]!;
  const inside = similarities.filter((similarity) => bucketOf(similarity) === bucket).sort();
  return inside[inside.length - (k - above)]!;
}

const BUCKETS = 1024;
/** Of a similarity in [0, 1]; the least similar, which are many and never chosen, share few. */
function bucketOf(similarity: number): number {
  return Math.floor(Math.min(1, similarity) * BUCKETS);
}
