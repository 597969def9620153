import { silent, type Progress } from '../numerics/progress.ts';
import { blendOf } from './hybrid/blend.ts';
import { loadBoosted, saveBoosted } from './hybrid/boosted.ts';
import { loadCold } from './cold/cold.ts';
import { loadDeepened, saveDeepened } from './hybrid/deepen.ts';
import type { PartName } from './hybrid/features.ts';
import type { Clock, Cut } from './held-out.ts';
import { learn, renewBase, type Learned, type Stage } from './hybrid/learn.ts';
import {
  artefactOf,
  contentOf,
  deepTypes,
  type GivenSettings,
  joinArtefacts,
  type LeftOut,
  loadParts,
  type Parts,
} from './hybrid/parts.ts';
import { scoreHistory, type Scored } from './hybrid/scorer.ts';
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
  /** Stages that made held-out courses rank better, and so take part. */
  readonly joined: readonly Extract<Stage, 'trees' | 'deep'>[];
  /** The same weights over newer behaviour: counts, trends and what newcomers begin with move on. */
  renewed(dataset: Dataset): Ranker;
  save(): Artefact;
}

export interface RankerOptions {
  /** How its training questions are cut; 'auto': last courses where order means anything, else at random. */
  cut: Cut | 'auto';
  /** Where the clock stands as it is asked; 'asked' (default) is how it serves. */
  clock?: Clock;
  seed: number;
  /** Most seconds that the deep models, side by side, may take; small data needs less. */
  budgetSeconds?: number;
  /** Stages that are left out, to see what each is worth. */
  without?: readonly Stage[];
  /** Of the parts, over what they choose by themselves. */
  parts?: GivenSettings;
}

/**
 * Learns how far to trust each model from courses held out for it, then fits the models on all of
 * `dataset`: a conditional logit over lifts, similarities and trends, with weights of their own for
 * histories of different length, and trees and deep models on top where held-out courses are ranked
 * better with them. With little data it stays near fixed, safe weights.
 */
export async function fitRanker(
  dataset: Dataset,
  options: RankerOptions,
  progress: Progress = silent,
): Promise<Ranker> {
  return ranker(await learn(dataset, { clock: 'asked', without: [], ...options }, progress), dataset.courses);
}

/** @param courses the dense course order that the artefact was fitted on. */
export function loadRanker(artefact: Artefact, courses: readonly CourseFacts[]): Ranker {
  const { sense, leftOut, temperature } = artefact.json as Pick<Learned, 'sense' | 'leftOut' | 'temperature'>;
  const of = (name: string): Artefact | undefined => artefactOf(artefact, name);
  const [boosted, deepened] = [of('boosted'), of('deepened')];
  return ranker(
    {
      sense,
      leftOut,
      temperature,
      blend: blendOf(artefact.arrays['weights'] as Float64Array),
      parts: loadParts(of('parts')!, courses),
      signals: loadSignals(of('signals')!),
      cold: loadCold(of('cold')!, courses),
      boosted: boosted && loadBoosted(boosted),
      deepened: deepened && loadDeepened(deepened),
    },
    courses,
  );
}

function ranker(learned: Learned, courses: readonly CourseFacts[]): Ranker {
  const { parts, signals, cold, boosted, deepened, blend, sense, leftOut, temperature } = learned;
  // A slate asks for one score and several explanations of the same history: what ranks it is worked
  // out once. Only the last is kept; it is as large as the catalogue.
  let last: { history: History; now: number; scored: Scored } | undefined;
  const scoredOf = (history: History, now: number): Scored => {
    if (last?.history !== history || !Object.is(last.now, now)) {
      last = { history, now, scored: scoreHistory(learned, courses, history, now) };
    }
    return last.scored;
  };

  return {
    parts,
    leftOut,
    content: contentOf(parts),
    sense,
    joined: [...(boosted ? ['trees' as const] : []), ...(deepened ? ['deep' as const] : [])],
    score: (history, now) =>
      softmax(history.items.length === 0 ? cold.utilities(now) : scoredOf(history, now).utilities),
    explain(history, item, now, least = 0) {
      if (history.items.length === 0) return cold.explain(item, now);
      const added = [...scoredOf(history, now).contributions(item)];
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
    renewed: (dataset) => ranker({ ...learned, ...renewBase(learned, dataset), cold: cold.renewed(dataset) }, courses),
    save() {
      // A deep model that says nothing would only be carried about.
      const spoken = [...parts].filter(
        ([name]) => deepened !== undefined || !deepTypes.some((type) => type.name === name),
      );
      const saved = joinArtefacts([
        ['parts', joinArtefacts(spoken.map(([name, { model }]) => [name, model.save()]))],
        ['signals', saveSignals(signals)],
        ['cold', cold.save()],
        ...(boosted ? [['boosted', saveBoosted(boosted)] as [string, Artefact]] : []),
        ...(deepened ? [['deepened', saveDeepened(deepened)] as [string, Artefact]] : []),
      ]);
      const json = { ...(saved.json as object), sense, leftOut, temperature };
      return { json, arrays: { ...saved.arrays, weights: blend.weights } };
    },
  };
}

/** Floors at the smallest normal number, so that no course is called impossible. */
function softmax(utilities: Float32Array): Float32Array {
  let highest = -Infinity;
  for (const utility of utilities) if (utility > highest) highest = utility;
  const exponentials = new Float64Array(utilities.length);
  let total = 0;
  for (let course = 0; course < utilities.length; course++) {
    exponentials[course] = Math.exp(utilities[course]! - highest);
    total += exponentials[course]!;
  }
  const probabilities = new Float32Array(utilities.length);
  for (let course = 0; course < utilities.length; course++) {
    probabilities[course] = Math.max(1e-30, exponentials[course]! / total);
  }
  return probabilities;
}
