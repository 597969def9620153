import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, type Answer } from '../../../core/evaluate/ask.ts';
import { tooDear } from '../../../core/evaluate/asking.ts';
import { createBudget } from '../../../core/evaluate/budget.ts';
import { judgeOf } from '../../../core/evaluate/context.ts';
import { fitModels, renewed, type Fitted } from '../../../core/evaluate/fit.ts';
import { interactionsOf } from '../../../core/evaluate/interactions.ts';
import { lastOut, timeSplit } from '../../../core/evaluate/protocols.ts';
import { servingStages } from '../../../core/evaluate/stages.ts';
import { openCrowd } from '../../../core/evaluate/worker.ts';
import { silent } from '../../../core/numerics/progress.ts';
import { emptyHistory } from '../../../core/recommend/dataset.ts';
import type { Model } from '../../../core/recommend/model.ts';
import type { HybridModel } from '../../../core/recommend/models/hybrid.ts';
import * as registry from '../../../core/recommend/models/index.ts';
import { lstm } from '../../../core/recommend/models/lstm.ts';
import { itemKnn } from '../../../core/recommend/models/item-knn.ts';
import { EPOCH, seriesCourses, seriesRows } from '../recommend/series.ts';

const list = seriesRows({ learners: 200, rated: true });
const given = interactionsOf(
  {
    learners: list.map(({ learner }) => learner),
    courses: list.map(({ course }) => course),
    times: list.map(({ time }) => time),
    ratings: list.map(({ rating }) => rating),
    unreadable: 0,
  },
  seriesCourses,
);
const split = lastOut(given, 'last');
const [round] = split.rounds;
const { questions } = round!;
const fitOptions = { seed: 1, budget: createBudget(1500, [1], () => 0), stopwatch: () => 0 };
const names = ['trending', 'item-knn', 'hybrid'];
let fitted: Fitted[];
const calls = vi.spyOn(itemKnn, 'fit');
let fits: number;

beforeAll(async () => {
  const train = round!.train();
  ({ fitted } = await fitModels(train, split, { ...fitOptions, models: names }, silent));
  fits = calls.mock.calls.filter(([dataset]) => dataset === train).length;
});

afterEach(() => vi.restoreAllMocks());

describe('fitModels', () => {
  it('fits once for a row of its own and for the hybrid: the row is the part', () => {
    expect(fitted.map(({ name }) => name)).toEqual(names);
    const hybrid = fitted.at(-1)!.model as HybridModel;
    expect(fitted[1]!.model).toBe(hybrid.parts.get('item-knn')!.model);
    expect(fits).toBe(1);
  });

  it('fits by itself without the hybrid, and leaves out what has too little to learn from', async () => {
    const { findModelType } = registry;
    vi.spyOn(registry, 'findModelType').mockImplementation((name) =>
      name === 'ease' ? { ...findModelType(name)!, leastInteractions: 1e6 } : findModelType(name),
    );
    const { fitted: alone, leftOut } = await fitModels(
      round!.train(),
      split,
      { ...fitOptions, models: ['popular', 'ease'] },
      silent,
    );
    expect(alone.map(({ name }) => name)).toEqual(['popular']);
    expect(leftOut).toEqual([{ model: 'ease', why: 'it takes at least 1000000 interactions' }]);
  });
});

describe('renewed', () => {
  it('keeps a row the part of the hybrid, and counts what is newer', async () => {
    const moment = EPOCH + 150 * 86_400;
    const early = timeSplit(given, moment, 'last');
    const before = await fitModels(early.rounds[0]!.train(), early, { ...fitOptions, models: names }, silent);
    const after = renewed(before.fitted, given.dataset);
    const hybrid = after.at(-1)!.model as HybridModel;
    expect(after[0]!.model).toBe(hybrid.parts.get('trending')!.model);
    const { history } = early.rounds[0]!.questions[0]!;
    const now = moment + 30 * 86_400;
    expect(after[0]!.model.score(history, now)).not.toEqual(before.fitted[0]!.model.score(history, now));
  });
});

