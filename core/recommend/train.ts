import { hash } from 'node:crypto';
import { averageRank, hit, ndcg } from '../numerics/ranking.ts';
import type { Progress } from '../numerics/progress.ts';
import { hashUnit } from '../numerics/splits.ts';
import { emptyHistory, filterDataset, historyAt } from './dataset.ts';
import { goneFacts } from './facts.ts';
import type { CourseFacts, Dataset } from './model.ts';
import { content, type ContentModel } from './models/content.ts';
import { popular } from './models/popular.ts';
import { pack, PackError, unpack } from './pack.ts';
import { countPopularity, loadPopularity } from './popularity.ts';
import { fitRanker, loadRanker, type Ranker } from './ranker.ts';
import type { Trained } from './stock.ts';
import type { TrainingData } from './training-data.ts';

export interface TrainOptions {
  seed: number;
  /** Whether to measure first, on courses held out for it; takes as long again. */
  validate: boolean;
}

/** Of the last courses of some learners, each ranked among all courses by a ranker that has not seen them. */
export interface Validation {
  learners: number;
  hr10: number;
  ndcg10: number;
  /** The same by plain popularity, for comparison. */
  popular: { hr10: number; ndcg10: number };
}

export interface TrainedArtefact {
  packed: Buffer;
  validation: Validation | undefined;
  /** Why it must not serve; undefined when nothing speaks against it. */
  fault: string | undefined;
}

/** Learners whose last course is held out to measure; more would say the same. */
const VALIDATED = 1000;
const K = 10;

/** Learns everything that the recommender serves with, and checks that it is fit to. No learner is in the result. */
export async function trainArtefact(
  { dataset, taken }: Pick<TrainingData, 'dataset' | 'taken'>,
  { seed, validate }: TrainOptions,
  progress: Progress,
): Promise<TrainedArtefact> {
  const validation = validate ? await measure(dataset, seed, (what, share) => progress(what, share / 2)) : undefined;
  const rest: Progress = validation ? (what, share) => progress(what, 0.5 + share / 2) : progress;
  const ranker = await fitRanker(dataset, { cut: 'auto', seed }, rest);
  const packed = pack({
    ranker: ranker.save(),
    popularity: countPopularity(dataset, taken).save(),
    courses: { json: { ids: dataset.courses.map(({ id }) => id), facts: factsHash(dataset.courses) }, arrays: {} },
  });
  return { packed, validation, fault: faultOf(ranker, dataset) };
}

/** A stored version made ready to serve, and the content model of its courses. */
export interface OpenedArtefact {
  trained: Trained;
  /** Fitted on `trained.courseIds` as they stood at training. */
  content: ContentModel;
  /** Of those courses, see `factsHash`. */
  facts: string;
}

/**
 * @param courseOf what the catalogue says now; courses that are gone stay in place but are archived.
 * @throws PackError when the bytes are not an artefact of this program.
 */
export function openArtefact(
  version: string,
  packed: Uint8Array,
  courseOf: (id: string) => CourseFacts | undefined,
): OpenedArtefact {
  const { ranker: saved, popularity, courses } = unpack(packed);
  if (!saved || !popularity || !courses) throw new PackError('The model artefact lacks a part');
  const { ids, facts } = courses.json as { ids: string[]; facts: string };
  const ranker = loadRanker(
    saved,
    ids.map((id) => courseOf(id) ?? goneFacts(id)),
  );
  return {
    trained: { version, courseIds: ids, ranker, itemKnn: ranker.parts.itemKnn, popularity: loadPopularity(popularity) },
    content: ranker.parts.content,
    facts,
  };
}

/** Changes with anything that the models know of the courses, and with their order. */
export function factsHash(courses: readonly CourseFacts[]): string {
  return hash('sha256', JSON.stringify(courses));
}

/** The content model of a catalogue. */
export function fitContent(courses: readonly CourseFacts[]): ContentModel {
  const none: Dataset = { learners: [], courses, starts: new Int32Array(1), ...emptyHistory };
  return content.fit(none, content.config.parse({}));
}

async function measure(dataset: Dataset, seed: number, progress: Progress): Promise<Validation | undefined> {
  const lengthOf = (learner: number) => dataset.starts[learner + 1]! - dataset.starts[learner]!;
  const tested = dataset.learners
    .map((id, learner) => ({ learner, order: hashUnit(seed, id) }))
    .filter(({ learner }) => lengthOf(learner) >= 2)
    .sort((a, b) => a.order - b.order)
    .slice(0, VALIDATED)
    .map(({ learner }) => learner);
  if (tested.length === 0) return undefined;
  const held = new Set(tested);
  const train = filterDataset(dataset, (learner, position) => !held.has(learner) || position < lengthOf(learner) - 1);
  const ranker = await fitRanker(train, { cut: 'auto', seed }, progress);
  const counts = popular.fit(train).score(emptyHistory, NaN);
  const sums = { hr10: 0, ndcg10: 0, popular: { hr10: 0, ndcg10: 0 } };
  const excluded = new Uint8Array(dataset.courses.length);
  for (const learner of tested) {
    const history = historyAt(train, learner);
    const target = dataset.items[dataset.starts[learner + 1]! - 1]!;
    for (const item of history.items) excluded[item] = 1;
    const add = (to: { hr10: number; ndcg10: number }, scores: Float32Array) => {
      const ranks = [averageRank(scores, target, excluded)];
      to.hr10 += hit(ranks, K) / tested.length;
      to.ndcg10 += ndcg(ranks, K) / tested.length;
    };
    add(sums, ranker.score(history, history.times.at(-1) ?? NaN));
    add(sums.popular, counts);
    for (const item of history.items) excluded[item] = 0;
  }
  return { learners: tested.length, ...sums };
}

/** Scores some learners, and one without a past, and says what is wrong with what comes out. */
function faultOf(ranker: Ranker, dataset: Dataset): string | undefined {
  const asked = Math.min(20, dataset.learners.length);
  const histories = Array.from({ length: asked }, (_, i) =>
    historyAt(dataset, Math.floor((i * dataset.learners.length) / asked)),
  );
  for (const history of [emptyHistory, ...histories]) {
    const scores = ranker.score(history, history.times.at(-1) ?? NaN);
    if (scores.length !== dataset.courses.length) {
      return `It scores ${scores.length} courses of ${dataset.courses.length}`;
    }
    if (!scores.every(Number.isFinite)) return 'It gives scores that are not finite';
  }
  return undefined;
}
