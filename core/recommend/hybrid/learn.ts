import type { Progress } from '../../numerics/progress.ts';
import { fitCold, type ColdRanker } from '../cold/cold.ts';
import { cutOf, type Clock, type Cut } from '../held-out.ts';
import type { Dataset } from '../model.ts';
import { content } from '../models/content.ts';
import { blendOf, type Blend } from './blend.ts';
import { regrow, type Boosted } from './boosted.ts';
import { deepen, usualBudget, type Deepened } from './deepen.ts';
import type { Base } from './features.ts';
import { MOST_ASKS } from './folds.ts';
import {
  chooseSettings,
  contentOf,
  deepTypes,
  fitParts,
  type GivenSettings,
  type LeftOut,
  type Part,
} from './parts.ts';
import { askFolds } from './questions.ts';
import { senseOf, type Sense } from './sense.ts';
import { fitSignals, renewSignals } from './signals.ts';
import { temper } from './temper.ts';
import { weigh } from './weigh.ts';

/** Stages that can be left out, to see what each is worth. */
export const stages = ['groups', 'sharpen', 'trees', 'deep'] as const;
export type Stage = (typeof stages)[number];

/** How the hybrid learns. */
export interface LearnOptions {
  cut: Cut | 'auto';
  clock: Clock;
  seed: number;
  /** Most that the deep models, side by side, may take; small data needs less. */
  budgetSeconds?: number | undefined;
  without: readonly Stage[];
  /** Of the parts, over what they choose by themselves. */
  parts?: GivenSettings;
}

export interface Learned extends Base {
  sense: Sense;
  blend: Blend;
  boosted: Boosted | undefined;
  deepened: Deepened | undefined;
  /** What utilities are multiplied by to be logarithms of probabilities. */
  temperature: number;
  cold: ColdRanker;
  leftOut: LeftOut[];
}

/** Share of the work that each stage takes besides deep models. */
const WORK = { settings: 0.1, parts: 0.15, asking: 0.5, weights: 0.15, trees: 0.1 };
/** Seconds of it, roughly: always, and for each question and course. */
const SHALLOW_SECONDS = 10;
const ASKED_SECONDS = 8e-6;

/**
 * The parts on all of the dataset; then what to make of them, from courses held out from parts fitted for
 * that alone: weights by group of learners, trees where they help, deep models where they help.
 */
export async function learn(dataset: Dataset, options: LearnOptions, progress: Progress): Promise<Learned> {
  const { seed, clock, without } = options;
  const cut = cutOf(options.cut, dataset, seed);
  const deep =
    !without.includes('deep') &&
    deepTypes.some(({ leastInteractions = 0 }) => dataset.items.length >= leastInteractions);
  const budgetSeconds = Math.min(options.budgetSeconds ?? Infinity, usualBudget(dataset));
  const shallow =
    SHALLOW_SECONDS + ASKED_SECONDS * Math.min(MOST_ASKS, dataset.learners.length) * dataset.courses.length;
  const deepWork = deep ? budgetSeconds / shallow : 0;
  let done = 0;
  const stage = (work: number): Progress => {
    const from = done;
    done += work / (1 + deepWork);
    const to = done;
    return (what, share) => progress(what, from + (to - from) * share);
  };

  const choosing = stage(WORK.settings);
  choosing('settings', 0);
  const settings = await chooseSettings(dataset, cut, seed, options.parts);
  const { parts, leftOut } = await fitParts(dataset, settings, new Map(), stage(WORK.parts));
  const signals = fitSignals(dataset, cut !== 'random');
  const cold = fitCold(dataset, { cut, seed });
  const found = senseOf(dataset, contentOf(parts), seed);
  const sense: Sense = { ...found, news: cut === 'time' && found.times };

  // Courses do not differ between folds.
  const known = new Map([[content.name, contentOf(parts)]]);
  const questions = await askFolds(dataset, { cut, clock, seed }, { settings, known, sense }, stage(WORK.asking));
  const weighed = weigh(questions, without, stage(WORK.weights));
  const trees = stage(WORK.trees);
  const regrown = without.includes('trees') ? undefined : regrow(questions, weighed.utilities, seed, trees);
  const utilities = regrown?.utilities ?? weighed.utilities;

  const deeper = without.includes('deep')
    ? undefined
    : await deepen(dataset, questions, utilities, signals.counts, { cut, seed, budgetSeconds }, stage(deepWork));
  const judged = deeper?.joined?.utilities ?? utilities;
  const asked = { ...questions.choices, starts: questions.choices.starts.filter((start) => start <= judged.length) };
  progress('done', 1);
  return {
    parts: new Map([...parts, ...(deeper?.parts ?? [])]),
    signals,
    sense,
    cold,
    blend: blendOf(weighed.weights),
    boosted: regrown?.boosted,
    deepened: deeper?.joined?.deepened,
    temperature: temper(asked, judged),
    leftOut: [...leftOut, ...(deeper?.leftOut ?? [])],
  };
}

/** What counts takings and reads the clock, brought up to newer behaviour; all that was learned stays. */
export function renewBase({ parts, signals }: Base, dataset: Dataset): Base {
  const renewed = Array.from(parts, ([name, part]): [string, Part] => [
    name,
    { ...part, model: part.model.renewed?.(dataset) ?? part.model },
  ]);
  return { parts: new Map(renewed), signals: renewSignals(signals, dataset) };
}
