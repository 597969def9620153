import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../core/recommend/facts.ts';
import { rerank, RERANK_DEPTH, toUnit, type Ranked } from '../../../core/recommend/rerank.ts';
import { fitContent } from '../../../core/recommend/artefact.ts';
import { course } from './community.ts';

const ranked = (...scores: number[]): Ranked[] => scores.map((score, item) => ({ item, score }));
const items = (list: readonly Ranked[]) => list.map(({ item }) => item);

describe('maximal marginal relevance', () => {
  it('agrees with a computation by hand', () => {
    // Relevance 1, .8, 0. Likeness of 0 and 1 is 1, all others 0; d = .5.
    // After 0: course 1 is worth .4 − .5 = −.1, course 2 is worth 0.
    const similarity = (a: number, b: number) => (a + b === 1 ? 1 : 0);
    expect(items(rerank(ranked(10, 8, 0), { count: 3, diversity: 0.5, similarity }))).toEqual([0, 2, 1]);
    expect(items(rerank(ranked(10, 8, 0), { count: 3, diversity: 0.2, similarity }))).toEqual([0, 1, 2]);
  });

  it('without diversity leaves the order as it is, and never asks for likeness', () => {
    const similarity = () => {
      throw new Error('asked');
    };
    expect(items(rerank(ranked(3, 2, 1), { count: 2, diversity: 0, similarity }))).toEqual([0, 1]);
  });

  it('looks at the best fifty alone', () => {
    const scores = Array.from({ length: 500 }, (_, i) => 500 - i);
    let asked = 0;
    const similarity = (a: number, b: number) => {
      asked++;
      return a < 100 && b < 100 ? 1 : 0;
    };
    const chosen = rerank(ranked(...scores), { count: 5, diversity: 1, similarity });
    expect(chosen.every(({ item }) => item < RERANK_DEPTH)).toBe(true);
    expect(asked).toBeLessThanOrEqual(RERANK_DEPTH * 5);
  });

  it('does not take texts without words for the same text', () => {
    const silent = [
      course('a', { title: '…', description: '???' }),
      course('b', { title: '!!!', description: '' }),
      course('c', { title: 'Excel charts', description: 'charts in excel' }),
      course('d', { title: 'Excel charts', description: 'charts in excel' }),
    ];
    const content = fitContent(silent.map(factsOf));
    expect(content.similarity(0, 1)).toBe(0);
    expect(content.similarity(2, 3)).toBeGreaterThan(0.4);
    const similarity = (a: number, b: number) => content.similarity(a, b);
    const order = items(rerank(ranked(4, 3.9, 3.8, 3.7), { count: 4, diversity: 0.9, similarity }));
    expect(order.at(-1)).toSatisfy((last: number) => last === 2 || last === 3);
  });
});

describe('relevance', () => {
  it('is the score between the lowest and the highest', () => {
    expect([...toUnit([4, 2, 3])]).toEqual([1, 0, 0.5]);
    expect([...toUnit([7, 7])]).toEqual([1, 1]);
  });
});
