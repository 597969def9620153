import { z } from 'zod';
import type { Progress } from '../../numerics/progress.ts';
import { hasTimes } from '../dataset.ts';
import { cutOf, cuts } from '../held-out.ts';
import type { Dataset, Model, SearchRange, Serves } from '../model.ts';
import { deepModel, type DeepModel } from './deep-model.ts';
import type { DeepSettings } from './fit.ts';
import type { Size } from './network.ts';
import { networks, type NetworkName } from './networks.ts';
import { trainAside } from './worker.ts';

/** With fewer interactions than this a deep model has nothing over counting, and costs a minute. */
export const LEAST_INTERACTIONS = 5000;

/** A learner without history is told from the beginning; a course without takers from its features. */
export const servesAll: Serves = { coldLearner: true, coldCourse: true, freshHistory: true };

/** Settings that both deep models have. */
export const trainingConfig = {
  /** Of course vectors. */
  dimension: z.int().positive().default(64),
  /** Newest courses of a history that are looked at. */
  length: z.int().min(2).default(30),
  weightDecay: z.number().min(0).default(0.01),
  /** Courses that are told in one step. */
  batch: z.int().positive().default(512),
  /** Epochs at most. */
  epochs: z.int().positive().default(30),
  /** Epochs without gain on what is held out, after which training ends. */
  patience: z.int().positive().default(5),
  /** Training ends at the best state found when these are used up. */
  budgetSeconds: z.number().positive().default(600),
  /** With fewer interactions nothing is learned, and every course scores 0. */
  leastInteractions: z.int().min(0).default(LEAST_INTERACTIONS),
  /** Whether the time between two courses is told to the network, where the data has times. */
  gaps: z.boolean().default(false),
  /** Which courses will be asked for; where order means nothing, each epoch sees another one. */
  cut: z.enum(cuts).default('auto'),
  seed: z.int().default(1),
};

/** How long training may go on is no matter of better or worse, and on little data nothing is learned at all. */
export const trainingSearch = {
  dimension: [32, 64, 128],
  length: { min: 10, max: 100, log: true, whole: true },
  weightDecay: { min: 0.001, max: 0.1, log: true },
  batch: [256, 512, 1024],
  epochs: [],
  patience: [],
  leastInteractions: [],
} satisfies Record<string, SearchRange>;

type TrainingConfig = z.output<z.ZodObject<typeof trainingConfig>> & { learningRate: number; dropout: number };

/** Trains in a thread of its own: with courses held out until they are told no better, then shortly on everything. */
export async function fitAside(
  name: NetworkName,
  dataset: Dataset,
  config: TrainingConfig,
  size: Omit<Size, 'dimension' | 'length'>,
  progress: Progress,
  fitted?: Model,
): Promise<DeepModel> {
  const courses = dataset.courses.length;
  if (dataset.items.length < Math.max(1, config.leastInteractions)) {
    return deepModel(name, networks[name], undefined, courses);
  }
  const { dimension, length, cut, ...plan } = config;
  const settings: DeepSettings = {
    ...plan,
    size: { ...size, dimension, length },
    gaps: config.gaps && hasTimes(dataset),
    cut: cutOf(cut, dataset, config.seed),
  };
  const learned = (fitted as DeepModel | undefined)?.learned;
  const task = { network: name, dataset, settings, ...(learned && { fitted: learned }) };
  return deepModel(name, networks[name], await trainAside(task, progress), courses);
}
