import { hash } from 'node:crypto';
import { emptyHistory } from './dataset.ts';
import { goneFacts } from './facts.ts';
import type { CourseFacts, Dataset, Model } from './model.ts';
import { content, type ContentModel } from './models/content.ts';
import { hybrid, type HybridModel } from './models/hybrid.ts';
import { pack, PackError, unpack } from './pack.ts';
import { countPopularity, loadPopularity } from './popularity.ts';
import type { Trained } from './stock.ts';

/** A stored version made ready to serve, and the content model of its courses. */
export interface OpenedArtefact {
  trained: Trained;
  model: HybridModel;
  /** In the order of `trained.courseIds`, as the catalogue has them now. */
  courses: readonly CourseFacts[];
  /** Fitted on those courses as they stood at training. */
  content: ContentModel;
  /** Of those courses, see `factsHash`. */
  facts: string;
}

/**
 * Everything that the recommender serves with, as bytes; no learner is in them.
 *
 * @param taken who took what, over the courses of `dataset`.
 * @param facts of the courses that the model was fitted on; those of `dataset` unless given.
 */
export function packArtefact(
  model: Pick<Model, 'save'>,
  dataset: Dataset,
  taken: Dataset,
  facts = factsHash(dataset.courses),
): Buffer {
  return pack({
    ranker: model.save(),
    popularity: countPopularity(dataset, taken).save(),
    courses: { json: { ids: dataset.courses.map(({ id }) => id), facts }, arrays: {} },
  });
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
  const known = ids.map((id) => courseOf(id) ?? goneFacts(id));
  const model = hybrid.load(saved, known);
  const { ranker, parts } = model;
  return {
    trained: {
      version,
      courseIds: ids,
      ranker,
      itemKnn: parts.get('item-knn')!.model,
      popularity: loadPopularity(popularity),
    },
    model,
    courses: known,
    content: ranker.content,
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