describe('ask', () => {
  const given = {
    k: 2,
    seed: 1,
    courses: seriesCourses.slice(0, 4),
    about: judgeOf(seriesCourses),
    stopwatch: () => 0,
  };
  const question = {
    learner: 0,
    history: { ...emptyHistory, items: Int32Array.of(1) },
    now: NaN,
    relevant: Int32Array.of(3, 2),
    ratings: Float32Array.of(0.5, NaN),
  };
  const model = (...scores: number[]): Model => ({
    name: 'a model',
    score: () => Float32Array.from(scores),
    rate: (_, item) => item / 10,
    save: () => ({ json: {}, arrays: {} }),
  });

  it('ranks all but the history, ties by their average, and asks for ratings only where one was given', () => {
    const [answer] = ask(model(1, 9, 1, 2), question, 0, [], given);
    expect(answer).toMatchObject({ ranks: [1, 2.5], list: Int32Array.of(3, 0) });
    expect(answer!.rated).toEqual([0.3, undefined]);
    expect(answer).not.toHaveProperty('probabilities');
  });

  it('takes scores that sum to 1 over the catalogue for probabilities', () => {
    const [answer] = ask(model(0.125, 0.5, 0.125, 0.25), question, 0, [], given);
    expect(answer!.probabilities).toEqual(Float32Array.of(0.25, 0.125));
    expect(ask(model(-0.5, 1, 0.25, 0.25), question, 0, [], given)[0]).not.toHaveProperty('probabilities');
  });

  it('gives what a stage leaves out no rank', () => {
    const shuffling = { name: 'exploration', arrangement: { diversity: 0, calibration: 0, explore: 0.5 } };
    const rest = Array.from({ length: 20 }, (_, place) => {
      const [, shown] = ask(model(0.125, 0.5, 0.125, 0.25), question, place, [shuffling], { ...given, k: 1 });
      return shown!;
    });
    for (const { list, ranks } of rest) {
      expect([...list]).not.toContain(1);
      expect(ranks).toEqual([3, 2].map((item) => (list[0] === item ? 1 : Infinity)));
    }
    expect(new Set(rest.map(({ list }) => list[0])).size).toBeGreaterThan(1);
  });
});

describe('a crowd', () => {
  it('answers as one thread does, in the order of the questions', async () => {
    const options = { k: 10, seed: 1, courses: seriesCourses };
    const stages = servingStages({ diversity: 0.3, calibration: 0.1, explore: 0.2 });
    // A part that the stored hybrid does not carry, as a deep model that did not join.
    const lone = await lstm.fit(round!.train(), lstm.config.parse({}), silent);
    const hybrid = fitted.at(-1)!.model as HybridModel;
    const handing = { ...hybrid, parts: new Map([...hybrid.parts, ['lstm', { model: lone, seconds: 0 }]]) };
    const all = [
      { name: 'lstm', model: lone, seconds: 0 },
      ...fitted.map((each) => (each.name === 'hybrid' ? { ...each, model: handing } : each)),
    ];
    const crowd = await openCrowd(all, questions, options, 2);
    try {
      for (const { name, model } of all) {
        const shares: number[] = [];
        const answers = await crowd.ask(name, name === 'hybrid' ? stages : [], (share) => shares.push(share));
        expect(shares.at(-1)).toBe(1);
        const alone = questions.map((question, place) =>
          ask(model, question, place, name === 'hybrid' ? stages : [], {
            ...options,
            about: judgeOf(seriesCourses),
            stopwatch: () => 0,
          }),
        );
        const plain = (given: Answer[][]) =>
          given.map((each) => each.map((answer) => ({ ...answer, milliseconds: 0 })));
        expect(plain(answers)).toEqual(plain(alone));
      }
    } finally {
      await crowd.close();
    }
  });
});

describe('tooDear', () => {
  it('lets the hybrid go first and then the cheaper, and says what the others would take', () => {
    const costs = [
      { name: 'popular', seconds: 1 },
      { name: 'content', seconds: 50 },
      { name: 'als', seconds: 9 },
      { name: 'hybrid', seconds: 30 },
    ];
    expect(tooDear(costs, 100)).toEqual([]);
    const [left] = tooDear(costs, 60);
    expect(left!.model).toBe('content');
    expect(left!.why).toContain('50 s of 20 s left');
    expect(tooDear(costs, 20).map(({ model }) => model)).toEqual(['hybrid', 'content']);
  });
});
