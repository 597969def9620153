import type { Course } from '../../core/catalogue/course.ts';
import { eventKey } from '../../core/behaviour/key.ts';
import type { Recommender, Request } from '../../core/recommend/slate.ts';

/** Recommends the catalogue from first to last, and keeps what it was asked. */
export function listingRecommender(courses: readonly Course[]) {
  const asked: Request[] = [];
  const recommender: Recommender = {
    version: 'listing',
    recommend(request) {
      asked.push(request);
      const { exclude = [], topics = [], count, list } = request;
      const allowed = courses.filter(
        ({ id, topics: about }) =>
          !exclude.includes(id) && (topics.length === 0 || about.some((topic) => topics.includes(topic))),
      );
      return {
        id: eventKey('slate', request.learnerId ?? '', list, request.now.toISOString()),
        list,
        modelVersion: 'listing',
        items: allowed.slice(0, count).map(({ id }, position) => ({
          courseId: id,
          score: 1 / (position + 1),
          position,
          propensity: 0.9,
          source: 'popular',
          reason: { key: 'reason.popular' },
        })),
      };
    },
    similar: () => ({ id: eventKey('none'), list: 'similar', modelVersion: 'listing', items: [] }),
  };
  return { recommender, asked };
}

/** A course with a price of 100.00 CNY about one topic. */
export function sampleCourse(id: string, topic: string, more: Partial<Course> = {}): Course {
  return {
    id,
    title: `Course ${id}`,
    description: '',
    translations: { zh: { title: `课程 ${id}`, description: '' } },
    topics: [topic],
    level: null,
    language: null,
    priceMinor: 10_000,
    currency: 'CNY',
    durationMinutes: null,
    instructor: null,
    publishedAt: null,
    archived: false,
    attributes: {},
    simulated: false,
    ...more,
  };
}
