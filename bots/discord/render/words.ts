import { localised, render } from '../../../core/language/render.ts';
import type { Button, Language, Reply, TextArgument } from '../../../core/language/reply.ts';
import { splitText } from '../../message/split.ts';
import { escaped } from '../escape.ts';
import { cut, limits } from './limits.ts';

/** What a button says; plain text, which Discord does not read as markup there. */
export function labelOf({ label, id }: Button, language: Language, limit: number = limits.label): string {
  const words = 'key' in label || 'template' in label ? render(label, language) : localised(label, language);
  const shown = (words ?? id).replaceAll(/\s+/g, ' ').trim();
  return cut(shown === '' ? '–' : shown, limit);
}

/** An argument of a text in one language, where it is words. */
export function wordsOf(value: TextArgument | undefined, language: Language): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  if ('key' in value || 'template' in value) return render(value, language);
  return localised(value as Parameters<typeof localised>[0], language);
}

/** Plain text in pieces that are at most `limit` units long once they are escaped. */
export function escapedPieces(text: string, limit: number = limits.content): string[] {
  return splitText(text, limit).flatMap((piece) => {
    for (let size = limit; ; size = Math.floor(size * 0.7)) {
      const pieces = splitText(piece, size).map(escaped);
      if (pieces.every((each) => each.length <= limit)) return pieces.filter((each) => each.trim() !== '');
    }
  });
}

/**
 * Where managers see what is set, Discord shows channels and the role by their names instead of their ids.
 *
 * @param piece escaped.
 */
export function withNames(piece: string, { text }: Reply): string {
  if (!('key' in text) || text.key !== 'community') return piece;
  const role = text.args?.['role'];
  return piece.replaceAll(/(?<!\d)\d{17,20}(?!\d)/g, (id) => (id === role ? `<@&${id}>` : `<#${id}>`));
}

/** Escaped and short enough, in one piece. */
export function escapedCut(text: string, limit: number): string {
  for (let size = limit; ; size = Math.floor(size * 0.7)) {
    const shown = escaped(cut(text, size));
    if (shown.length <= limit) return shown;
  }
}
