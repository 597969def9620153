import type { Language, Localised } from '../language/reply.ts';

export interface Course {
  id: string;
  title: string;
  description: string;
  translations: Partial<Record<Language, { title: string; description: string }>>;
  topics: string[];
  /** One of `levels` where it could be recognised, else the catalogue's own word. */
  level: string | null;
  language: string | null;
  /** Minor units of `currency`; null when unknown, 0 when free. */
  priceMinor: number | null;
  currency: string | null;
  durationMinutes: number | null;
  instructor: string | null;
  publishedAt: Date | null;
  archived: boolean;
  /** Every other column of the catalogue file. */
  attributes: Record<string, string>;
  simulated: boolean;
}

/** Attribute with the lessons of a course: how many, or their titles with `|` between, see core/insight/lesson.ts. */
export const LESSONS = 'lessons';

/** The title in whatever languages there are, for use as a text argument. */
export function courseTitle(course: Pick<Course, 'title' | 'translations'>): Localised {
  const { zh, en } = course.translations;
  return { zh: zh?.title ?? course.title, en: en?.title ?? course.title };
}

export function courseDescription(course: Pick<Course, 'description' | 'translations'>): Localised {
  const { zh, en } = course.translations;
  return { zh: zh?.description ?? course.description, en: en?.description ?? course.description };
}
