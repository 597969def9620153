import { silent, type Progress } from '../numerics/progress.ts';
import { blendOf } from './hybrid/blend.ts';
import { featuresOf, type Columns, type PartName } from './hybrid/features.ts';
import type { Clock, Cut } from './held-out.ts';
import { learn, type Learned } from './hybrid/learn.ts';
import { artefactOf, contentOf, joinArtefacts, loadParts, type LeftOut, type Parts } from './hybrid/parts.ts';
import type { Sense } from './hybrid/sense.ts';
import { loadSignals, saveSignals } from './hybrid/signals.ts';
import type { Artefact, CourseFacts, Dataset, Evidence, History } from './model.ts';
import type { ContentModel } from './models/content.ts';

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
  /** The models it fuses, each fitted on all of the dataset with the defaults of its type. */
  readonly parts: Parts;
  /** Models that take no part. */
  readonly leftOut: readonly LeftOut[];
  /** Of the parts, the one that knows what courses are about. */
  readonly content: ContentModel;
  readonly sense: Sense;
  save(): Artefact;
}

export interface RankerOptions {
  /** How its training questions are cut; 'auto': last courses where order means anything, else at random. */
  cut: Cut | 'auto';
  /** Where the clock stands as it is asked; 'asked' (default) is how it serves. */
  clock?: Clock;
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
  return ranker(await learn(dataset, { clock: 'asked', ...options }, progress), dataset.courses);
}

/** @param courses the dense course order that the artefact was fitted on. */
export function loadRanker(artefact: Artefact, courses: readonly CourseFacts[]): Ranker {
  const { sense, leftOut } = artefact.json as { sense: Sense; leftOut: LeftOut[] };
  const blend = blendOf(artefact.arrays['weights'] as Float64Array);
  const parts = loadParts(artefactOf(artefact, 'parts')!, courses);
  const signals = loadSignals(artefactOf(artefact, 'signals')!);
  return ranker({ parts, signals, blend, sense, leftOut }, courses);
}

function ranker(learned: Learned, courses: readonly CourseFacts[]): Ranker {
  const { parts, signals, blend, sense, leftOut } = learned;
  // A slate asks for one score and several explanations of the same history: its features are made
  // once. Only the last are kept; they are as large as the catalogue.
  let last: { history: History; now: number; columns: Columns } | undefined;
  const features = (history: History, now: number): Columns => {
    if (last?.history !== history || !Object.is(last.now, now)) {
      last = { history, now, columns: featuresOf(learned, courses, history, now, sense) };
    }
    return last.columns;
  };

  return {
    parts,
    leftOut,
    content: contentOf(parts),
    sense,
    score: (history, now) => softmax(blend.utilities(features(history, now), courses.length, history, now)),
    explain(history, item, now, least = 0) {
      const added = [...blend.contributions(features(history, now), item, history, now)];
      const total = added.reduce((sum, [, amount]) => sum + Math.max(0, amount), 0);
      return added
        .filter(([, amount]) => amount > 0)
        .sort((a, b) => b[1] - a[1])
        .map(([part, amount]) => {
          const share = amount / total;
          const evidence = share < least ? undefined : parts.get(part)?.model.because?.(history, item, now);
          return { part, share, ...(evidence && { evidence }) };
        });
    },
    save() {
      const saved = joinArtefacts([
        ['parts', joinArtefacts(Array.from(parts, ([name, { model }]) => [name, model.save()]))],
        ['signals', saveSignals(signals)],
      ]);
      const json = { ...(saved.json as object), sense, leftOut };
      return { json, arrays: { ...saved.arrays, weights: blend.weights } };
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
