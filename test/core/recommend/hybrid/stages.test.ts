import { afterEach, describe, expect, it, vi } from 'vitest';
import { silent } from '../../../../core/numerics/progress.ts';
import { createRandom } from '../../../../core/numerics/random.ts';
import { buildDataset, emptyHistory } from '../../../../core/recommend/dataset.ts';
import { regrow } from '../../../../core/recommend/hybrid/boosted.ts';
import { deepen } from '../../../../core/recommend/hybrid/deepen.ts';
import { FEATURES } from '../../../../core/recommend/hybrid/features.ts';
import { difference, gains, likelihoods } from '../../../../core/recommend/hybrid/gains.ts';
import type { Questions } from '../../../../core/recommend/hybrid/questions.ts';
import type { Model } from '../../../../core/recommend/model.ts';
import { lstm } from '../../../../core/recommend/models/lstm.ts';
import { transformer } from '../../../../core/recommend/models/transformer.ts';
import { temper } from '../../../../core/recommend/hybrid/temper.ts';

const ALTERNATIVES = 12;

/** Questions whose answer is drawn by the utility that `truth` gives to each row of features. */
function questionsOf(asked: number, truth: (row: Float32Array) => number): Questions {
  const random = createRandom(7);
  const x = Float32Array.from({ length: asked * ALTERNATIVES * FEATURES }, () => random.normal());
  const chosen = new Float32Array(asked * ALTERNATIVES);
  for (let choice = 0; choice < asked; choice++) {
    const chances = Array.from({ length: ALTERNATIVES }, (_, i) => {
      const at = (choice * ALTERNATIVES + i) * FEATURES;
      return Math.exp(truth(x.subarray(at, at + FEATURES)));
    });
    let draw = random.next() * chances.reduce((sum, chance) => sum + chance, 0);
    const taken = chances.findIndex((chance) => (draw -= chance) < 0);
    chosen[choice * ALTERNATIVES + Math.max(0, taken)] = 1;
  }
  return {
    choices: {
      features: FEATURES,
      groups: Array.from({ length: asked }, () => [1]),
      starts: Array.from({ length: asked + 1 }, (_, choice) => choice * ALTERNATIVES),
      x,
      offset: new Float32Array(asked * ALTERNATIVES),
      chosen,
    },
    deviations: new Float64Array(FEATURES).fill(1),
    items: Int32Array.from({ length: asked * ALTERNATIVES }, (_, at) => at % ALTERNATIVES),
    foldOf: new Int32Array(asked),
    first: undefined,
  };
}

describe('gains', () => {
  it('are NDCG@10 of the target, an alternative that stands for many counting as many', () => {
    const judged = {
      starts: [0, 3],
      offset: Float32Array.of(0, 0, Math.log(2)),
      chosen: Float32Array.of(1, 0, 0),
    };
    expect(gains(judged, Float64Array.of(2, 1, 0))[0]).toBe(1);
    expect(gains(judged, Float64Array.of(1, 0, 2))[0]).toBeCloseTo(1 / Math.log2(4), 6);
    expect(likelihoods(judged, Float64Array.of(0, 0, 0))[0]).toBeCloseTo(Math.log(1 / 4), 6);
  });

  it('differ by a mean and its standard error', () => {
    const { mean, error } = difference(Float64Array.of(1, 0, 1, 0), new Float64Array(4));
    expect(mean).toBe(0.5);
    expect(error).toBeCloseTo(0.25, 6);
  });
});

describe('trees', () => {
  it('join where features count only beside each other', () => {
    const questions = questionsOf(900, (row) => (row[0]! > 0 && row[1]! > 0 ? 3 : 0));
    const regrown = regrow(questions, new Float64Array(900 * ALTERNATIVES), 1, silent);
    expect(regrown).toBeDefined();
    const before = gains(questions.choices, new Float64Array(900 * ALTERNATIVES));
    expect(difference(gains(questions.choices, regrown!.utilities), before).mean).toBeGreaterThan(0.1);
  });

  it('stay away where the weights say all there is, and from few questions', () => {
    const questions = questionsOf(900, (row) => 2 * row[0]!);
    const told = Float64Array.from({ length: 900 * ALTERNATIVES }, (_, at) => 2 * questions.choices.x[at * FEATURES]!);
    expect(regrow(questions, told, 1, silent)).toBeUndefined();
    const few = questionsOf(100, (row) => (row[0]! > 0 && row[1]! > 0 ? 3 : 0));
    expect(regrow(few, new Float64Array(100 * ALTERNATIVES), 1, silent)).toBeUndefined();
  });
});

describe('deep models', () => {
  afterEach(() => vi.restoreAllMocks());

  /** One that knows, of each question, the answer; its history is the question's number. */
  const knowing = (questions: Questions): Model => ({
    name: 'transformer',
    score: ({ items }) => {
      const scores = new Float32Array(ALTERNATIVES).fill(0.02);
      const from = items[0]! * ALTERNATIVES;
      scores[questions.choices.chosen.subarray(from, from + ALTERNATIVES).indexOf(1)] = 0.5;
      return scores;
    },
    save: () => ({ json: {}, arrays: {} }),
  });
  const dataset = { ...buildDataset([], []), items: new Int32Array(5000) };
  const asked = (() => {
    const questions = questionsOf(400, () => 0);
    const asks = Array.from({ length: 400 }, (_, number) => ({
      history: { ...emptyHistory, items: Int32Array.of(number) },
      now: NaN,
      targets: new Int32Array(0),
    }));
    return { ...questions, first: { train: dataset, asks } };
  })();
  const deepenNow = () =>
    deepen(
      dataset,
      asked,
      new Float64Array(400 * ALTERNATIVES),
      new Float64Array(ALTERNATIVES).fill(1),
      { cut: 'last', seed: 1, budgetSeconds: 1 },
      silent,
    );

  it('of which one can not be trained join without it, and it is said why', async () => {
    vi.spyOn(lstm, 'fit').mockRejectedValue(new Error('no backend'));
    vi.spyOn(transformer, 'fit').mockResolvedValue(knowing(asked) as never);
    vi.spyOn(transformer, 'refit').mockResolvedValue(knowing(asked) as never);
    const { parts, leftOut, joined } = await deepenNow();
    expect(leftOut).toEqual([{ name: 'lstm', why: 'its training failed: no backend' }]);
    expect([...parts.keys()]).toEqual(['transformer']);
    expect(joined!.deepened.names).toEqual(['transformer']);
  });

  it('that can not be trained on everything do not join', async () => {
    vi.spyOn(lstm, 'fit').mockRejectedValue(new Error('no backend'));
    vi.spyOn(transformer, 'fit').mockResolvedValue(knowing(asked) as never);
    vi.spyOn(transformer, 'refit').mockRejectedValue(new Error('no memory'));
    const { parts, leftOut, joined } = await deepenNow();
    expect(leftOut.map(({ name }) => name)).toEqual(['lstm', 'transformer']);
    expect(parts.size).toBe(0);
    expect(joined).toBeUndefined();
  });
});

describe('temperature', () => {
  it('is what makes utilities logarithms of the probabilities that drew the answers', () => {
    const { choices } = questionsOf(3000, (row) => row[0]!);
    const tooFar = Float64Array.from({ length: 3000 * ALTERNATIVES }, (_, at) => 2 * choices.x[at * FEATURES]!);
    expect(temper(choices, tooFar)).toBeCloseTo(0.5, 1);
    expect(temper({ ...choices, starts: [0] }, tooFar)).toBe(1);
  });
});
