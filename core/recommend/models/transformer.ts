import { z } from 'zod';
import { loadDeepModel } from '../deep/deep-model.ts';
import { fitAside, LEAST_INTERACTIONS, servesAll, trainingConfig, trainingSearch } from '../deep/deep-type.ts';
import { transformer as network } from '../deep/transformer.ts';
import type { ModelType } from '../model.ts';

const config = z
  .strictObject({
    ...trainingConfig,
    /** Layers of attention. */
    blocks: z.int().positive().default(2),
    /** Heads of each; they divide the dimension. */
    heads: z.int().positive().default(2),
    dropout: z.number().min(0).max(0.9).default(0.3),
    learningRate: z.number().positive().default(2e-3),
  })
  .refine(({ dimension, heads }) => dimension % heads === 0, { message: 'heads must divide dimension' });

/**
 * What comes next by causal self-attention over the courses so far (SASRec; Kang & McAuley 2018), with
 * a soft-max over all courses (Klenitskiy & Vasilev 2023), from 5,000 on over a sample corrected for how
 * often each is drawn (Bengio & Senécal 2008). Scores are probabilities over the catalogue.
 *
 * Memory: training about 0.5 GB for 5,000 courses; serving about courses × 1 kB.
 */
export const transformer = {
  name: 'transformer',
  config,
  search: { ...trainingSearch, blocks: [1, 2, 3], heads: [1, 2, 4] },
  serves: servesAll,
  leastInteractions: LEAST_INTERACTIONS,
  fit: (dataset, { blocks, heads, ...settings }, progress) =>
    fitAside('transformer', dataset, settings, { blocks, heads, hidden: 0 }, progress),
  refit: (fitted, dataset, { blocks, heads, ...settings }, progress) =>
    fitAside('transformer', dataset, settings, { blocks, heads, hidden: 0 }, progress, fitted),
  load: (artefact, courses) => loadDeepModel('transformer', network, artefact, courses),
} satisfies ModelType<typeof config>;
