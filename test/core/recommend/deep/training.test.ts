import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../../../core/numerics/random.ts';
import { createAdamW } from '../../../../core/recommend/deep/adamw.ts';
import { loadBackend } from '../../../../core/recommend/deep/backend.ts';
import { fitDeep, refitDeep, type DeepSettings } from '../../../../core/recommend/deep/fit.ts';
import { scorer } from '../../../../core/recommend/deep/deep-model.ts';
import type { Tf, Weights } from '../../../../core/recommend/deep/network.ts';
import { networks } from '../../../../core/recommend/deep/networks.ts';
import { sequencesOf } from '../../../../core/recommend/deep/sequences.ts';
import { train, type Plan, type TrainingState } from '../../../../core/recommend/deep/training.ts';
import { emptyHistory } from '../../../../core/recommend/dataset.ts';
import { facts, seriesCourses, seriesData } from '../series.ts';
import { example, size } from './backends.ts';

let tf: Tf;
beforeAll(async () => {
  ({ tf } = await loadBackend('wasm'));
});

describe('AdamW', () => {
  it('goes one rate against the gradient at first, whatever its size, and draws towards 0', () => {
    const weights = { w: Float32Array.of(1, -1), b: Float32Array.of(2) };
    const adam = createAdamW(0.5, (name) => name === 'w');
    adam.step(weights, { w: Float32Array.of(100, -0.01), b: Float32Array.of(0) }, 0.1);
    expect(weights.w[0]).toBeCloseTo(1 - 0.1 * (1 + 0.5), 5);
    expect(weights.w[1]).toBeCloseTo(-1 + 0.1 * (1 + 0.5), 5);
    expect(weights.b[0]).toBe(2);
  });

  it('is its formula at the second step', () => {
    const weights = { w: Float32Array.of(0) };
    const adam = createAdamW(0, () => false);
    adam.step(weights, { w: Float32Array.of(1) }, 1);
    adam.step(weights, { w: Float32Array.of(-2) }, 1);
    const m = (0.9 * 0.1 - 0.1 * 2) / (1 - 0.9 ** 2);
    const v = (0.98 * 0.02 + 0.02 * 4) / (1 - 0.98 ** 2);
    expect(weights.w[0]).toBeCloseTo(-1 - m / Math.sqrt(v), 5);
  });
});

const courses = seriesCourses.length;
const plan: Plan = { epochs: 4, budgetSeconds: 1e9, learningRate: 0.01, dropout: 0.1, weightDecay: 0.01, patience: 9 };

describe('the training loop', () => {
  const run = (
    more: Partial<Plan>,
    options: {
      clock?: () => number;
      validate?: (weights: Weights) => number;
      report?: (state: TrainingState) => void;
    } = {},
  ) => {
    const { architecture, weights } = example('transformer', courses);
    const of = Int32Array.from({ length: courses }, (_, course) => course);
    const sequences = sequencesOf(seriesData(), { of, length: size.length, batch: 64, shuffled: false });
    return train(
      tf,
      architecture,
      weights,
      sequences,
      { ...plan, ...more },
      {
        random: createRandom(1),
        clock: () => 0,
        report: () => undefined,
        ...options,
      },
    );
  };

  it('learns: the loss falls, and the same seed falls the same way', () => {
    const losses: number[] = [];
    const outcome = run({}, { report: ({ loss }) => losses.push(loss) });
    expect(losses.at(-1)).toBeLessThan(losses[0]! - 0.3);
    expect(run({}).weights).toEqual(outcome.weights);
  });

  it('keeps the weights of the best validation, and ends when there is no gain for as long as it has patience', () => {
    const gains = [0.1, 0.4, 0.3, 0.2, 0.9];
    const seen: Weights[] = [];
    const outcome = run(
      { epochs: 5, patience: 2 },
      {
        validate: (weights) => {
          seen.push(Object.fromEntries(Object.entries(weights).map(([name, values]) => [name, values.slice()])));
          return gains[seen.length - 1]!;
        },
      },
    );
    expect(seen).toHaveLength(4);
    expect(outcome).toMatchObject({ epochs: 2, best: 0.4 });
    expect(outcome.weights).toEqual(seen[1]);
    expect(outcome.weights).not.toEqual(seen[3]);
  });

  it('ends when its budget is used up, by any clock, and says how long it will take', () => {
    let now = 0;
    const left: number[] = [];
    const outcome = run(
      { epochs: 1000, budgetSeconds: 30 },
      { clock: () => (now += 0.25), report: ({ secondsLeft }) => left.push(secondsLeft) },
    );
    expect(now).toBeGreaterThan(29);
    expect(now).toBeLessThan(31);
    expect(outcome.epochs).toBeGreaterThan(1);
    expect(left.every((seconds) => seconds <= 30)).toBe(true);
    expect(left.at(-1)).toBeLessThan(1);
  });
});

describe('a fit', () => {
  const settings: DeepSettings = {
    ...plan,
    epochs: 12,
    learningRate: 0.02,
    size: { ...size, length: 8 },
    batch: 64,
    gaps: true,
    cut: 'last',
    seed: 1,
  };
  const means = () => ({
    tf,
    clock: () => 0,
    progress: (what: string, share: number) => void told.push([what, share]),
  });
  const told: [string, number][] = [];
  const strangers = ['python', 'cooking'].map((topic) =>
    facts(`${topic}-new`, { title: `${topic} lesson new`, text: `All about ${topic}.`, topics: [topic] }),
  );
  const data = seriesData({ courses: [...seriesCourses, ...strangers] });

  it('tells the next lesson, newcomers, and a course that nobody took by its features alone', () => {
    const learned = fitDeep(networks.transformer, data, settings, means());
    expect(learned.ndcg10).toBeGreaterThan(0.6);
    const d = size.dimension;
    expect(learned.weights['courses']!.subarray(courses * d).every((value) => value === 0)).toBe(true);
    expect([...learned.known.subarray(-3)]).toEqual([1, 0, 0]);
    const score = scorer(networks.transformer, learned, courses + 2);
    const next = score({ ...emptyHistory, items: Int32Array.of(6, 7, 8), times: Float64Array.of(0, 1e5, 2e5) });
    expect(next.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 4);
    expect(next.indexOf(Math.max(...next))).toBe(9);
    expect(next[courses]).toBeGreaterThan(next[courses + 1]!);
    expect(told.at(-1)![0]).toMatch(/^epoch (\d+) of \1, loss \d\.\d\d, about \d+ s left$/);
    expect(told.map(([, share]) => share)).toEqual(told.map(([, share]) => share).sort((a, b) => a - b));
  });

  it('goes on from what it learned, and so ends nearer to it than a new fit with another seed', () => {
    const learned = fitDeep(networks.lstm, data, settings, means());
    const steps = told.length;
    const further = refitDeep(networks.lstm, learned, data, settings, means());
    expect(told.length - steps).toBeLessThan(steps / 4);
    const other = fitDeep(networks.lstm, data, { ...settings, seed: 2 }, means());
    const from = (weights: Weights) =>
      weights['fromInput']!.reduce((sum, value, i) => sum + (value - learned.weights['fromInput']![i]!) ** 2, 0);
    expect(from(further.weights)).toBeGreaterThan(0);
    expect(from(further.weights)).toBeLessThan(from(other.weights) / 4);
  });
});
