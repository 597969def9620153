import { createRandom } from '../../../core/numerics/random.ts';
import { buildDataset, type Interaction } from '../../../core/recommend/dataset.ts';
import type { CourseFacts, Dataset } from '../../../core/recommend/model.ts';

const TOPICS = ['excel', 'python', 'design', '写作', 'guitar', 'cooking'];
const LESSONS = 6;
const DAY = 86_400;
export const EPOCH = Date.UTC(2024, 0, 1) / 1000;

export function facts(id: string, more: Partial<CourseFacts> = {}): CourseFacts {
  return {
    id,
    title: '',
    text: '',
    topics: [],
    level: null,
    language: null,
    instructor: null,
    priceMinor: null,
    currency: null,
    publishedAt: NaN,
    archived: false,
    attributes: {},
    ...more,
  };
}

/** Six series of six lessons: who takes one mostly goes on with the next of the same series. */
export const seriesCourses: CourseFacts[] = TOPICS.flatMap((topic, t) =>
  Array.from({ length: LESSONS }, (_, lesson) =>
    facts(`${topic}-${lesson}`, {
      title: `${topic} lesson ${lesson}`,
      text: `All about ${topic}. Part ${lesson} of the series on ${topic}.`,
      topics: [topic],
      publishedAt: EPOCH + (t * LESSONS + lesson) * DAY,
    }),
  ),
);

export interface SeriesOptions {
  learners?: number;
  seed?: number;
  dated?: boolean;
  rated?: boolean;
  /** Each learner's courses in random order, all at once: order means nothing. */
  shuffled?: boolean;
  courses?: readonly CourseFacts[];
}

export function seriesRows(options: SeriesOptions = {}): Interaction[] {
  const { learners = 200, seed = 1, dated = true, rated = false, shuffled = false } = options;
  const random = createRandom(seed);
  return Array.from({ length: learners }, (_, learner) => {
    const rows: Interaction[] = [];
    let topic = random.int(TOPICS.length);
    let lesson = random.int(3);
    let time = EPOCH + random.int(300) * DAY;
    const length = 1 + random.int(7);
    for (let step = 0; step < length; step++) {
      const course = `${TOPICS[topic]!}-${lesson}`;
      const rating = rated ? Math.min(1, Math.max(0, 0.2 + 0.12 * topic + 0.1 * random.normal())) : NaN;
      rows.push({ learner: `learner ${learner}`, course, time: dated ? time : NaN, weight: 1, rating });
      time += Math.floor((1 + random.next() * 5) * DAY);
      if (random.next() < 0.15 || lesson === LESSONS - 1) {
        topic = random.int(TOPICS.length);
        lesson = random.int(3);
      } else lesson++;
    }
    return shuffled ? random.shuffle(rows.map((row) => ({ ...row, time: NaN }))) : rows;
  }).flat();
}

export function seriesData(options: SeriesOptions = {}): Dataset {
  return buildDataset(seriesRows(options), options.courses ?? seriesCourses);
}
