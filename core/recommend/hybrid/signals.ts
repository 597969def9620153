import { courseCounts, filterDataset } from '../dataset.ts';
import type { Artefact, Dataset, Model } from '../model.ts';
import { markov } from '../models/markov.ts';
import { trending } from '../models/trending.ts';
import { artefactOf, joinArtefacts } from './parts.ts';
import { fitShelf, loadShelf, type Shelf } from './shelf.ts';

/** What the hybrid reads besides the public models. */
export interface Signals {
  /** Takings of each course. */
  counts: Float64Array;
  /** What was taken within about a week, and within about a month. */
  week: Model;
  month: Model;
  /** The same as `month` over first courses only: where newcomers begin. */
  firsts: Model;
  /** What comes right after. */
  next: Model;
  shelf: Shelf;
}

const WEEK = { halfLifeDays: 5 };
const MONTH = { halfLifeDays: 20 };
const RIGHT_AFTER = markov.config.parse({
  window: 1,
  lagDecay: 1,
  step: 0.1,
  shrink: 3,
  backward: 0,
  backOff: 'never',
});

export function fitSignals(dataset: Dataset): Signals {
  return {
    counts: courseCounts(dataset),
    week: trending.fit(dataset, WEEK),
    month: trending.fit(dataset, MONTH),
    firsts: trending.fit(
      filterDataset(dataset, (_, at) => at === 0),
      MONTH,
    ),
    next: markov.fit(dataset, RIGHT_AFTER),
    shelf: fitShelf(dataset),
  };
}

export function saveSignals({ counts, ...others }: Signals): Artefact {
  const saved = joinArtefacts(Object.entries(others).map(([name, one]) => [name, one.save()]));
  return { json: saved.json, arrays: { ...saved.arrays, counts } };
}

export function loadSignals(artefact: Artefact): Signals {
  const of = (name: Exclude<keyof Signals, 'counts'>): Artefact => artefactOf(artefact, name)!;
  return {
    counts: artefact.arrays['counts'] as Float64Array,
    week: trending.load(of('week')),
    month: trending.load(of('month')),
    firsts: trending.load(of('firsts')),
    next: markov.load(of('next')),
    shelf: loadShelf(of('shelf')),
  };
}
