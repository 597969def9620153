/** The data that models are measured on: real sets from a folder, and made-up ones of any size. */
import path from 'node:path';
import { parseColumnMap } from '../../core/behaviour/columns.ts';
import { interactionsOf } from '../../core/evaluate/interactions.ts';
import { coursesOf, readBehaviour, readCourses } from '../../core/evaluate/read.ts';
import { silent } from '../../core/numerics/progress.ts';
import { createRandom } from '../../core/numerics/random.ts';
import type { CourseFacts, Dataset } from '../../core/recommend/model.ts';

export const dataNames = ['mars', 'mooccubex'] as const;
export type DataName = (typeof dataNames)[number];

const marsColumns = parseColumnMap([
  'user_id=user_id,course_id=item_id,occurred_at=created_at,title=name,topics=Theme,level=Difficulty',
  'published_at=created_at,duration_seconds=duration',
]);

/** @param folder holds `mars/` and `mooccubex/`; of the latter the training part is read. */
export async function loadData(folder: string, name: DataName): Promise<Dataset> {
  const at = (file: string): string => path.join(folder, name, file);
  const usual = { zone: 'UTC', ratingScale: undefined };
  if (name === 'mars') {
    const options = { ...usual, map: marsColumns, types: ['rate:rating'] };
    const files = [at('implicit_ratings_en.csv'), at('explicit_ratings_en.csv')];
    const { courses } = await readCourses(at('items_en.csv'), options, silent);
    return interactionsOf(await readBehaviour(files, options, silent), courses).dataset;
  }
  const rows = await readBehaviour([at('train.csv')], { ...usual, map: new Map(), types: [] }, silent);
  return interactionsOf(rows, coursesOf(rows)).dataset;
}

/** Learners who mostly go on within a series of five, else to a course by a popularity that falls with its rank. */
export function madeUp(learners: number, courseCount: number): Dataset {
  const random = createRandom(1);
  const courses: CourseFacts[] = Array.from({ length: courseCount }, (_, course) => ({
    id: `${course}`,
    title: `course ${course} of series ${Math.floor(course / 5)}`,
    text: '',
    topics: [`${Math.floor(course / 25)}`],
    level: null,
    language: null,
    instructor: null,
    priceMinor: null,
    currency: null,
    publishedAt: NaN,
    archived: false,
    attributes: {},
  }));
  const starts = new Int32Array(learners + 1);
  const items: number[] = [];
  for (let learner = 0; learner < learners; learner++) {
    const own = new Set<number>();
    const length = 2 + random.int(18);
    let course = random.int(courseCount);
    while (own.size < length) {
      own.add(course);
      const next = course + 1;
      if (next % 5 !== 0 && next < courseCount && !own.has(next) && random.next() < 0.6) course = next;
      else course = Math.floor(courseCount * random.next() ** 3);
    }
    items.push(...own);
    starts[learner + 1] = items.length;
  }
  return {
    learners: Array.from({ length: learners }, (_, learner) => `${learner}`),
    courses,
    starts,
    items: Int32Array.from(items),
    times: new Float64Array(items.length).fill(NaN),
    weights: new Float32Array(items.length).fill(1),
    ratings: new Float32Array(items.length).fill(NaN),
  };
}
