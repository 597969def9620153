import type { Progress } from '../../numerics/progress.ts';
import { createRandom } from '../../numerics/random.ts';
import { cutOf, type Clock, type Cut } from '../held-out.ts';
import type { Dataset } from '../model.ts';
import { content } from '../models/content.ts';
import { blendOf, priorBlend, type Blend } from './blend.ts';
import { choiceBuilder } from './choices.ts';
import { columnsThatRank, featuresOf, featureList, FEATURES, type Base } from './features.ts';
import { foldsOf } from './folds.ts';
import { ALL_GROUPS, GROUPS } from './groups.ts';
import { fitLogit, utilitiesOf, type LogitWeights } from './logit.ts';
import { chooseSettings, contentOf, fitParts, type LeftOut, type PartSettings } from './parts.ts';
import { sharpen } from './sharpen.ts';
import { fitSignals } from './signals.ts';
import { senseOf, type Sense } from './sense.ts';

/** Pull of the safe weights, and of all learners on a group of them; chosen by held-out folds. */
const PULL = 3;
const GROUP_PULL = 10;
const ITERATIONS = 60;

/** How the hybrid learns. */
export interface LearnOptions {
  cut: Cut | 'auto';
  clock: Clock;
  seed: number;
}

export interface Learned extends Base {
  blend: Blend;
  sense: Sense;
  leftOut: LeftOut[];
}

/** The parts on all of the dataset; then weights for them, from courses held out from parts fitted for that alone. */
export async function learn(dataset: Dataset, options: LearnOptions, progress: Progress): Promise<Learned> {
  const { seed, clock } = options;
  const cut = cutOf(options.cut, dataset, seed);
  const settings = await chooseSettings(dataset, cut, seed);
  progress('hybrid: settings', 0.05);
  const { parts, leftOut } = await fitParts(dataset, settings, new Map(), (what, share) =>
    progress(`hybrid: ${what}`, 0.05 + 0.1 * share),
  );
  const base: Base = { parts, signals: fitSignals(dataset, cut !== 'random') };
  const found = senseOf(dataset, contentOf(parts), seed);
  const sense: Sense = { ...found, news: cut === 'time' && found.times };
  const blend = await weigh(dataset, { cut, clock, seed }, base, settings, sense, (what, share) =>
    progress(what, 0.15 + 0.85 * share),
  );
  progress('hybrid', 1);
  return { ...base, blend, sense, leftOut };
}

async function weigh(
  dataset: Dataset,
  { cut, clock, seed }: LearnOptions & { cut: Cut },
  { parts: whole }: Base,
  settings: PartSettings,
  sense: Sense,
  progress: Progress,
): Promise<Blend> {
  const { courses } = dataset;
  const builder = choiceBuilder(courses.length, createRandom(seed));
  const guess = priorBlend();
  // Courses do not differ between folds.
  const known = new Map([[content.name, contentOf(whole)]]);

  const folds = foldsOf(dataset, { cut, clock, seed });
  for (const [index, fold] of folds.entries()) {
    const { parts } = await fitParts(fold.train, settings, known, () => {});
    const base = { parts, signals: fitSignals(fold.train, cut !== 'random') };
    fold.asks.forEach((ask, at) => {
      const columns = featuresOf(base, courses, ask.history, ask.now, sense);
      builder.add(columns, guess.utilities(columns, courses.length, ask.history, ask.now), ask);
      if (at % 50 === 0) progress('hybrid: held-out courses', (0.55 * (index + at / fold.asks.length)) / folds.length);
    });
  }

  const { choices, deviations } = builder.build();
  const solved = fitLogit(choices, {
    groups: ALL_GROUPS,
    prior: Float64Array.from(featureList, (feature, f) => feature.prior * deviations[f]!),
    pull: PULL,
    groupPull: GROUP_PULL,
    maxIterations: ITERATIONS,
    onIteration: (iteration) => progress('hybrid: weights', 0.55 + (0.45 * iteration) / ITERATIONS),
  });
  keepFor(solved);
  const added = sharpen(choices, utilitiesOf(choices, solved), columnsThatRank);
  const weights = solved.byGroup.map((own, at) => {
    const f = at % FEATURES;
    const shared = at < GROUPS * FEATURES ? solved.base[f]! + added[f]! : 0;
    return (own + shared) / deviations[f]!;
  });
  return blendOf(weights);
}

/** Takes features that may not speak against a course back to nothing where they would, in any group. */
function keepFor({ base, byGroup }: LogitWeights): void {
  featureList.forEach(({ onlyFor }, f) => {
    if (!onlyFor) return;
    base[f] = Math.max(0, base[f]!);
    for (let group = 0; group < ALL_GROUPS; group++) {
      const at = group * FEATURES + f;
      byGroup[at] = group < GROUPS ? Math.max(-base[f]!, byGroup[at]!) : Math.max(0, byGroup[at]!);
    }
  });
}
