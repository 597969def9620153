import type { Artefact } from '../../recommend/model.ts';
import { calibrated, type Calibration } from './calibration.ts';
import { featureNames, featuresAt } from './features.ts';
import type { Learned, TargetResult } from './learn.ts';
import type { Past } from './past.ts';
import { strongest, type Reason } from './reasons.ts';
import { loadScorer } from './scorer.ts';
import { isForetold, targets, type Target } from './targets.ts';

/** Probabilities in (0, 1) of what a learner will do, by target; those that could not be learned are absent. */
export type Forecast = Partial<Record<Target, number>>;

export interface Explained {
  probability: number;
  /** What sets it apart from the usual most, at most `MOST_REASONS`. */
  because: Reason[];
}

/** What will this learner do next. Pure: the same past and clock give the same answer. Knows no learner. */
export interface BehaviourModel {
  /** What it can tell. */
  readonly targets: readonly Target[];
  /** @param now ms since 1970 UTC. @returns undefined for whom nothing is foretold, see `isForetold`. */
  forecast(past: Past, now: number): Forecast | undefined;
  /** @returns undefined also where the target is not good enough to be told, see `TargetMetrics.telling`. */
  explain(target: Target, past: Past, now: number): Explained | undefined;
  save(): Record<string, Artefact>;
}

const MOST_REASONS = 2;
/** Raise it when features change their meaning: older models then are as good as none. */
const FORMAT = 1;

/** @param defaultZone of learners whose zone is not known. @returns undefined where nothing was learned. */
export function behaviourModel(
  results: Readonly<Record<Target, TargetResult>>,
  defaultZone: string,
): BehaviourModel | undefined {
  const learned = new Map<Target, Learned>();
  for (const target of targets) {
    const result = results[target];
    if (result.trained && result.learned) learned.set(target, result.learned);
  }
  return learned.size === 0 ? undefined : modelOf(learned, defaultZone);
}

/** @returns undefined for what another version of this program has stored. */
export function loadBehaviourModel(parts: Readonly<Record<string, Artefact>>): BehaviourModel | undefined {
  const { format, features, defaultZone } = (parts['model']?.json ?? {}) as Partial<Header>;
  if (format !== FORMAT || features?.join() !== featureNames.join() || defaultZone === undefined) return undefined;
  const learned = new Map<Target, Learned>();
  for (const target of targets) {
    const part = parts[target];
    if (!part) continue;
    const { scorer, ...rest } = part.json as SavedTarget;
    learned.set(target, { ...rest, scorer: loadScorer({ json: scorer, arrays: part.arrays }) });
  }
  return modelOf(learned, defaultZone);
}

interface Header {
  format: number;
  features: readonly string[];
  defaultZone: string;
}

interface SavedTarget {
  scorer: unknown;
  calibration: Calibration;
  rate: number;
  telling: boolean;
}

function modelOf(learned: ReadonlyMap<Target, Learned>, defaultZone: string): BehaviourModel {
  return {
    targets: [...learned.keys()],
    forecast(past, now) {
      if (!isForetold(past, now)) return undefined;
      const row = featuresAt(past, now, defaultZone);
      const forecast: Forecast = {};
      for (const [target, one] of learned) forecast[target] = probabilityOf(one, row);
      return forecast;
    },
    explain(target, past, now) {
      const one = learned.get(target);
      if (!one?.telling || !isForetold(past, now)) return undefined;
      const row = featuresAt(past, now, defaultZone);
      const probability = probabilityOf(one, row);
      const contributions = one.scorer.contributions(row);
      return { probability, because: strongest(row, contributions, probability >= one.rate, MOST_REASONS) };
    },
    save() {
      const header: Header = { format: FORMAT, features: featureNames, defaultZone };
      const parts: Record<string, Artefact> = { model: { json: header, arrays: {} } };
      for (const [target, { scorer, calibration, rate, telling }] of learned) {
        const { json, arrays } = scorer.save();
        parts[target] = { json: { scorer: json, calibration, rate, telling } satisfies SavedTarget, arrays };
      }
      return parts;
    },
  };
}

function probabilityOf({ scorer, calibration }: Learned, row: Float32Array): number {
  return calibrated(calibration, scorer.score(row));
}
