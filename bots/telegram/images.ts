import { createHash } from 'node:crypto';
import type { Course } from '../../core/catalogue/course.ts';
import type { Language, Picture } from '../../core/language/reply.ts';
import { drawCover } from '../picture/cover.ts';
import { drawPng } from '../picture/png.ts';

/** A picture on its way to Telegram: an address that Telegram fetches, or drawn here. */
export interface Image {
  /** What it is known by once Telegram has it; undefined for a picture that is one person's. */
  hash?: string;
  source: { url: string } | { draw(): Promise<Buffer> };
}

/** Columns of a catalogue that name a picture, the first that is there. */
const COLUMNS = ['cover', 'image', 'image_url'];
/** Changes with how covers are drawn. */
const STYLE = 1;

/** Pictures of a course, the better first: its own, and one made from its title for when that is refused. */
export function coversOf(course: Course, language: Language): Image[] {
  const url = COLUMNS.map((name) => course.attributes[name]?.trim()).find((given) => given && isAddress(given));
  const { id, title, translations, topics } = course;
  const drawn: Image = {
    hash: hashOf(['cover', STYLE, id, title, translations, topics, language]),
    source: { draw: () => drawCover(course, language) },
  };
  return url === undefined ? [drawn] : [{ hash: hashOf(['url', url]), source: { url } }, drawn];
}

export const profilePicture = (picture: Picture, language: Language): Image => ({
  source: { draw: () => drawPng(picture, language) },
});

const isAddress = (given: string): boolean => /^https?:\/\/\S+$/.test(given) && URL.canParse(given);

const hashOf = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
