import { z } from 'zod';
import { courseCounts } from '../dataset.ts';
import type { Artefact, Model, ModelType } from '../model.ts';
import { fitBaseline, loadBaseline, predictRating, saveBaseline, type RatingBaseline } from '../rating.ts';

/** How many learners took each course; the same for everybody. The yardstick for all others. */
export const popular = {
  name: 'popular',
  config: z.strictObject({}),
  serves: { coldLearner: true, coldCourse: false, freshHistory: true },
  fit: (dataset) => model(Float32Array.from(courseCounts(dataset)), fitBaseline(dataset)),
  load: (artefact) => model(artefact.arrays['counts'] as Float32Array, loadBaseline(artefact)),
} satisfies ModelType;

function model(counts: Float32Array, baseline: RatingBaseline | undefined): Model {
  return {
    name: 'popular',
    score: () => counts.slice(),
    rate: (history, item) => baseline && predictRating(baseline, history, item),
    save: (): Artefact => ({ json: {}, arrays: { counts, ...saveBaseline(baseline) } }),
  };
}
