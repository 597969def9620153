import { FEATURES, featureList, groupOf, GROUPS, type PartName } from './features.ts';

/** Weights of the features by group of learners. */
export interface Blend {
  /** [group][feature], in units of the raw features. */
  weights: Float64Array;
  /** Weighted sum of each course's features: [course][feature] → [course]. */
  utilities(x: Float32Array, historyLength: number): Float32Array;
  /** What each part added to one course beyond what it adds on average over all courses. */
  contributions(x: Float32Array, course: number, historyLength: number): Map<PartName, number>;
}

export function blendOf(weights: Float64Array): Blend {
  const weightsOf = (historyLength: number): Float64Array => {
    const group = groupOf(historyLength);
    return weights.subarray(group * FEATURES, (group + 1) * FEATURES);
  };
  const meansOf = new WeakMap<Float32Array, Float64Array>();
  return {
    weights,
    utilities(x, historyLength) {
      const w = weightsOf(historyLength);
      const utilities = new Float32Array(x.length / FEATURES);
      for (let course = 0, at = 0; course < utilities.length; course++, at += FEATURES) {
        let sum = 0;
        for (let f = 0; f < FEATURES; f++) sum += w[f]! * x[at + f]!;
        utilities[course] = sum;
      }
      return utilities;
    },
    contributions(x, course, historyLength) {
      const w = weightsOf(historyLength);
      // A slate asks for several courses of the same features.
      let means = meansOf.get(x);
      if (!means) meansOf.set(x, (means = featureMeans(x)));
      const found = new Map<PartName, number>();
      featureList.forEach(({ part }, f) => {
        const added = w[f]! * (x[course * FEATURES + f]! - means[f]!);
        found.set(part, (found.get(part) ?? 0) + added);
      });
      return found;
    },
  };
}

function featureMeans(x: Float32Array): Float64Array {
  const courses = x.length / FEATURES;
  const means = new Float64Array(FEATURES);
  for (let at = 0; at < x.length; at += FEATURES) {
    for (let f = 0; f < FEATURES; f++) means[f]! += x[at + f]! / courses;
  }
  return means;
}

/** The weights that stand before anything is learned, the same for all learners. */
export function priorBlend(): Blend {
  return blendOf(Float64Array.from({ length: GROUPS * FEATURES }, (_, at) => featureList[at % FEATURES]!.prior));
}
