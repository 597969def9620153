import { describe, expect, it } from 'vitest';
import { escaped } from '../../../bots/discord/escape.ts';
import { escapedPieces } from '../../../bots/discord/render/words.ts';
import { createRandom } from '../../../core/numerics/random.ts';

/** As Discord reads Markdown: a backslash goes before anything but letters, digits and white space. */
const unescaped = (text: string) => text.replaceAll(/\\([^\p{L}\p{N}\s])/gu, '$1');

/** What is still markup: marks without a backslash before them, outside of addresses. */
function markup(text: string): string[] {
  const plain = text.replaceAll(/https?:\/\/[^\s<]+/g, 'a').replaceAll(/\\[^\p{L}\p{N}\s]/gu, 'x');
  return [...plain.matchAll(/[*_~`|[\]<>@]|^\s*(?:#{1,3}|-#|[-+]|\d+\.)(?=\s|$)/gm)].map(([mark]) => mark);
}

describe('escaped', () => {
  it.each([
    ['**bold** and _slanted_', String.raw`\*\*bold\*\* and \_slanted\_`],
    ['@everyone <@1> <@&2> <#3>', String.raw`\@everyone \<\@1\> \<\@&2\> \<#3\>`],
    ['# Heading\n- one\n1. two\n> quoted', '\\# Heading\n\\- one\n1\\. two\n\\> quoted'],
    ['[here](https://a.example/b_c)', String.raw`\[here\](https://a.example/b_c)`],
    ['6.5 h · C# · a-b', '6.5 h · C# · a-b'],
  ])('%s', (text, expected) => {
    expect(escaped(text)).toBe(expected);
    expect(unescaped(escaped(text))).toBe(text);
  });

  it('leaves no markup in any text, and every text readable', () => {
    const random = createRandom(7);
    const pieces = [
      ...['*', '_', '~', '`', '|', '[', ']', '(', ')', '<', '>', '@', '#', '-', '+', '.', ':', '\\', ' ', '\n', '1'],
      ...[
        '```',
        '||',
        '**',
        '@everyone',
        '<@123>',
        '<:a:1>',
        '<t:1>',
        'https://x.example/_a_',
        '# ',
        '- ',
        '中文',
        '👩‍👩‍👧',
      ],
    ];
    for (let round = 0; round < 3_000; round++) {
      const text = Array.from({ length: 1 + random.int(20) }, () => pieces[random.int(pieces.length)]).join('');
      expect(markup(escaped(text)), JSON.stringify(text)).toEqual([]);
      expect(unescaped(escaped(text)), JSON.stringify(text)).toBe(text);
      for (const piece of escapedPieces(text.repeat(60))) {
        expect(piece.length).toBeLessThanOrEqual(2000);
        expect(markup(piece)).toEqual([]);
      }
    }
  });
});
