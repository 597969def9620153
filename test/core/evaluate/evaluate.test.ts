import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../../core/evaluate/evaluate.ts';
import { interactionsOf } from '../../../core/evaluate/interactions.ts';
import { lastOut, timeSplit } from '../../../core/evaluate/protocols.ts';
import type { Split } from '../../../core/evaluate/split.ts';
import { servingStages } from '../../../core/evaluate/stages.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { silent } from '../../../core/numerics/progress.ts';
import type { Dataset, Model, ModelType } from '../../../core/recommend/model.ts';
import { popular } from '../../../core/recommend/models/popular.ts';
import * as registry from '../../../core/recommend/models/index.ts';
import { EPOCH, facts, seriesCourses, seriesRows } from '../recommend/series.ts';

const options = { k: 10, seed: 1, budgetSeconds: 1500, stopwatch: () => 0 };

function rowsOf(list: ReturnType<typeof seriesRows>) {
  return {
    learners: list.map(({ learner }) => learner),
    courses: list.map(({ course }) => course),
    times: list.map(({ time }) => time),
    ratings: list.map(({ rating }) => rating),
    unreadable: 0,
  };
}
const series = lastOut(interactionsOf(rowsOf(seriesRows({ learners: 300, rated: true })), seriesCourses), 'last');
const { questions } = series.rounds[0]!;

/** Evaluates a model of the test's own under a public name. */
async function evaluated(split: Split, fit: (dataset: Dataset) => Model['score']) {
  const type: ModelType = {
    ...popular,
    fit: (dataset) => ({ name: 'popular', score: fit(dataset), save: () => ({ json: {}, arrays: {} }) }),
  };
  const spy = vi.spyOn(registry, 'findModelType').mockReturnValue(type);
  try {
    return (await evaluate(split, { ...options, models: ['popular'] }, silent)).models['popular']!;
  } finally {
    spy.mockRestore();
  }
}

