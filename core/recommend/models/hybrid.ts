import { z } from 'zod';
import { clocks, cuts } from '../held-out.ts';
import { stages } from '../hybrid/learn.ts';
import { givenSettings, type LeftOut, type Parts } from '../hybrid/parts.ts';
import type { Artefact, Model, ModelType } from '../model.ts';
import { fitRanker, loadRanker, type Ranker } from '../ranker.ts';

const config = z.strictObject({
  /** Which future its training questions imitate; 'auto' decides by the data. */
  cut: z.enum(cuts).default('auto'),
  /** Where the clock stands as it is asked: at the learner's last event, or at the moment of asking. */
  clock: z.enum(clocks).default('asked'),
  seed: z.int().default(1),
  /** Most that the deep models, side by side, may take; small data needs less. */
  budgetSeconds: z.number().positive().optional(),
  /** Stages that are left out, to see what each is worth. */
  without: z.array(z.enum(stages)).default([]),
  /** Settings of the parts by model name, such as a search found them, over what they choose by themselves. */
  parts: givenSettings.default({}),
});

/** The blend of all models as a model: see `ranker.ts`, where it is learned. */
export interface HybridModel extends Model {
  readonly ranker: Ranker;
  /** By public name: the very models that their types fit on the same data. */
  readonly parts: Parts;
  readonly leftOut: readonly LeftOut[];
}

/** All models fused by learned weights. */
export const hybrid = {
  name: 'hybrid',
  config,
  serves: { coldLearner: true, coldCourse: true, freshHistory: true },
  async fit(dataset, settings, progress): Promise<HybridModel> {
    const { budgetSeconds, ...options } = settings;
    return model(await fitRanker(dataset, { ...options, ...(budgetSeconds && { budgetSeconds }) }, progress));
  },
  load: (artefact, courses): HybridModel => model(loadRanker(artefact, courses)),
} satisfies ModelType<typeof config>;

function model(ranker: Ranker): HybridModel {
  return {
    name: 'hybrid',
    ranker,
    parts: ranker.parts,
    leftOut: ranker.leftOut,
    score: (history, now) => ranker.score(history, now),
    because: (history, item, now) => ranker.explain(history, item, now).find(({ evidence }) => evidence)?.evidence,
    rate(history, item) {
      const [byItems, byUsers] = [
        ranker.parts.get('item-knn')?.model.rate?.(history, item),
        ranker.parts.get('user-knn')?.model.rate?.(history, item),
      ];
      return byItems === undefined || byUsers === undefined ? undefined : (byItems + byUsers) / 2;
    },
    renewed: (dataset) => model(ranker.renewed(dataset)),
    save: (): Artefact => ranker.save(),
  };
}
