import { FEATURES, featureList, groupOf, GROUPS, type Columns, type PartName } from './features.ts';

/** Weights of the features by group of learners. */
export interface Blend {
  /** [group][feature], in units of the raw features. */
  weights: Float64Array;
  /** Weighted sum of each course's features. */
  utilities(columns: Columns, courses: number, historyLength: number): Float32Array;
  /** What each part added to one course beyond what it adds on average over all courses. */
  contributions(columns: Columns, course: number, historyLength: number): Map<PartName, number>;
}

export function blendOf(weights: Float64Array): Blend {
  const weightsOf = (historyLength: number): Float64Array => {
    const group = groupOf(historyLength);
    return weights.subarray(group * FEATURES, (group + 1) * FEATURES);
  };
  const meansOf = new WeakMap<Columns, Float64Array>();
  return {
    weights,
    utilities(columns, courses, historyLength) {
      const w = weightsOf(historyLength);
      const sums = new Float64Array(courses);
      columns.forEach((column, f) => {
        const weight = w[f]!;
        if (!column || weight === 0) return;
        for (let course = 0; course < courses; course++) sums[course]! += weight * column[course]!;
      });
      return Float32Array.from(sums);
    },
    contributions(columns, course, historyLength) {
      const w = weightsOf(historyLength);
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
  return blendOf(Float64Array.from({ length: GROUPS * FEATURES }, (_, at) => featureList[at % FEATURES]!.prior));
}
