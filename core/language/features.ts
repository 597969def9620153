import { mentions } from './glossary.ts';
import { sensesOf } from './senses.ts';
import { pieces, tokenize } from './tokenize.ts';

/** A sparse vector of Euclidean length 1 (or 0), ids rising. */
export interface SparseVector {
  ids: Int32Array;
  values: Float64Array;
}

export interface Features {
  count: number;
  /** Of the texts it was fitted on. */
  fitted: SparseVector[];
  vector(text: string): SparseVector;
}

/** Stands for any number, and for any topic of the glossary, beside the word itself. */
const NUMBER = '#number';
const TOPIC = '#topic';
const HAN = /\p{Script=Han}/u;
const LONGEST_LATIN = 4;
const LONGEST_HAN = 2;

/**
 * Words and pairs of words, senses and pairs of senses, and the letters within words (2–5 of Latin,
 * 1–3 of Han), weighted by
 * (1 + ln tf) · ln((1 + N)/(1 + df)) + 1, each vector normalised. A feature must stand in two texts.
 */
export function fitFeatures(texts: readonly string[], signs: (text: string) => readonly string[] = () => []): Features {
  const documents = texts.map((text) => featuresOf(text, signs(text)));
  const frequency = new Map<string, number>();
  for (const document of documents) {
    for (const name of document.keys()) frequency.set(name, (frequency.get(name) ?? 0) + 1);
  }
  const known = new Map<string, { id: number; idf: number }>();
  for (const [name, df] of frequency) {
    if (df >= 2) known.set(name, { id: known.size, idf: Math.log((1 + texts.length) / (1 + df)) + 1 });
  }
  const weigh = (counts: ReadonlyMap<string, number>): SparseVector => {
    const found: { id: number; value: number }[] = [];
    let squares = 0;
    for (const [name, tf] of counts) {
      const feature = known.get(name);
      if (!feature) continue;
      const value = (1 + Math.log(tf)) * feature.idf;
      found.push({ id: feature.id, value });
      squares += value * value;
    }
    found.sort((a, b) => a.id - b.id);
    const length = Math.sqrt(squares) || 1;
    return {
      ids: Int32Array.from(found, ({ id }) => id),
      values: Float64Array.from(found, ({ value }) => value / length),
    };
  };
  return {
    count: known.size,
    fitted: documents.map(weigh),
    vector: (text) => weigh(featuresOf(text, signs(text))),
  };
}

function featuresOf(text: string, signs: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const sign of signs) add(`x ${sign}`);
  const words = tokenize(text);
  let before = '^';
  for (const word of [...words, '$']) {
    const shape = /^\d/.test(word) ? NUMBER : word;
    if (shape !== '$') add(`w ${shape}`);
    add(`w ${before} ${shape}`);
    before = shape;
  }
  const senses: string[] = sensesOf(text);
  if (mentions(words).length > 0) senses.push(TOPIC);
  senses.forEach((sense, at) => {
    add(`s ${sense}`);
    for (const other of senses.slice(at + 1)) add(`s ${sense} ${other}`);
  });
  for (const piece of pieces(text)) {
    const han = HAN.test(piece);
    const letters = han ? piece : `_${piece}_`;
    const longest = han ? LONGEST_HAN : LONGEST_LATIN;
    for (let from = 0; from < letters.length; from++) {
      const most = Math.min(longest, letters.length - from);
      for (let length = han ? 1 : 2; length <= most; length++) add(`c ${letters.slice(from, from + length)}`);
    }
  }
  return counts;
}
