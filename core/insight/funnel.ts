import type { EventTypeName } from '../behaviour/event-types.ts';

/** The way of a learner through the community; each step is reached by any of its event types. */
export const funnelSteps = [
  { step: 'register', types: ['register'] },
  { step: 'view', types: ['view', 'click'] },
  { step: 'enrol-or-save', types: ['enrol', 'save'] },
  { step: 'purchase', types: ['purchase'] },
  { step: 'complete', types: ['complete'] },
] as const satisfies readonly { step: string; types: readonly EventTypeName[] }[];

export type FunnelStep = (typeof funnelSteps)[number]['step'];

export interface FunnelRow {
  step: FunnelStep;
  /** Distinct learners who took this step in the window, whether or not they took an earlier one. */
  learners: number;
  /** Of the learners of the step before, the share in [0, 1] who also took this one; null where there is nobody to convert. */
  conversion: number | null;
}

/**
 * The funnel from the steps that learners took together.
 *
 * @param counts how many learners took exactly each set of steps: bit i of `steps` stands for `funnelSteps[i]`.
 */
export function funnel(counts: readonly { steps: number; learners: number }[]): FunnelRow[] {
  const withAll = (bits: number) =>
    counts.reduce((sum, { steps, learners }) => sum + ((steps & bits) === bits ? learners : 0), 0);
  return funnelSteps.map(({ step }, index) => {
    const bit = 1 << index;
    const before = index === 0 ? 0 : withAll(bit >> 1);
    return { step, learners: withAll(bit), conversion: before === 0 ? null : withAll(bit | (bit >> 1)) / before };
  });
}
