import { createRequire } from 'node:module';
import { ownWords } from './dictionary.ts';

type Convert = (text: string) => string;

interface Cutter {
  cut(text: string, hmm?: boolean): string[];
  cutForSearch(text: string, hmm?: boolean): string[];
}

const require = createRequire(import.meta.url);

const HAN = /\p{Script=Han}/u;
/** A run of Han, or a word: `c++`, `c#`, `.net`, `node.js`, `3.5`, `don't` stay whole. */
const PIECES = new RegExp(
  String.raw`\p{Script=Han}+|\.net(?![\p{L}\p{N}])|[[\p{L}\p{M}\p{N}]--\p{Script=Han}]+` +
    String.raw`(?:\.(?:js|net|ai|io)(?![\p{L}\p{N}])|\.\d+|'\p{L}+|\+\+|#(?![\p{L}\p{N}]))*`,
  'gv',
);
const ASCII = /^[a-z\d]*$/;
const ENGLISH = /^[a-z]{3,}$/;
const KEPT_STEMS = 50_000;
/** Where Porter's stem would make one word of two: "excellent" is not Excel, nor "market" marketing. */
const ownStems: Readonly<Record<string, string>> = {
  excellent: 'excellent',
  excellence: 'excellent',
  community: 'community',
  communities: 'community',
  university: 'university',
  universities: 'university',
  marketing: 'marketing',
  animation: 'animation',
  animations: 'animation',
  news: 'news',
  police: 'police',
  organic: 'organic',
};

let jieba: Cutter | undefined;
let chinese: { characters: Convert; terms: Convert } | undefined;
let porter: { stem(word: string): string } | undefined;
const stems = new Map<string, string>();

/**
 * The terms of a text for indexing and comparing, in order: Chinese words (the words within a long
 * one before it) in simplified characters, and lower-case English stems.
 *
 * jieba's dictionary is read when the first Chinese text comes, about 0.2 s.
 */
export function tokenize(text: string): string[] {
  const terms: string[] = [];
  for (const piece of pieces(text)) {
    if (HAN.test(piece)) terms.push(...cutter().cutForSearch(piece, true));
    else terms.push(stem(piece));
  }
  return terms;
}

/** Lower-case words as they are written, and runs of Han uncut, in simplified characters. */
export function pieces(text: string): string[] {
  const found = normalise(text).match(PIECES) ?? [];
  return found.map((piece) => (HAN.test(piece) ? simplified(piece) : bare(piece))).filter((piece) => piece !== '');
}

/** The words of a text one after another, none twice: Chinese cut into words of the dictionary, others unstemmed. */
export function segments(text: string): string[] {
  return pieces(text).flatMap((piece) => (HAN.test(piece) ? cutter().cut(piece, false) : [piece]));
}

/** Segments written together again: spaces only beside words that are not Chinese. */
export function joinSegments(parts: readonly string[]): string {
  return parts
    .reduce((text, part) => text + (HAN.test(text.at(-1) ?? '') && HAN.test(part[0] ?? '') ? '' : ' ') + part, '')
    .trim();
}

/** The stem of one lower-case word; anything but plain English words stays as it is. */
export function stem(word: string): string {
  if (!ENGLISH.test(word)) return word;
  let found = stems.get(word);
  if (found === undefined) {
    // Only the deep import: the root one takes seconds and reads `.env`.
    porter ??= (require('natural/lib/natural/stemmers/index.js') as { PorterStemmer: typeof porter }).PorterStemmer!;
    if (stems.size >= KEPT_STEMS) stems.clear();
    stems.set(word, (found = Object.hasOwn(ownStems, word) ? ownStems[word]! : porter.stem(word)));
  }
  return found;
}

/** Lower case, one form of each letter and mark: full width becomes ASCII, curly becomes straight. */
export function normalise(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’ʼ`]/g, "'");
}

/**
 * Traditional characters and Taiwanese terms become mainland ones. Terms are mapped only where the
 * characters are traditional: a mainland text may use the same word for something else.
 */
export function simplified(text: string): string {
  if (!HAN.test(text)) return text;
  chinese ??= openConverters();
  return chinese.characters(text) === text ? text : chinese.terms(text);
}

function bare(word: string): string {
  if (ASCII.test(word)) return word;
  return word
    .replace(/'s$/, '')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC');
}

function openConverters() {
  const opencc = require('opencc-js/t2cn') as { Converter(direction: { from: string; to: string }): Convert };
  return { characters: opencc.Converter({ from: 't', to: 'cn' }), terms: opencc.Converter({ from: 'twp', to: 'cn' }) };
}

function cutter(): Cutter {
  if (!jieba) {
    const { Jieba } = require('@node-rs/jieba') as typeof import('@node-rs/jieba');
    const { dict } = require('@node-rs/jieba/dict.js') as typeof import('@node-rs/jieba/dict.js');
    const made = Jieba.withDict(dict);
    made.loadDict(Buffer.from(ownWords.map((word) => `${word} 20000 n\n`).join('')));
    jieba = made;
  }
  return jieba;
}
