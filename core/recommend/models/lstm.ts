import { z } from 'zod';
import { loadDeepModel } from '../deep/deep-model.ts';
import { fitAside, LEAST_INTERACTIONS, servesAll, trainingConfig, trainingSearch } from '../deep/deep-type.ts';
import { lstm as network } from '../deep/lstm.ts';
import type { ModelType } from '../model.ts';

const config = z.strictObject({
  ...trainingConfig,
  /** Of the recurrent state. */
  hidden: z.int().positive().default(128),
  dropout: z.number().min(0).max(0.9).default(0.3),
  learningRate: z.number().positive().default(2e-3),
});

/**
 * What comes next by long short-term memory over the courses so far (GRU4Rec's task, Hidasi et al. 2016,
 * with the cell of Hochreiter & Schmidhuber 1997), with a soft-max over all courses, from 5,000 on over a
 * sample corrected for how often each is drawn (Bengio & Senécal 2008). The output table is the input's
 * (Press & Wolf 2017). Scores are probabilities over the catalogue.
 *
 * Memory: training about 0.5 GB for 5,000 courses; serving about courses × 1 kB.
 */
export const lstm = {
  name: 'lstm',
  config,
  search: trainingSearch,
  serves: servesAll,
  leastInteractions: LEAST_INTERACTIONS,
  fit: (dataset, { hidden, ...settings }, progress) =>
    fitAside('lstm', dataset, settings, { hidden, blocks: 0, heads: 1 }, progress),
  refit: (fitted, dataset, { hidden, ...settings }, progress) =>
    fitAside('lstm', dataset, settings, { hidden, blocks: 0, heads: 1 }, progress, fitted),
  load: (artefact, courses) => loadDeepModel('lstm', network, artefact, courses),
} satisfies ModelType<typeof config>;
