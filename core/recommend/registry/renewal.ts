import { packArtefact, type OpenedArtefact } from '../artefact.ts';
import { filterDataset, indexOf } from '../dataset.ts';
import type { CourseFacts, Dataset, Model } from '../model.ts';

/** For each of `courses` its place among `others`, −1 for one that is not there. */
export function indexIn(others: readonly CourseFacts[], courses: readonly CourseFacts[]): Int32Array {
  const index = indexOf(others);
  return Int32Array.from(courses, ({ id }) => index.get(id) ?? -1);
}

/** The same behaviour over the courses that an older model knows. */
export function overCourses(dataset: Dataset, courses: readonly CourseFacts[]): Dataset {
  const there = indexIn(courses, dataset.courses);
  const kept = filterDataset(
    dataset,
    (learner, position) => there[dataset.items[dataset.starts[learner]! + position]!]! >= 0,
  );
  return { ...kept, courses, items: kept.items.map((item) => there[item]!) };
}

/** A stored model with the same weights whose counts and trends know the newer behaviour. */
export function renewedModel({ model, courses }: Pick<OpenedArtefact, 'model' | 'courses'>, dataset: Dataset): Model {
  return model.renewed?.(overCourses(dataset, courses)) ?? model;
}

/** The same as an artefact, with what is said of many learners brought up to date too. */
export function renewArtefact(opened: OpenedArtefact, dataset: Dataset, taken: Dataset): Buffer {
  const { courses, facts } = opened;
  return packArtefact(renewedModel(opened, dataset), overCourses(dataset, courses), overCourses(taken, courses), facts);
}
