import { expect, it } from 'vitest';
import { buildDataset } from '../../../../core/recommend/dataset.ts';
import { chooseItemKnn, itemKnn } from '../../../../core/recommend/models/item-knn.ts';
import { facts, seriesData } from '../series.ts';

it('is the shrunk cosine, courses that lie apart counting less', () => {
  const rows = ['abc', 'abc', 'a', 'c'].flatMap((courses, learner) =>
    Array.from(courses, (course) => ({ learner: `${learner}`, course, time: NaN, weight: 1, rating: NaN })),
  );
  const data = buildDataset(
    rows,
    Array.from('abc', (id) => facts(id)),
  );
  const model = itemKnn.fit(data, itemKnn.config.parse({ shrink: 2, lagDecay: 0.5, step: 1 }));
  const of = (item: number) =>
    model.score(
      {
        items: Int32Array.of(item),
        times: Float64Array.of(NaN),
        weights: Float32Array.of(1),
        ratings: Float32Array.of(NaN),
      },
      NaN,
    );
  // Two learners took both: a and b a step apart count ½ each, a and c two steps apart ¼ each.
  expect(of(0)[1]).toBeCloseTo(((1 / Math.sqrt(3 * 2)) * 1) / (1 + 2), 6);
  expect(of(0)[2]).toBeCloseTo(((0.5 / Math.sqrt(3 * 3)) * 0.5) / (0.5 + 2), 6);
});

it('lets order count where it means something, and keeps what it is told', () => {
  const choose = (shuffled: boolean, told = {}) =>
    chooseItemKnn(seriesData({ learners: 400, shuffled }), itemKnn.config.parse(told));
  const [ordered, unordered] = [choose(false), choose(true)];
  expect(ordered.step).toBeLessThan(1);
  expect(ordered.lagDecay).toBeLessThan(1);
  expect(unordered.step).toBeGreaterThan(ordered.step);
  expect(choose(false, { shrink: 4, lagDecay: 0.7, step: 0.2 })).toEqual({ shrink: 4, lagDecay: 0.7, step: 0.2 });
});
