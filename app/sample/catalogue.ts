import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { LESSONS, type Course } from '../../core/catalogue/course.ts';
import { levels } from '../../core/learner/learner.ts';

const line = z.strictObject({
  course_id: z.string().min(1),
  title: z.string().min(1),
  description: z.string().min(1),
  title_zh: z.string().min(1),
  title_en: z.string().min(1),
  description_zh: z.string().min(1),
  description_en: z.string().min(1),
  topics: z.array(z.string().min(1)).min(1),
  level: z.enum(levels),
  language: z.enum(['zh', 'en']),
  price: z.number().min(0),
  currency: z.literal('CNY'),
  duration_minutes: z.int().positive(),
  instructor: z.string().min(1),
  published_at: z.iso.date(),
  lessons: z.int().positive(),
});

/** The file also serves as an example for `coursebell import --courses`. */
export const sampleCatalogueFile = path.join(import.meta.dirname, 'catalogue.jsonl');

/** Questions of the placement test for some of its topics; an example for `coursebell import --questions`. */
export const sampleQuestionsFile = path.join(import.meta.dirname, 'questions.jsonl');

/** The sample courses, written for Coursebell; the instructors are made up. */
export async function readSampleCatalogue(): Promise<Course[]> {
  const text = await fs.readFile(sampleCatalogueFile, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((json) => {
      const row = line.parse(JSON.parse(json));
      return {
        id: row.course_id,
        title: row.title,
        description: row.description,
        translations: {
          zh: { title: row.title_zh, description: row.description_zh },
          en: { title: row.title_en, description: row.description_en },
        },
        topics: row.topics,
        level: row.level,
        language: row.language,
        priceMinor: Math.round(row.price * 100),
        currency: row.currency,
        durationMinutes: row.duration_minutes,
        instructor: row.instructor,
        publishedAt: new Date(`${row.published_at}T00:00:00Z`),
        archived: false,
        attributes: { [LESSONS]: String(row.lessons) },
        simulated: true,
      };
    });
}
