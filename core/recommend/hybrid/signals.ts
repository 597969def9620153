import { courseCounts, filterDataset } from '../dataset.ts';
import type { Artefact, Dataset, Model } from '../model.ts';
import { markov } from '../models/markov.ts';
import { trending } from '../models/trending.ts';
import { groupOf, GROUPS } from './groups.ts';
import { fitLabels, loadLabels, type Labels } from './labels.ts';
import { artefactOf, joinArtefacts } from './parts.ts';
import { fitRecent, loadRecent, type RecentSteps } from './recent.ts';
import { fitSessions, loadSessions, type Sessions } from './sessions.ts';
import { fitShelf, loadShelf, type Shelf } from './shelf.ts';

/** What the hybrid reads besides the public models. */
export interface Signals {
  /** Takings of each course. */
  counts: Float64Array;
  /** The same by how many courses the learner had: [group][course]. */
  stages: Float64Array;
  /** What was taken within about a day, a week, and a month. */
  day: Model;
  week: Model;
  month: Model;
  /** The same as `month` over first courses only: where newcomers begin. */
  firsts: Model;
  /** What comes right after, ever and lately. */
  next: Model;
  recent: RecentSteps;
  sessions: Sessions;
  published: Shelf;
  /** Absent where both orders are one. */
  listed?: Shelf;
  labels: Labels;
}

const DAY = { halfLifeDays: 1 };
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

/** @param ordered whether the order of a learner's courses means anything. */
export function fitSignals(dataset: Dataset, ordered: boolean): Signals {
  const listed = fitShelf(dataset, 'listed');
  return {
    counts: courseCounts(dataset),
    stages: stagesOf(dataset),
    ...fitTrends(dataset),
    next: markov.fit(dataset, markov.config.parse(RIGHT_AFTER)),
    recent: fitRecent(dataset),
    sessions: fitSessions(dataset),
    published: fitShelf(dataset, 'published')!,
    ...(listed && { listed }),
    labels: fitLabels(dataset, ordered),
  };
}

/** Trends and recent steps over newer behaviour; how courses follow each other stays as it was learned. */
export function renewSignals(signals: Signals, dataset: Dataset): Signals {
  const fresh = fitTrends(dataset);
  return { ...signals, ...fresh, recent: fitRecent(dataset) };
}

function fitTrends(dataset: Dataset): Pick<Signals, 'day' | 'week' | 'month' | 'firsts'> {
  return {
    day: trending.fit(dataset, DAY),
    week: trending.fit(dataset, WEEK),
    month: trending.fit(dataset, MONTH),
    firsts: trending.fit(
      filterDataset(dataset, (_, at) => at === 0),
      MONTH,
    ),
  };
}

function stagesOf(dataset: Dataset): Float64Array {
  const size = dataset.courses.length;
  const stages = new Float64Array(GROUPS * size);
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const from = dataset.starts[learner]!;
    for (let at = from; at < dataset.starts[learner + 1]!; at++)
      stages[groupOf(at - from) * size + dataset.items[at]!]!++;
  }
  return stages;
}

export function saveSignals({ counts, stages, ...others }: Signals): Artefact {
  const saved = joinArtefacts(Object.entries(others).map(([name, one]) => [name, one.save()]));
  return { json: saved.json, arrays: { ...saved.arrays, counts, stages } };
}

export function loadSignals(artefact: Artefact): Signals {
  const of = (name: keyof Signals): Artefact => artefactOf(artefact, name)!;
  const listed = artefactOf(artefact, 'listed');
  return {
    counts: artefact.arrays['counts'] as Float64Array,
    stages: artefact.arrays['stages'] as Float64Array,
    day: trending.load(of('day')),
    week: trending.load(of('week')),
    month: trending.load(of('month')),
    firsts: trending.load(of('firsts')),
    next: markov.load(of('next')),
    recent: loadRecent(of('recent')),
    sessions: loadSessions(of('sessions')),
    published: loadShelf(of('published')),
    ...(listed && { listed: loadShelf(listed) }),
    labels: loadLabels(of('labels')),
  };
}
