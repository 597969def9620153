import { expect, it } from 'vitest';
import { splitText } from '../../../bots/message/split.ts';
import { createRandom } from '../../../core/numerics/random.ts';

const bare = (text: string) => text.replaceAll(/\s/g, '');

it('cuts at the end of a paragraph, else of a line, a sentence, a word', () => {
  expect(splitText('short', 10)).toEqual(['short']);
  expect(splitText('One two.\nThree.\n\nFour five six.', 20)).toEqual(['One two.\nThree.', 'Four five six.']);
  expect(splitText('One two three.\nFour five six.', 20)).toEqual(['One two three.', 'Four five six.']);
  expect(splitText('One two. Three four five six.', 20)).toEqual(['One two.', 'Three four five six.']);
  expect(splitText('一二三四。五六七八九十', 8)).toEqual(['一二三四。', '五六七八九十']);
  expect(splitText('one two three four', 10)).toEqual(['one two', 'three four']);
  expect(splitText('a'.repeat(25), 10)).toEqual(['a'.repeat(10), 'a'.repeat(10), 'a'.repeat(5)]);
  expect(splitText('price 3.14159 and more', 12)).toEqual(['price', '3.14159 and', 'more']);
});

it('never cuts through a character, whatever it is made of', () => {
  const family = '👩‍👩‍👧‍👦';
  for (const limit of [11, 12, 13, 20, 23])
    for (const piece of splitText(family.repeat(10), limit)) expect(piece.length % family.length).toBe(0);
  expect(splitText('🇨🇳🇬🇧🇨🇳', 5)).toEqual(['🇨🇳', '🇬🇧', '🇨🇳']);
  expect(splitText('e\u0301'.repeat(4), 3)).toEqual(Array(4).fill('e\u0301'));
  expect(splitText('a\r\nb', 2)).toEqual(['a', 'b']);
});

it('cuts a character that is longer than a message between its code points', () => {
  const pieces = splitText(`a${'\u0301'.repeat(50)}`, 20);
  expect(pieces.map((piece) => piece.length)).toEqual([20, 20, 11]);
  expect(
    splitText('\u{1F469}\u200d'.repeat(30), 10).every((piece) => !/^[\udc00-\udfff]|[\ud800-\udbff]$/.test(piece)),
  ).toBe(true);
});

it('holds the limit, leaves nothing out and gives no empty piece, whatever the text', () => {
  const random = createRandom(7);
  const parts = [
    '字',
    '。',
    ' ',
    '\n',
    '\n\n',
    'word',
    '. ',
    '👩‍👧',
    'e\u0301',
    '\u200d',
    '한국',
    '\u202e',
    '\t',
    '🇨🇳',
    ', ',
  ];
  for (let round = 0; round < 500; round++) {
    const text = Array.from({ length: 1 + random.int(300) }, () => random.pick(parts)).join('');
    const limit = 12 + random.int(60);
    const pieces = splitText(text, limit);
    expect(bare(pieces.join(''))).toBe(bare(text));
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(limit);
    if (bare(text) !== '') expect(pieces.filter((piece) => piece.trim() === '')).toEqual([]);
  }
});

it('takes a very long text in its stride', () => {
  const text = '很长的课程介绍，没有尽头。'.repeat(20_000);
  expect(splitText(text, 4096).join('')).toBe(text);
});
