import { expect, it } from 'vitest';
import { drawable, inLines, inMarkup, widthOf } from '../../../bots/picture/text.ts';

it('leaves out what the font can not draw', () => {
  expect(drawable('数据 😀 分析 👩‍👧 한국어 A\u0007B 🇨🇳 1️⃣')).toBe('数据 分析 A B 1');
  expect(drawable('✓ “Quotes” — 2 × 3 % # *')).toContain('“Quotes” — 2 × 3 % # *');
  expect(drawable('한국어')).toBe('');
});

it('breaks between words, or beside a wide character, within the width', () => {
  expect(inLines('Storytelling with numbers', 200, 20, 3)).toEqual(['Storytelling', 'with numbers']);
  expect(inLines('从零开始学编程，第一课', 100, 20, 3)).toEqual(['从零开始学', '编程，第一', '课']);
  const cut = inLines('one two three four, five six', 100, 20, 2);
  expect(cut).toEqual(['one two', 'three…']);
  for (const line of inLines(`${'w'.repeat(50)} 长`, 100, 20, 2)) expect(widthOf(line, 20)).toBeLessThanOrEqual(100);
  expect(inLines('', 100, 20, 2)).toEqual([]);
});

it('escapes what would be markup', () => {
  expect(inMarkup('<b> & "c"')).toBe('&lt;b&gt; &amp; &quot;c&quot;');
});
