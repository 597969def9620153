import { silent, type Progress } from '../numerics/progress.ts';
import { blendOf } from './hybrid/blend.ts';
import { featuresOf, type PartName } from './hybrid/features.ts';
import type { Cut } from './held-out.ts';
import { learn, type Learned } from './hybrid/learn.ts';
import { loadParts, saveParts, type Parts } from './hybrid/parts.ts';
import type { Sense } from './hybrid/sense.ts';
import type { Artefact, CourseFacts, Dataset, Evidence, History } from './model.ts';

export type { PartName } from './hybrid/features.ts';

/** What one part added to a course's rank, for reasons that are true. */
export interface Contribution {
  part: PartName;
  /** Of all that spoke for this course rather than for the average course; shares sum to 1. */
  share: number;
  /** The course of the history that carried this part, where one did. */
  evidence?: Evidence;
}

/** The learned blend of all models. */
export interface Ranker {
  /** Probability of each course to come next, over the whole catalogue; all above 0. */
  score(history: History, now: number): Float32Array;
  /**
   * What put a course where it is, strongest first; empty when nothing spoke for it.
   *
   * @param least share from which on the evidence is looked for; all by default.
   */
  explain(history: History, item: number, now: number, least?: number): Contribution[];
  readonly parts: Parts;
  readonly sense: Sense;
  save(): Artefact;
}

export interface RankerOptions {
  /** How its training questions are cut; 'auto': last courses where order means anything, else at random. */
  cut: Cut | 'auto';
  seed: number;
}

/**
 * Learns how far to trust each model from courses held out for it, then fits the models on all of
 * `dataset`: a conditional logit over lifts, similarities and trends, with weights of their own for
 * histories of different length. With little data it stays near fixed, safe weights.
 */
export async function fitRanker(
  dataset: Dataset,
  options: RankerOptions,
  progress: Progress = silent,
): Promise<Ranker> {
  return ranker(await learn(dataset, options, progress), dataset.courses);
}

/** @param courses the dense course order that the artefact was fitted on. */
export function loadRanker(artefact: Artefact, courses: readonly CourseFacts[]): Ranker {
  const { sense, parts } = artefact.json as { sense: Sense; parts: unknown };
  const blend = blendOf(artefact.arrays['weights'] as Float64Array);
  return ranker({ sense, blend, parts: loadParts({ json: parts, arrays: artefact.arrays }, courses) }, courses);
}

function ranker({ parts, blend, sense }: Learned, courses: readonly CourseFacts[]): Ranker {
  // A slate asks for one score and several explanations of the same history: its features are made
  // once. Only the last are kept; they are as large as the catalogue.
  let last: { history: History; now: number; x: Float32Array } | undefined;
  const features = (history: History, now: number): Float32Array => {
    if (last?.history !== history || !Object.is(last.now, now)) {
      last = { history, now, x: featuresOf(parts, courses, history, now, sense) };
    }
    return last.x;
  };
  const becauseOf: Partial<Record<PartName, (history: History, item: number, now: number) => Evidence | undefined>> = {
    markov: (...ask) => parts.markov.because?.(...ask),
    'item-knn': (...ask) => parts.itemKnn.because?.(...ask),
    ease: (...ask) => parts.ease.because?.(...ask),
    'user-knn': (...ask) => parts.userKnn.because?.(...ask),
    content: (...ask) => parts.content.because?.(...ask),
  };

  return {
    parts,
    sense,
    score: (history, now) => softmax(blend.utilities(features(history, now), history.items.length)),
    explain(history, item, now, least = 0) {
      const added = [...blend.contributions(features(history, now), item, history.items.length)];
      const total = added.reduce((sum, [, amount]) => sum + Math.max(0, amount), 0);
      return added
        .filter(([, amount]) => amount > 0)
        .sort((a, b) => b[1] - a[1])
        .map(([part, amount]) => {
          const share = amount / total;
          const evidence = share < least ? undefined : becauseOf[part]?.(history, item, now);
          return { part, share, ...(evidence && { evidence }) };
        });
    },
    save() {
      const saved = saveParts(parts);
      return { json: { sense, parts: saved.json }, arrays: { ...saved.arrays, weights: blend.weights } };
    },
  };
}

/** Floors at the smallest normal number, so that no course is called impossible. */
function softmax(utilities: Float32Array): Float32Array {
  let highest = -Infinity;
  for (const utility of utilities) if (utility > highest) highest = utility;
  let total = 0;
  for (const utility of utilities) total += Math.exp(utility - highest);
  return utilities.map((utility) => Math.max(1e-30, Math.exp(utility - highest) / total));
}
