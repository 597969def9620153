import { courseCounts, emptyHistory } from '../recommend/dataset.ts';
import type { CourseFacts, Dataset } from '../recommend/model.ts';
import { content, type ContentModel } from '../recommend/models/content.ts';
import { popularityThirds, type CourseGroups } from './groups.ts';

/** What metrics need to know of a round's training data. */
export interface Context extends CourseGroups {
  courses: readonly CourseFacts[];
  /** Learners with at least one interaction. */
  learners: number;
  /** How many took each course. */
  counts: Float64Array;
  about: ContentModel;
  /** Whether anything tells courses apart by content. */
  hasContent: boolean;
}

/** @param about a content model over the same courses. */
export function contextOf(train: Dataset, about: ContentModel): Context {
  const counts = courseCounts(train);
  let learners = 0;
  for (let row = 0; row < train.learners.length; row++) if (train.starts[row + 1]! > train.starts[row]!) learners++;
  return {
    courses: train.courses,
    learners,
    counts,
    about,
    hasContent: train.courses.some((_, course) => about.similarity(course, course) > 0),
    popularity: popularityThirds(counts),
    languages: train.courses.map(({ language }) => language),
  };
}

/** The content model by which lists are judged, whoever made them. */
export function judgeOf(courses: readonly CourseFacts[]): ContentModel {
  const nobody: Dataset = { learners: [], courses, starts: new Int32Array(1), ...emptyHistory };
  return content.fit(nobody, content.config.parse({}));
}
