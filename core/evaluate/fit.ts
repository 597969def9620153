import { within, type Progress } from '../numerics/progress.ts';
import type { Dataset, Model, ModelType } from '../recommend/model.ts';
import { findModelType } from '../recommend/models/index.ts';
import type { HybridModel } from '../recommend/models/hybrid.ts';
import { LEAST_SECONDS, type Budget } from './budget.ts';
import type { Split } from './split.ts';

/** A model that is not in the report, and why. */
export interface LeftOut {
  model: string;
  why: string;
}

export interface Fitted {
  name: string;
  model: Model;
  seconds: number;
}

export interface FitOptions {
  models: readonly string[];
  seed: number;
  budget: Budget;
  stopwatch: () => number;
}

/** Of the work of fitting all models, the hybrid's, which fits the others too. */
const HYBRID_WORK = 0.95;

/**
 * Fits the models on one dataset. Where `hybrid` is among them, the others are its parts; a model
 * that it has not, or any without it, is fitted by itself.
 */
export async function fitModels(
  train: Dataset,
  { cut, clock }: Pick<Split, 'cut' | 'clock'>,
  { models, seed, budget, stopwatch }: FitOptions,
  progress: Progress,
): Promise<{ fitted: Fitted[]; leftOut: LeftOut[] }> {
  const done = new Map<string, Fitted>();
  const leftOut: LeftOut[] = [];
  const fit = async (name: string, seconds: number, told: Progress): Promise<void> => {
    const type = findModelType(name)!;
    const least = type.leastInteractions ?? 0;
    if (train.items.length < least) {
      leftOut.push({ model: name, why: `it takes at least ${least} interactions` });
      return;
    }
    if (learnsUntilStopped(type) && seconds < LEAST_SECONDS) {
      leftOut.push({
        model: name,
        why: 'its share of the time is too short to learn in; a larger --budget gives more',
      });
      return;
    }
    const begun = stopwatch();
    const config = configOf(type, { seed, cut, clock, budgetSeconds: Math.max(1, seconds) });
    const model = await type.fit(train, config, (what, share) => told(`${name}: training (${what})`, share));
    done.set(name, { name, model, seconds: (stopwatch() - begun) / 1000 });
  };

  if (models.includes('hybrid')) {
    await fit('hybrid', budget.learning(1), within(progress, 0, HYBRID_WORK));
    const hybrid = done.get('hybrid')?.model as HybridModel | undefined;
    for (const [name, part] of hybrid?.parts ?? []) if (models.includes(name)) done.set(name, { name, ...part });
    for (const { name, why } of hybrid?.leftOut ?? []) if (models.includes(name)) leftOut.push({ model: name, why });
  }
  const rest = models.filter((name) => !done.has(name) && !leftOut.some(({ model }) => model === name));
  const seconds = budget.learning(rest.filter((name) => learnsUntilStopped(findModelType(name)!)).length);
  const from = done.size > 0 ? HYBRID_WORK : 0;
  for (const [at, name] of rest.entries()) {
    const step = (1 - from) / rest.length;
    await fit(name, seconds, within(progress, from + at * step, from + (at + 1) * step));
  }
  return { fitted: models.flatMap((name) => done.get(name) ?? []), leftOut };
}

/** The models brought up to date, as far as they can be; those that are parts of the hybrid stay its parts. */
export function renewed(fitted: readonly Fitted[], newer: Dataset): Fitted[] {
  const fresh = (model: Model): Model => model.renewed?.(newer) ?? model;
  const before = fitted.find(({ name }) => name === 'hybrid')?.model as HybridModel | undefined;
  const hybrid = before && (fresh(before) as HybridModel);
  return fitted.map(({ name, model, seconds }) => {
    if (model === before) return { name, model: hybrid!, seconds };
    const isPart = before?.parts.get(name)?.model === model;
    return { name, model: isPart ? hybrid!.parts.get(name)!.model : fresh(model), seconds };
  });
}

/** Whether a model goes on learning until its time is over. */
function learnsUntilStopped(type: ModelType): boolean {
  return type.name !== 'hybrid' && takes(type, 'budgetSeconds', 1);
}

/** The defaults, with those of `values` that the type takes. */
function configOf(type: ModelType, values: Record<string, unknown>): unknown {
  const taken = Object.entries(values).filter(([key, value]) => takes(type, key, value));
  return type.config.parse(Object.fromEntries(taken));
}

function takes(type: ModelType, key: string, value: unknown): boolean {
  return type.config.safeParse({ [key]: value }).success;
}
