import type { Progress } from '../numerics/progress.ts';
import type { Dataset, Model, ModelType } from '../recommend/model.ts';
import { findModelType } from '../recommend/models/index.ts';
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
  stopwatch: () => number;
}

/** What a model made of others hands out, so that one fit serves its own row and theirs. */
type Composite = Model & {
  parts: ReadonlyMap<string, { model: Model; seconds: number }>;
  leftOut: readonly { name: string; why: string }[];
};

/**
 * Fits the models on one dataset. Where `hybrid` is among them, the others are its parts; a model
 * that it has not, or any without it, is fitted by itself.
 */
export async function fitModels(
  train: Dataset,
  { cut, clock }: Pick<Split, 'cut' | 'clock'>,
  { models, seed, stopwatch }: FitOptions,
  progress: Progress,
): Promise<{ fitted: Fitted[]; leftOut: LeftOut[] }> {
  const done = new Map<string, Fitted>();
  const leftOut: LeftOut[] = [];
  const fit = async (name: string): Promise<void> => {
    const type = findModelType(name)!;
    if (train.courses.length > (type.mostCourses ?? Infinity)) {
      leftOut.push({ model: name, why: `it takes at most ${type.mostCourses} courses` });
      return;
    }
    const begun = stopwatch();
    const model = await type.fit(train, configOf(type, { seed, cut, clock }), (what, share) =>
      progress(`${name}: training (${what})`, share),
    );
    done.set(name, { name, model, seconds: (stopwatch() - begun) / 1000 });
  };

  if (models.includes('hybrid')) {
    await fit('hybrid');
    const hybrid = done.get('hybrid')?.model;
    if (hybrid && isComposite(hybrid)) {
      for (const [name, part] of hybrid.parts) if (models.includes(name)) done.set(name, { name, ...part });
      for (const { name, why } of hybrid.leftOut) if (models.includes(name)) leftOut.push({ model: name, why });
    }
  }
  for (const name of models) {
    if (!done.has(name) && !leftOut.some(({ model }) => model === name)) await fit(name);
  }
  return { fitted: models.flatMap((name) => done.get(name) ?? []), leftOut };
}

/** The defaults, with those of `values` that the type takes. */
function configOf(type: ModelType, values: Record<string, unknown>): unknown {
  const taken = Object.entries(values).filter(([key, value]) => type.config.safeParse({ [key]: value }).success);
  return type.config.parse(Object.fromEntries(taken));
}

function isComposite(model: Model): model is Composite {
  return 'parts' in model && model.parts instanceof Map && 'leftOut' in model;
}
