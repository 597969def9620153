import { z } from 'zod';
import { courseCounts } from '../dataset.ts';
import type { Artefact, Model, ModelType } from '../model.ts';

/** How many learners took each course; the same for everybody. The yardstick for all others. */
export const popular = {
  name: 'popular',
  config: z.strictObject({}),
  serves: { coldLearner: true, coldCourse: false, freshHistory: true },
  fit: (dataset) => model(Float32Array.from(courseCounts(dataset))),
  load: (artefact) => model(artefact.arrays['counts'] as Float32Array),
} satisfies ModelType;

function model(counts: Float32Array): Model {
  return {
    name: 'popular',
    score: () => counts.slice(),
    save: (): Artefact => ({ json: {}, arrays: { counts } }),
  };
}
