/**
 * The shapes of characters. To take one out of a font of 65,000 costs a millisecond each time a
 * picture is drawn; taken once and kept, a picture costs a tenth.
 */

import { FONT, type Words } from './drawing.ts';
import { inMarkup } from './text.ts';

/** Turns markup with text into markup with paths, see resvg's `toString`. */
export type Outline = (svg: string) => string;

interface Glyph {
  /** At `EM`, its base line at y = `EM`. */
  path: string;
  /** Width that it takes, at `EM`. */
  advance: number;
}

const EM = 1_000;
/** Stands after a character to show where the next one would begin: one contour, kerned with nothing. */
const NEXT = '一';
const REMEMBERED = 8_000;

export function createGlyphs(outline: Outline) {
  const known = new Map<string, Glyph>();
  const keyOf = (letter: string, bold: boolean) => `${bold ? 'b' : 'r'}${letter}`;

  /** The words as paths. */
  return function pathsOf(words: readonly Words[]): string {
    learn(words);
    return words.map(pathsOfOne).join('');
  };

  function pathsOfOne({ text, x, y, size, fill, bold = false, anchor = 'start' }: Words): string {
    const scale = size / EM;
    const glyphs = Array.from(text, (letter) => known.get(keyOf(letter, bold))!);
    const width = glyphs.reduce((sum, { advance }) => sum + advance, 0) * scale;
    let at = x - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0);
    const paths = glyphs.map(({ path, advance }) => {
      const placed = `<path transform="translate(${at} ${y - size}) scale(${scale})" d="${path}"/>`;
      at += advance * scale;
      return path === '' ? '' : placed;
    });
    return `<g fill="${fill}">${paths.join('')}</g>`;
  }

  /** Takes the shapes of the characters that are new. */
  function learn(words: readonly Words[]) {
    const wanted = new Map<string, { letter: string; bold: boolean }>();
    for (const { text, bold = false } of words)
      for (const letter of text) {
        const key = keyOf(letter, bold);
        if (!known.has(key)) wanted.set(key, { letter, bold });
      }
    if (wanted.size === 0) return;
    if (known.size > REMEMBERED) known.clear();
    const every = [...wanted.entries(), ['', { letter: '', bold: false }] as const];
    const texts = every.map(([, { letter, bold }], n) => {
      const style = `font-weight="${bold ? 700 : 400}" style="font-kerning:none"`;
      return `<text id="g${n}" y="${EM}" xml:space="preserve" ${style}>${inMarkup(letter)}${NEXT}</text>`;
    });
    const size = `width="${4 * EM}" height="${4 * EM}"`;
    const drawn = outline(
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${FONT}" font-size="${EM}">${texts.join('')}</svg>`,
    );
    const paths = new Map(
      [...drawn.matchAll(/<g id="g(\d+)">\s*<path[^>]*? d="([^"]*)"/g)].map(([, n, d]) => [Number(n), d!]),
    );
    const start = startOf(paths.get(every.length - 1) ?? '');
    for (const [n, [key]] of every.entries()) {
      const path = paths.get(n) ?? '';
      const own = path.slice(0, Math.max(0, path.lastIndexOf('M'))).trim();
      if (key !== '') known.set(key, { path: own, advance: startOf(path) - start });
    }
  }
}

/** Where the last contour of a path begins. */
function startOf(path: string): number {
  return Number(/^M (-?[\d.]+)/.exec(path.slice(Math.max(0, path.lastIndexOf('M'))))?.[1] ?? 0);
}
