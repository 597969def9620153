import { expect, it } from 'vitest';
import { modelTypes } from '../../../core/recommend/models/index.ts';
import { markov } from '../../../core/recommend/models/markov.ts';
import { modelContract, type ModelContract } from '../../contracts/model.ts';

const demands: Record<string, Omit<ModelContract, 'type'>> = {
  popular: { floor: 0.05, personal: false },
  trending: { floor: 0.05, personal: false },
  'user-knn': { floor: 0.5, personal: true },
  'item-knn': { floor: 0.5, personal: true },
  content: { floor: 0.35, personal: true },
  hybrid: { floor: 0.65, personal: true },
  markov: { floor: 0.6, personal: true },
};

it('holds every model to the contract', () => {
  for (const { name } of modelTypes) expect(demands).toHaveProperty(name);
});

for (const type of [...modelTypes, markov]) modelContract({ type, ...demands[type.name]! });
