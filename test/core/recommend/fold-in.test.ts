import { expect, it } from 'vitest';
import { foldIn } from '../../../core/recommend/fold-in.ts';

// YᵀY = [2 1; 1 1]; with λ = α = 1 and the first course taken, A = [4 1; 1 2] and the right side is (2, 0).
const vectors = Float32Array.of(1, 0, 1, 1);
const folded = foldIn(vectors, 2, { penalty: 1, confidence: 1 });

it('solves the row of a learner', () => {
  const scores = folded.scores([{ item: 0, weight: 1 }]);
  expect(scores[0]).toBeCloseTo(4 / 7, 5);
  expect(scores[1]).toBeCloseTo(2 / 7, 5);
});

it('tells what each course of the history adds', () => {
  expect(folded.parts([{ item: 0, weight: 1 }], 1)[0]).toBeCloseTo(2 / 7, 5);
  const past = [
    { item: 0, weight: 1 },
    { item: 1, weight: 0.5 },
  ];
  const parts = folded.parts(past, 0);
  expect(parts[0]! + parts[1]!).toBeCloseTo(folded.scores(past)[0]!, 5);
});

it('gives nothing to nobody', () => {
  expect([...folded.scores([])]).toEqual([0, 0]);
});
