/** Pictures as PNG, for platforms that show no SVG. */

import { createHash } from 'node:crypto';
import type { Language, Picture } from '../../core/language/reply.ts';
import { drawPlainSvg } from './svg.ts';
import { FONT, toPng, type Drawing } from './worker.ts';

const WIDTH = 1080;
/** Of about 40 KB each. */
const REMEMBERED = 200;

export function drawPng(picture: Picture, language: Language): Promise<Buffer> {
  return drawnOnce([picture, language], async () => ({
    svg: framed(await drawPlainSvg(picture, language, FONT)),
    width: WIDTH,
    ground: '#fff',
  }));
}

const drawn = new Map<string, Promise<Buffer>>();

/** The picture of what it shows, drawn once: asked for again it is the same buffer. */
export function drawnOnce(content: unknown, draw: () => Drawing | Promise<Drawing>): Promise<Buffer> {
  const key = createHash('sha256').update(JSON.stringify(content)).digest('base64');
  const made = drawn.get(key) ?? Promise.resolve(draw()).then(toPng);
  // Asked for last, forgotten last.
  drawn.delete(key);
  drawn.set(key, made);
  if (drawn.size > REMEMBERED) drawn.delete(drawn.keys().next().value!);
  made.catch(() => drawn.delete(key));
  return made;
}

const MARGIN = 20;

/** With a margin around it: a chat shows pictures up to their edges. */
function framed(svg: string): string {
  const [, width = '0'] = /<svg[^>]*\bwidth="(\d+)"/.exec(svg) ?? [];
  const [, height = '0'] = /<svg[^>]*\bheight="(\d+)"/.exec(svg) ?? [];
  const box = `viewBox="${-MARGIN} ${-MARGIN} ${Number(width) + 2 * MARGIN} ${Number(height) + 2 * MARGIN}"`;
  return svg.replace(
    /<svg[^>]*>/,
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${box}>`,
  );
}
