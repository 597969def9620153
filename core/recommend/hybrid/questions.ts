import type { Progress } from '../../numerics/progress.ts';
import { createRandom } from '../../numerics/random.ts';
import type { Dataset, Model } from '../model.ts';
import { priorBlend } from './blend.ts';
import { choiceBuilder, type Standardised } from './choices.ts';
import { featuresOf } from './features.ts';
import { foldsOf, type Fold, type FoldOptions } from './folds.ts';
import { fitParts, type PartSettings } from './parts.ts';
import type { Sense } from './sense.ts';
import { fitSignals } from './signals.ts';

/** Questions whose answers the models did not see, with what the models said. */
export interface Questions extends Standardised {
  /** The fold that each choice is of. */
  foldOf: Int32Array;
  /** The first fold; its questions are the first choices. */
  first: Fold | undefined;
}

/** Fits every fold's models on what is not asked of it, and asks them. */
export async function askFolds(
  dataset: Dataset,
  options: FoldOptions,
  { settings, known, sense }: { settings: PartSettings; known: ReadonlyMap<string, Model>; sense: Sense },
  progress: Progress,
): Promise<Questions> {
  const { courses } = dataset;
  const { cut, seed } = options;
  const builder = choiceBuilder(courses.length, createRandom(seed));
  const guess = priorBlend();
  const folds = foldsOf(dataset, options);
  for (const [index, fold] of folds.entries()) {
    if (fold.asks.length === 0) continue;
    const { parts } = await fitParts(fold.train, settings, known, () => {});
    const base = { parts, signals: fitSignals(fold.train, cut !== 'random') };
    fold.asks.forEach((ask, at) => {
      const columns = featuresOf(base, courses, ask.history, ask.now, sense);
      builder.add(columns, guess.utilities(columns, courses.length, ask.history, ask.now), ask);
      if (at % 50 === 0) progress('held-out courses', (index + at / fold.asks.length) / folds.length);
    });
  }
  const foldOf = Int32Array.from(folds.flatMap(({ asks }, fold) => asks.map(() => fold)));
  return { ...builder.build(), foldOf, first: folds[0] };
}
