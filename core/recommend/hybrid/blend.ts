import type { History } from '../model.ts';
import { FEATURES, featureList, type Columns, type PartName } from './features.ts';
import { ALL_GROUPS, GROUPS, groupsOf } from './groups.ts';

/** Weights of the features by group of learners. */
export interface Blend {
  /** [group][feature], in units of the raw features: whole weights by length of the history, then what each gap adds. */
  weights: Float64Array;
  /** Weighted sum of each course's features. */
  utilities(columns: Columns, courses: number, history: History, now: number): Float32Array;
  /** What each part added to one course beyond what it adds on average over all courses. */
  contributions(columns: Columns, course: number, history: History, now: number): Map<PartName, number>;
}

export function blendOf(weights: Float64Array): Blend {
  const weightsOf = (history: History, now: number): Float64Array => {
    const sum = new Float64Array(FEATURES);
    for (const group of groupsOf(history, now)) {
      for (let f = 0; f < FEATURES; f++) sum[f]! += weights[group * FEATURES + f]!;
    }
    return sum;
  };
  const meansOf = new WeakMap<Columns, Float64Array>();
  return {
    weights,
    utilities(columns, courses, history, now) {
      const w = weightsOf(history, now);
      const sums = new Float64Array(courses);
      columns.forEach((column, f) => {
        const weight = w[f]!;
        if (!column || weight === 0) return;
        for (let course = 0; course < courses; course++) sums[course]! += weight * column[course]!;
      });
      return new Float32Array(sums);
    },
    contributions(columns, course, history, now) {
      const w = weightsOf(history, now);
      // A slate asks for several courses of the same features.
      let means = meansOf.get(columns);
      if (!means) meansOf.set(columns, (means = Float64Array.from(columns, mean)));
      const found = new Map<PartName, number>();
      columns.forEach((column, f) => {
        if (!column) return;
        const { part } = featureList[f]!;
        found.set(part, (found.get(part) ?? 0) + w[f]! * (column[course]! - means[f]!));
      });
      return found;
    },
  };
}

function mean(column: Float32Array | undefined): number {
  if (!column || column.length === 0) return 0;
  let sum = 0;
  for (const value of column) sum += value;
  return sum / column.length;
}

/** The weights that stand before anything is learned, the same for all learners. */
export function priorBlend(): Blend {
  return blendOf(
    Float64Array.from({ length: ALL_GROUPS * FEATURES }, (_, at) =>
      at < GROUPS * FEATURES ? featureList[at % FEATURES]!.prior : 0,
    ),
  );
}
