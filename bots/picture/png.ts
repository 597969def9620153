/** Pictures as PNG, for platforms that show no SVG. */

import { createHash } from 'node:crypto';
import { render } from '../../core/language/render.ts';
import type { Language, Picture } from '../../core/language/reply.ts';
import type { Drawing, Words } from './drawing.ts';
import { drawable, inLines, widthOf } from './text.ts';
import { toPng } from './worker.ts';

const WIDTH = 520;
const PIXELS = 1040;
const MARGIN = 22;
const TOP = 62;
const BAR_HEIGHT = 34;
const BAR = 14;
const LABEL_SIZE = 14;
const LONGEST_LABEL = 170;
/** Room for "100%". */
const PERCENT = 52;
const INK = '#2b2d42';
/** Of about 20 KB each. */
const REMEMBERED = 200;

/** Interests as horizontal bars. */
export function drawPng(picture: Picture, language: Language): Promise<Buffer> {
  return drawnOnce([picture, language], () => barsOf(picture, drawable(render(picture.title, language))));
}

function barsOf({ bars }: Picture, title: string): Drawing {
  const labels = bars.map(({ label }) => inLines(drawable(label), LONGEST_LABEL, LABEL_SIZE, 1)[0] ?? '');
  const left = MARGIN + Math.max(...labels.map((label) => widthOf(label, LABEL_SIZE))) + 16;
  const whole = WIDTH - MARGIN - PERCENT - left;
  const most = Math.max(...bars.map(({ share }) => share));
  const words: Words[] = [{ text: title, x: MARGIN, y: 38, size: 17, fill: INK, bold: true }];
  let shapes = '';
  bars.forEach(({ share }, at) => {
    const y = TOP + at * BAR_HEIGHT;
    const length = Math.max(BAR, whole * (share / most));
    const bar = (width: number, fill: string) =>
      `<rect x="${left}" y="${y}" width="${width}" height="${BAR}" rx="${BAR / 2}" fill="${fill}"/>`;
    shapes += bar(whole, '#ecedf3') + bar(length, '#6366f1');
    const common = { y: y + 12, size: LABEL_SIZE, fill: INK };
    words.push({ ...common, text: labels[at]!, x: MARGIN });
    words.push({ ...common, text: `${Math.round(share * 1000) / 10}%`, x: WIDTH - MARGIN, anchor: 'end' });
  });
  const height = TOP + bars.length * BAR_HEIGHT + 8;
  return { width: WIDTH, height, ground: '#fff', shapes, words, pixels: PIXELS };
}

const drawn = new Map<string, Promise<Buffer>>();

/** The picture of what it shows, drawn once: asked for again it is the same buffer. */
export function drawnOnce(content: unknown, draw: () => Drawing): Promise<Buffer> {
  const key = createHash('sha256').update(JSON.stringify(content)).digest('base64');
  const made = drawn.get(key) ?? toPng(draw());
  // Asked for last, forgotten last.
  drawn.delete(key);
  drawn.set(key, made);
  if (drawn.size > REMEMBERED) drawn.delete(drawn.keys().next().value!);
  made.catch(() => drawn.delete(key));
  return made;
}
