import { expect, it } from 'vitest';
import { silent } from '../../../../core/numerics/progress.ts';
import { emptyHistory } from '../../../../core/recommend/dataset.ts';
import { goneFacts } from '../../../../core/recommend/facts.ts';
import { answer, figuresOf, scorerOf } from '../../../../core/recommend/registry/measure.ts';

const history = {
  ...emptyHistory,
  items: Int32Array.of(0),
  times: Float64Array.of(1),
  weights: Float32Array.of(1),
  ratings: Float32Array.of(NaN),
};

it('ranks among what the learner has not had: hit and NDCG by hand', () => {
  const questions = [1, 2, 3].map((target) => ({ history, now: 2, target }));
  // Course 0 is had: 1 comes first, then 2 and 3 share places two and three.
  const answers = answer(questions, () => Float32Array.of(9, 5, 1, 1), silent, '');
  expect(answers.hits).toEqual(Float64Array.of(1, 1, 1));
  expect(answers.gains[0]).toBe(1);
  expect(answers.gains[1]).toBeCloseTo(1 / Math.log2(3.5), 12);
  const figures = figuresOf(answers, 1);
  expect(figures.hr10).toBe(1);
  expect(figures.ndcg10).toBeCloseTo((1 + 2 / Math.log2(3.5)) / 3, 12);
  expect(figures.ndcg10Interval[0]).toBeLessThanOrEqual(figures.ndcg10);
});

it('asks an older model in its own course order, and places what it does not know behind', () => {
  const asked: { items: number[]; now: number }[] = [];
  const model = {
    score(given: typeof history, now: number) {
      asked.push({ items: [...given.items], now });
      return Float32Array.of(0.1, 0.7);
    },
  };
  const courses = ['new', 'x', 'y'].map(goneFacts);
  const score = scorerOf(model, ['y', 'x'].map(goneFacts), courses);
  const two = {
    ...history,
    items: Int32Array.of(0, 2),
    times: Float64Array.of(1, 2),
    weights: Float32Array.of(1, 1),
    ratings: Float32Array.of(0, 0),
  };
  expect([...score({ history: two, now: 5, target: 1 })]).toEqual([-Infinity, Math.fround(0.7), Math.fround(0.1)]);
  expect(asked).toEqual([{ items: [0], now: 5 }]);
});
