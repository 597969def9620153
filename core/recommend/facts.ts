import type { Course } from '../catalogue/course.ts';
import type { CourseFacts } from './model.ts';

/** A course of the catalogue as the models see it, its words in every language there is. */
export function factsOf(course: Course): CourseFacts {
  const words = [course, ...Object.values(course.translations)];
  return {
    id: course.id,
    title: distinct(words.map(({ title }) => title)),
    text: distinct(words.map(({ description }) => description)),
    topics: course.topics,
    level: course.level,
    language: course.language,
    instructor: course.instructor,
    priceMinor: course.priceMinor,
    currency: course.currency,
    publishedAt: course.publishedAt ? course.publishedAt.getTime() / 1000 : NaN,
    archived: course.archived,
    attributes: course.attributes,
  };
}

/** What the models are told of a course that is no longer in the catalogue. */
export function goneFacts(id: string): CourseFacts {
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
    archived: true,
    attributes: {},
  };
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join('\n');
}
