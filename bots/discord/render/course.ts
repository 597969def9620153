import type { APIEmbed } from 'discord.js';
import { price, duration, levelName, metaLine } from '../../conversation/wording.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import { localised, render } from '../../../core/language/render.ts';
import type { Language, Localised, Reply } from '../../../core/language/reply.ts';
import { hashUnit } from '../../../core/numerics/splits.ts';
import { cut, limits } from './limits.ts';
import { escapedCut, wordsOf } from './words.ts';

/** What is known of the courses that replies name. */
export interface Courses {
  of(id: string): Course | undefined;
  /** For courses that name no currency (ISO 4217). */
  currency: string;
}

/** The title of the course that a reply shows; undefined where its text does not begin with it. */
function shownTitle({ text, course }: Reply, language: Language): string | undefined {
  if (course === undefined) return undefined;
  const title = wordsOf(text.args?.['title'], language);
  if (!title) return undefined;
  const [first] = render(text, language).split('\n', 1);
  return first === title ? title : undefined;
}

/** A course as a card; undefined for replies that only speak about one. */
export function courseEmbed(reply: Reply, language: Language, courses: Courses): APIEmbed | undefined {
  const title = shownTitle(reply, language);
  if (title === undefined) return undefined;
  const course = courses.of(reply.course!);
  const rest = render(reply.text, language).slice(title.length).trim();
  const meta = course && (localised(metaLine(course, courses.currency), language) ?? '');
  // What the fields say need not be said twice.
  const description = meta ? rest.replace(meta, '').trim() : rest;
  const fields = course ? fieldsOf(course, language, courses.currency) : [];
  return {
    title: escapedCut(title, limits.title),
    color: colourOf(reply.course!),
    ...(description !== '' && { description: escapedCut(description, limits.description) }),
    ...(fields.length > 0 && { fields }),
  };
}

function fieldsOf(course: Course, language: Language, currency: string): NonNullable<APIEmbed['fields']> {
  const facts: [name: string, words: Localised | undefined][] = [
    ['level', course.level === null ? undefined : levelName(course.level)],
    ['length', course.durationMinutes === null ? undefined : duration(course.durationMinutes)],
    ['price', price(course, currency)],
    ['instructor', course.instructor ? { zh: course.instructor, en: course.instructor } : undefined],
  ];
  return facts.flatMap(([name, words]) => {
    const value = words && localised(words, language)?.trim();
    if (!value) return [];
    return [
      {
        name: render({ key: `discord.field.${name}` }, language),
        value: escapedCut(value, limits.fieldValue),
        inline: true,
      },
    ];
  });
}

/** The same colour for the same course, as its cover has it. */
function colourOf(course: string): number {
  const hue = Math.floor(hashUnit(0, course) * 2 ** 32) % 360;
  return rgb(hue, 0.52, 0.46);
}

/** @param hue in degrees; saturation and lightness in [0, 1]. */
function rgb(hue: number, saturation: number, lightness: number): number {
  const spread = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const at = (offset + hue / 30) % 12;
    return Math.round(255 * (lightness - spread * Math.max(-1, Math.min(at - 3, 9 - at, 1))));
  };
  return (channel(0) << 16) | (channel(8) << 8) | channel(4);
}

export const plainTitle = (reply: Reply, language: Language, limit: number): string | undefined => {
  const title = shownTitle(reply, language)?.replaceAll(/\s+/g, ' ').trim();
  return title ? cut(title, limit) : undefined;
};
