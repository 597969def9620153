import type { Progress } from '../../numerics/progress.ts';
import { createRandom } from '../../numerics/random.ts';
import { cutOf, type Cut } from '../held-out.ts';
import type { Dataset } from '../model.ts';
import { content } from '../models/content.ts';
import { blendOf, priorBlend, type Blend } from './blend.ts';
import { choiceBuilder } from './choices.ts';
import { columnsThatRank, featuresOf, featureList, FEATURES, GROUPS } from './features.ts';
import { foldsOf } from './folds.ts';
import { fitLogit } from './logit.ts';
import { chooseSettings, fitParts, type Parts } from './parts.ts';
import { sharpen } from './sharpen.ts';
import { senseOf, type Sense } from './sense.ts';

/** Pull of the safe weights, and of all learners on a group of them; chosen by held-out folds. */
const PULL = 3;
const GROUP_PULL = 10;
const ITERATIONS = 80;

export interface Learned {
  parts: Parts;
  blend: Blend;
  sense: Sense;
}

/** Weights from courses held out for it; then the parts again, on all of the dataset. */
export async function learn(
  dataset: Dataset,
  { cut, seed }: { cut: Cut | 'auto'; seed: number },
  progress: Progress,
): Promise<Learned> {
  const chosen = cutOf(cut, dataset, seed);
  const about = content.fit(dataset, content.config.parse({ cut: chosen }));
  progress('hybrid: texts', 0.05);
  const found = senseOf(dataset, about, seed);
  const sense: Sense = { ...found, news: chosen === 'time' && found.times };
  const settings = chooseSettings(dataset, chosen, seed);
  progress('hybrid: settings', 0.1);
  const choices = choiceBuilder(dataset.courses.length, createRandom(seed));
  const guess = priorBlend();

  const folds = foldsOf(dataset, chosen, seed);
  for (const [index, fold] of folds.entries()) {
    const parts = await fitParts(fold.train, settings, about);
    fold.asks.forEach((ask, at) => {
      const x = featuresOf(parts, dataset.courses, ask.history, ask.now, sense);
      choices.add(x, guess.utilities(x, ask.history.items.length), ask);
      if (at % 50 === 0) {
        progress('hybrid: held-out courses', 0.1 + (0.45 * (index + at / fold.asks.length)) / folds.length);
      }
    });
  }

  const { choices: asked, deviations } = choices.build();
  const solved = fitLogit(asked, {
    groups: GROUPS,
    prior: Float64Array.from(featureList, (feature, f) => feature.prior * deviations[f]!),
    pull: PULL,
    groupPull: GROUP_PULL,
    maxIterations: ITERATIONS,
    onIteration: (iteration) => progress('hybrid: weights', 0.55 + (0.35 * iteration) / ITERATIONS),
  });
  const weights = solved.byGroup.map((own, at) => {
    const weight = solved.base[at % FEATURES]! + own;
    return featureList[at % FEATURES]!.onlyFor ? Math.max(0, weight) : weight;
  });
  const added = sharpen(asked, weights, columnsThatRank);
  weights.forEach((weight, at) => (weights[at] = (weight + added[at % FEATURES]!) / deviations[at % FEATURES]!));
  const parts = await fitParts(dataset, settings, about);
  progress('hybrid', 1);
  return { parts, blend: blendOf(weights), sense };
}
