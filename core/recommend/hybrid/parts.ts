import { courseCounts, filterDataset } from '../dataset.ts';
import type { Cut } from '../held-out.ts';
import type { Artefact, CourseFacts, Dataset, Model } from '../model.ts';
import { content, type ContentModel } from '../models/content.ts';
import { chooseItemKnn, itemKnn } from '../models/item-knn.ts';
import { chooseEase, ease } from '../models/ease.ts';
import { markov } from '../models/markov.ts';
import { trending } from '../models/trending.ts';
import { stepOf, userKnn } from '../models/user-knn.ts';
import { fitShelf, loadShelf, type Shelf } from './shelf.ts';

/** The models that the hybrid fuses, fitted on one dataset. */
export interface Parts {
  /** Takings of each course. */
  counts: Float64Array;
  /** What was taken within about a week, and within about a month. */
  week: Model;
  month: Model;
  /** The same as `month` over first courses only: where newcomers begin. */
  firsts: Model;
  itemKnn: Model;
  ease: Model;
  userKnn: Model;
  /** What comes soon after, and what comes right after. */
  markov: Model;
  next: Model;
  content: ContentModel;
  shelf: Shelf;
}

/** Settings of parts that are chosen once, so that each fold need not choose again. */
export interface PartSettings {
  itemKnn: { step: number; shrink: number };
  userKnn: { step: number };
  ease: { penalty: number; step: number };
}

/** Chosen as the models by themselves choose them, for the whole dataset. */
export function chooseSettings(dataset: Dataset, cut: Cut, seed: number): PartSettings {
  return {
    itemKnn: chooseItemKnn(dataset, itemKnn.config.parse({ cut, seed })),
    userKnn: { step: stepOf(cut) },
    ease: chooseEase(dataset, ease.config.parse({ cut, seed })),
  };
}

const WEEK = { halfLifeDays: 5 };
const MONTH = { halfLifeDays: 20 };
const SOON = { window: 8, lagDecay: 0.7, step: 0.5, shrink: 10 };
const RIGHT_AFTER = { window: 1, lagDecay: 1, step: 0.1, shrink: 3 };

/** @param known a content model over the same courses, which do not differ between folds. */
export async function fitParts(dataset: Dataset, settings: PartSettings, known: ContentModel): Promise<Parts> {
  return {
    counts: courseCounts(dataset),
    week: trending.fit(dataset, WEEK),
    month: trending.fit(dataset, MONTH),
    firsts: trending.fit(
      filterDataset(dataset, (_, at) => at === 0),
      MONTH,
    ),
    itemKnn: itemKnn.fit(dataset, itemKnn.config.parse(settings.itemKnn)),
    ease: ease.fit(dataset, ease.config.parse(settings.ease)),
    userKnn: userKnn.fit(dataset, userKnn.config.parse(settings.userKnn)),
    markov: markov.fit(dataset, SOON),
    next: markov.fit(dataset, RIGHT_AFTER),
    content: known,
    shelf: fitShelf(dataset),
  };
}

const SEPARATOR = '/';

/** All parts in one artefact: the arrays of part p under `p/name`. */
export function saveParts({ counts, ...parts }: Parts): Artefact {
  const whole: Artefact & { json: Record<string, unknown> } = { json: {}, arrays: { counts } };
  for (const [name, part] of Object.entries(parts) as [string, Model | Shelf][]) {
    const saved = part.save();
    whole.json[name] = saved.json;
    for (const [key, array] of Object.entries(saved.arrays)) whole.arrays[name + SEPARATOR + key] = array;
  }
  return whole;
}

export function loadParts(artefact: Artefact, courses: readonly CourseFacts[]): Parts {
  const part = (name: string): Artefact => {
    const arrays: Artefact['arrays'] = {};
    for (const [key, array] of Object.entries(artefact.arrays)) {
      if (key.startsWith(name + SEPARATOR)) arrays[key.slice(name.length + 1)] = array;
    }
    return { json: (artefact.json as Record<string, unknown>)[name], arrays };
  };
  return {
    counts: artefact.arrays['counts'] as Float64Array,
    week: trending.load(part('week')),
    month: trending.load(part('month')),
    firsts: trending.load(part('firsts')),
    itemKnn: itemKnn.load(part('itemKnn')),
    ease: ease.load(part('ease')),
    userKnn: userKnn.load(part('userKnn'), courses),
    markov: markov.load(part('markov')),
    next: markov.load(part('next')),
    content: content.load(part('content')),
    shelf: loadShelf(part('shelf')),
  };
}
