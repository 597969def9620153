import { within, type Progress } from '../../numerics/progress.ts';
import { learnTargets, type TargetResult } from './learn.ts';
import { behaviourModel, type BehaviourModel } from './model.ts';
import type { Past } from './past.ts';
import { drawSamples } from './samples.ts';
import type { Target } from './targets.ts';

/** What the model was learned from. */
export interface Window {
  /** ISO times of the first and the last event; null where there is none. */
  from: string | null;
  to: string | null;
  learners: number;
  events: number;
  /** Moments at which learners were looked at. */
  moments: number;
}

export interface Trained {
  data: Window;
  results: Record<Target, TargetResult>;
  /** Undefined where nothing could be learned; `results` say why. */
  model: BehaviourModel | undefined;
}

export interface TrainOptions {
  seed: number;
  /** Zone of learners whose own is not known. */
  defaultZone: string;
}

/** Learns and measures everything, up to the newest event: a log that ends long ago says nothing of what came then. */
export function trainOn(pasts: readonly Past[], { seed, defaultZone }: TrainOptions, progress: Progress): Trained {
  let from = Infinity;
  let end = -Infinity;
  let events = 0;
  for (const { deeds } of pasts) {
    events += deeds.length;
    if (deeds.length === 0) continue;
    from = Math.min(from, deeds[0]!.at);
    end = Math.max(end, deeds.at(-1)!.at);
  }
  const samples = drawSamples(pasts, { end, seed, defaultZone }, within(progress, 0, SAMPLING));
  const results = learnTargets(samples, { end, seed }, within(progress, SAMPLING, 1));
  const iso = (time: number) => (Number.isFinite(time) ? new Date(time).toISOString() : null);
  return {
    data: { from: iso(from), to: iso(end), learners: pasts.length, events, moments: samples.times.length },
    results,
    model: behaviourModel(results, defaultZone),
  };
}

/** Share of the work that is looking at learners. */
const SAMPLING = 0.2;