describe('evaluate', () => {
  it('gives an oracle 1 and chance k / candidates', async () => {
    const answers = new Map(questions.map(({ history, relevant }) => [history, relevant]));
    const oracle = await evaluated(series, ({ courses }) => (history) => {
      const scores = new Float32Array(courses.length);
      for (const item of answers.get(history)!) scores[item] = 1;
      return scores;
    });
    expect([oracle.hr, oracle.recall, oracle.ndcg, oracle.mrr]).toEqual([1, 1, 1, 1]);
    expect(oracle.precision).toBeCloseTo(1 / 10, 12);

    const random = createRandom(2);
    const chance = await evaluated(
      series,
      ({ courses }) =>
        () =>
          Float32Array.from(courses, () => random.next()),
    );
    const expected =
      questions.reduce((sum, { history }) => sum + 10 / (36 - history.items.length), 0) / questions.length;
    expect(Math.abs(chance.hr! - expected)).toBeLessThan(0.08);
  });

  it('ranks ties by their average: a model that knows nothing hits nobody', async () => {
    const flat = await evaluated(
      series,
      ({ courses }) =>
        () =>
          new Float32Array(courses.length),
    );
    expect(flat.hr).toBe(0);
    expect(flat.mrr).toBe(0);
  });

  it('matches a community worked out by hand', async () => {
    const courses = ['a', 'b', 'c', 'd'].map((id) => facts(id));
    const list = [
      ['1', 'a', 1],
      ['2', 'a', 1],
      ['3', 'a', 1],
      ['3', 'b', 2],
      ['4', 'c', 1],
      ['4', 'a', 9],
      ['5', 'd', 9],
      ['5', 'b', 10],
    ] as const;
    const rows = {
      learners: list.map(([learner]) => learner),
      courses: list.map(([, course]) => course),
      times: list.map(([, , time]) => time),
      ratings: list.map(() => NaN),
      unreadable: 0,
    };
    // Train from 5 on out: a 3, b 1, c 1, d 0. Learner 4 (history c) is asked for a: rank 1.
    // Learner 5 (no history) is asked for d and b: ranks 4 and, tied with c, 2.5.
    const split = timeSplit(interactionsOf(rows, courses), 5, 'last');
    const report = await evaluate(split, { ...options, k: 3, models: ['popular'] }, silent);
    expect(report.dataset).toEqual({ learners: 5, courses: 4, train: 5, test: 3, asked: 2 });
    const { hr, recall, ndcg, mrr, precision, by_history, coverage, diversity } = report.models['popular']!;
    expect(hr).toBe(1);
    expect(recall).toBe((1 + 1 / 2) / 2);
    expect(precision).toBe(1 / 3);
    expect(mrr).toBeCloseTo((1 + 1 / 2.5) / 2, 12);
    expect(ndcg).toBeCloseTo((1 + 1 / Math.log2(3.5) / (1 + 1 / Math.log2(3))) / 2, 12);
    expect(Object.keys(by_history)).toEqual(['0', '1-2']);
    expect(by_history['0']).toMatchObject({ n: 1, hr: 1, recall: 1 / 2 });
    expect(coverage).toBe(1);
    expect(diversity).toBeNull();
  });

  // Trains all models: a quarter of a minute, more than twice as long where the machine is slow.
  const allModels = { timeout: 120_000 };
  it(
    'reports every public model, the hybrid ahead of popularity, ratings where they can be predicted',
    allModels,
    async () => {
      const models = registry.modelTypes.map(({ name }) => name);
      const stages = servingStages({ diversity: 0.3, calibration: 0.1, explore: 0.1 });
      const report = await evaluate(series, { ...options, models, stages }, silent);
      const shown = models.filter((name) => !report.left_out.some(({ model }) => model === name));
      expect(shown.slice(0, 2).concat(shown.slice(-1))).toEqual(['popular', 'trending', 'hybrid']);
      expect(Object.keys(report.models)).toEqual([
        ...shown,
        ...['hybrid+diversity', 'hybrid+calibration', 'hybrid+exploration', 'hybrid+rerank'],
      ]);
      expect(report.models['hybrid']!.ndcg!).toBeGreaterThan(2 * report.models['popular']!.ndcg!);
      expect(report.models['hybrid+diversity']!.diversity!).toBeGreaterThan(report.models['hybrid']!.diversity!);
      expect(report.models['hybrid+rerank']!.diversity!).toBeGreaterThan(report.models['hybrid']!.diversity!);
      expect(report.models['hybrid']!.ece!).toBeLessThan(0.3);
      expect(report.models['popular']!.ece).toBeNull();
      expect(report.models['hybrid+rerank']!.ece).toBeNull();
      expect(report.models['popular']!.gini!).toBeGreaterThan(report.models['hybrid']!.gini!);
      expect(report.models['popular']!.hr_debiased!).toBeLessThan(report.models['hybrid']!.hr_debiased!);
      expect(report.models['hybrid+calibration']!.topic_divergence!).toBeLessThanOrEqual(
        report.models['hybrid']!.topic_divergence!,
      );
      expect(Object.keys(report.models['hybrid']!.groups)).toEqual(
        expect.arrayContaining(['history 1-2', 'target popularity high']),
      );
      expect(report.baselines!.bias.rmse!).toBeLessThan(report.baselines!.global_mean.rmse!);
      expect(report.models['item-knn']!.rmse!).toBeLessThan(0.2);
      expect(report.models['trending']!.rmse).toBeNull();
      expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    },
  );

  it('reads nothing later than the clock: a future that differs changes no score of trending', async () => {
    const before = seriesRows({ learners: 100 });
    const moment = EPOCH + 200 * 86_400;
    const rushed = [
      ...before,
      ...Array.from({ length: 500 }, (_, i) => ({ ...before[0]!, learner: `late ${i}`, time: moment + 86_400 + i })),
    ];
    const type = registry.findModelType('trending')!;
    const [plain, crowded] = await Promise.all(
      [before, rushed].map(async (list) => {
        const { dataset } = interactionsOf(rowsOf(list), seriesCourses);
        const model = await type.fit(dataset, type.config.parse({}), silent);
        return model.score(questions[0]!.history, moment);
      }),
    );
    expect(crowded).toEqual(plain);
  });
});
