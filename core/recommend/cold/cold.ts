import { silent, type Progress } from '../../numerics/progress.ts';
import { hasTimes } from '../dataset.ts';
import { cutOf, type Cut } from '../held-out.ts';
import type { PartName } from '../hybrid/features.ts';
import { fitLogit, type Choices } from '../hybrid/logit.ts';
import type { Artefact, CourseFacts, Dataset } from '../model.ts';
import { blend, columnsOf, type Outlook } from './columns.ts';
import { askNewcomers } from './questions.ts';
import { takingsOf, type Takings } from '../takings.ts';

/**
 * The ranker of learners without history: a conditional logit over what other newcomers began with
 * lately and what all learners took lately, with weights learned from past newcomers. Nothing at or
 * after `now` is seen.
 */
export interface ColdRanker {
  /**
   * Logarithms of the probability of each course to be taken first.
   *
   * @param now seconds since 1970 UTC; NaN: after all that is known.
   */
  utilities(now: number): Float32Array;
  /** What spoke for a course rather than for the average course, strongest first; shares sum to 1, empty when nothing did. */
  explain(item: number, now: number): { part: PartName; share: number }[];
  /** The same weights over the behaviour of another dataset with the same courses. */
  renewed(dataset: Dataset): ColdRanker;
  save(): Artefact;
}

export interface ColdOptions {
  /** What will be asked: 'time' asks one frozen moment for the months that follow, 'random' for a set. */
  cut: Cut | 'auto';
  seed: number;
}

/** Pull of the prior weights on standardised features: few newcomers change little. Chosen on MARS before 2019-07-01. */
const PULL = 10;
const ITERATIONS = 30;

export function fitCold(dataset: Dataset, { cut, seed }: ColdOptions, progress: Progress = silent): ColdRanker {
  const outlook = outlookOf(dataset, cutOf(cut, dataset, seed));
  const takings = takingsOf(dataset);
  const priors = columnsOf(takings, dataset.courses.length, outlook).map(({ prior }) => prior);
  if (priors.length === 1) return ranker(takings, dataset.courses.length, outlook, Float64Array.from(priors));
  progress('newcomers', 0);
  const weights = learned(askNewcomers(dataset, outlook, seed), priors);
  progress('newcomers', 1);
  return ranker(takings, dataset.courses.length, outlook, weights);
}

/** @param courses the dense course order that the artefact was fitted on. */
export function loadCold({ json, arrays }: Artefact, courses: readonly CourseFacts[]): ColdRanker {
  const { items, times, first, weights } = arrays;
  const takings = { items: items as Int32Array, times: times as Float64Array, first: first as Uint8Array };
  return ranker(takings, courses.length, (json as { outlook: Outlook }).outlook, weights as Float64Array);
}

function outlookOf(dataset: Dataset, cut: Cut): Outlook {
  if (cut === 'random') return 'set';
  // Of nothing it is not known that it has no times.
  if (dataset.items.length > 0 && !hasTimes(dataset)) return 'undated';
  return cut === 'time' ? 'ahead' : 'next';
}

function learned(choices: Choices, priors: readonly number[]): Float64Array {
  const deviations = standardise(choices);
  const { base } = fitLogit(choices, {
    groups: 0,
    prior: Float64Array.from(priors, (prior, f) => prior * deviations[f]!),
    pull: PULL,
    groupPull: PULL,
    maxIterations: ITERATIONS,
  });
  return base.map((weight, f) => weight / deviations[f]!);
}

/** Divides every feature by its standard deviation (1 where it is constant) and returns these. */
function standardise({ features, x }: Choices): Float64Array {
  const rows = Math.max(1, x.length / features);
  const deviations = Float64Array.from({ length: features }, (_, f) => {
    let sum = 0;
    let squares = 0;
    for (let at = f; at < x.length; at += features) {
      sum += x[at]!;
      squares += x[at]! ** 2;
    }
    const variance = squares / rows - (sum / rows) ** 2;
    return variance > 1e-12 ? Math.sqrt(variance) : 1;
  });
  x.forEach((value, at) => (x[at] = value / deviations[at % features]!));
  return deviations;
}

function ranker(takings: Takings, courses: number, outlook: Outlook, weights: Float64Array): ColdRanker {
  const columns = columnsOf(takings, courses, outlook);
  // A slate asks for one score and several explanations at the same moment.
  let last: { now: number; values: Float32Array[] } | undefined;
  const valuesAt = (now: number): Float32Array[] => {
    if (!last || !Object.is(last.now, now)) last = { now, values: columns.map((column) => column.at(now)) };
    return last.values;
  };
  return {
    utilities: (now) => logProbabilities(blend(valuesAt(now), weights)),
    explain(item, now) {
      const added = new Map<PartName, number>();
      valuesAt(now).forEach((values, f) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / courses;
        const { part } = columns[f]!;
        added.set(part, (added.get(part) ?? 0) + weights[f]! * (values[item]! - mean));
      });
      const spoke = [...added].filter(([, amount]) => amount > 0).sort((a, b) => b[1] - a[1]);
      const total = spoke.reduce((sum, [, amount]) => sum + amount, 0);
      return spoke.map(([part, amount]) => ({ part, share: amount / total }));
    },
    renewed: (dataset) => ranker(takingsOf(dataset), dataset.courses.length, outlook, weights),
    save: () => ({ json: { outlook }, arrays: { ...takings, weights } }),
  };
}

function logProbabilities(utilities: Float32Array): Float32Array {
  let highest = -Infinity;
  for (const utility of utilities) if (utility > highest) highest = utility;
  let total = 0;
  for (const utility of utilities) total += Math.exp(utility - highest);
  const whole = highest + Math.log(total);
  return utilities.map((utility) => utility - whole);
}
