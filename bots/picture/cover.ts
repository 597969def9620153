/** The picture of a course that has none: its title on a ground made from its id, the same as in the web chat. */

import { courseTitle, type Course } from '../../core/catalogue/course.ts';
import { localised } from '../../core/language/render.ts';
import type { Language } from '../../core/language/reply.ts';
import { topicName } from '../../core/language/topic-name.ts';
import { hashUnit } from '../../core/numerics/splits.ts';
import type { Drawing, Words } from './drawing.ts';
import { drawnOnce } from './png.ts';
import { drawable, inLines, widthOf } from './text.ts';

const WIDTH = 960;
const HEIGHT = 400;
const MARGIN = 56;
const TITLE_SIZE = 50;
const TITLE_LINES = 3;
const TOPIC_SIZE = 24;
const TOPICS = 3;

export function drawCover(
  course: Pick<Course, 'id' | 'title' | 'translations' | 'topics'>,
  language: Language,
): Promise<Buffer> {
  const title = drawable(localised(courseTitle(course), language) ?? '');
  const topics = course.topics.slice(0, TOPICS).map((topic) => drawable(localised(topicName(topic), language) ?? ''));
  return drawnOnce(['cover', course.id, title, topics], () => coverOf(course.id, title, topics));
}

function coverOf(id: string, title: string, topics: readonly string[]): Drawing {
  const seed = hashUnit(0, id) * 2 ** 32;
  const hue = Math.floor(seed) % 360;
  const lines = inLines(title, WIDTH - 2 * MARGIN, TITLE_SIZE, TITLE_LINES);
  const step = TITLE_SIZE * 1.3;
  const first = (HEIGHT - 70 - (lines.length - 1) * step) / 2 + TITLE_SIZE * 0.35;
  const words = lines.map((text, n): Words => ({
    text,
    x: MARGIN,
    y: first + n * step,
    size: TITLE_SIZE,
    fill: '#fff',
    bold: true,
  }));
  const below = pills(topics);
  const shapes = `<defs><linearGradient id="ground" x1="0" y1="0" x2="1" y2="1">
<stop offset="0" stop-color="hsl(${hue}, 52%, 46%)"/><stop offset="1" stop-color="hsl(${(hue + 38) % 360}, 58%, 34%)"/>
</linearGradient></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#ground)"/>
<g fill="none" stroke="#fff" stroke-width="20" opacity=".12">${rings(seed)}</g>
<g fill="#fff">${below.shapes}</g>`;
  return { width: WIDTH, height: HEIGHT, ground: '#fff', shapes, words: [...words, ...below.words], pixels: WIDTH };
}

function rings(seed: number): string {
  const x = WIDTH - 240 + (seed % 140);
  const y = 70 + ((seed >>> 9) % 160);
  return [0, 1, 2, 3].map((ring) => `<circle cx="${x}" cy="${y}" r="${56 + ring * 62}"/>`).join('');
}

function pills(topics: readonly string[]): { shapes: string; words: Words[] } {
  const y = HEIGHT - MARGIN - 34;
  let x = MARGIN;
  let shapes = '';
  const words: Words[] = [];
  for (const text of topics) {
    const width = widthOf(text, TOPIC_SIZE) + 40;
    if (text === '' || x + width > WIDTH - MARGIN) continue;
    shapes += `<rect x="${x}" y="${y}" width="${width}" height="44" rx="22" opacity=".2"/>`;
    words.push({ text, x: x + width / 2, y: y + 31, size: TOPIC_SIZE, fill: '#fff', anchor: 'middle' });
    x += width + 14;
  }
  return { shapes, words };
}
