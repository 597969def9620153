import { expect, it } from 'vitest';
import { modelTypes } from '../../../core/recommend/models/index.ts';
import { userKnn } from '../../../core/recommend/models/user-knn.ts';
import { modelContract, type ModelContract } from '../../contracts/model.ts';
import { seriesData } from './series.ts';

const small = {
  dimension: 16,
  length: 8,
  batch: 64,
  epochs: 20,
  dropout: 0.1,
  learningRate: 0.02,
  leastInteractions: 20,
};

const demands: Record<string, Omit<ModelContract, 'type'>> = {
  popular: { floor: 0.05, personal: false },
  trending: { floor: 0.05, personal: false },
  'user-knn': { floor: 0.5, personal: true },
  'item-knn': { floor: 0.5, personal: true },
  ease: { floor: 0.5, personal: true },
  als: { floor: 0.4, personal: true },
  content: { floor: 0.35, personal: true },
  hybrid: { floor: 0.65, personal: true },
  markov: { floor: 0.6, personal: true },
  lstm: { floor: 0.6, personal: true, config: { ...small, hidden: 24 } },
  transformer: { floor: 0.6, personal: true, config: small },
};

it('holds every model to the contract', () => {
  for (const { name } of modelTypes) expect(demands).toHaveProperty(name);
});

it('courses far back count as much as near ones where order means nothing', () => {
  const stepOf = (shuffled: boolean) =>
    (userKnn.fit(seriesData({ learners: 400, shuffled }), userKnn.config.parse({})).save().json as { step: number })
      .step;
  expect(stepOf(true)).toBe(1);
  expect(stepOf(false)).toBeLessThan(1);
});

for (const type of modelTypes) modelContract({ type, ...demands[type.name]! });
