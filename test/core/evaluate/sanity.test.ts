import { afterEach, describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../../core/evaluate/evaluate.ts';
import { interactionsOf, type Interactions } from '../../../core/evaluate/interactions.ts';
import { lastOut, timeSplit } from '../../../core/evaluate/protocols.ts';
import { firstOut, rolling } from '../../../core/evaluate/rounds.ts';
import type { Split } from '../../../core/evaluate/split.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { silent } from '../../../core/numerics/progress.ts';
import type { Interaction } from '../../../core/recommend/dataset.ts';
import type { Dataset, Model, ModelType } from '../../../core/recommend/model.ts';
import { popular } from '../../../core/recommend/models/popular.ts';
import * as registry from '../../../core/recommend/models/index.ts';
import { EPOCH, seriesCourses, seriesRows } from '../recommend/series.ts';

const COURSES = seriesCourses.length;
const DAY = 86_400;
const options = { k: 10, seed: 1, budgetSeconds: 1500, stopwatch: () => 0 };

function interactions(list: readonly Interaction[]): Interactions {
  return interactionsOf(
    {
      learners: list.map(({ learner }) => learner),
      courses: list.map(({ course }) => course),
      times: list.map(({ time }) => time),
      ratings: list.map(({ rating }) => rating),
      unreadable: 0,
    },
    seriesCourses,
  );
}
// No two at the same moment, so that a question can be told by its moment.
const rows = seriesRows({ learners: 400 }).map((row, at) => ({ ...row, time: row.time + at }));
const given = interactions(rows);
const splits: [string, Split][] = [
  ['last-out', lastOut(given, 'last')],
  ['last-out, asked', lastOut(given, 'asked')],
  ['time', timeSplit(given, EPOCH + 150 * DAY, 'last')],
  ['first-out', firstOut(given)],
  ['rolling', rolling(given)],
];

afterEach(() => vi.restoreAllMocks());

async function evaluated(split: Split, fit: (dataset: Dataset) => Model['score']) {
  const type: ModelType = {
    ...popular,
    fit: (dataset) => ({ name: 'popular', score: fit(dataset), save: () => ({ json: {}, arrays: {} }) }),
  };
  vi.spyOn(registry, 'findModelType').mockReturnValue(type);
  return (await evaluate(split, { ...options, models: ['popular'] }, silent)).models['popular']!;
}

describe.each(splits)('sanity of %s', (_, split) => {
  const asked = split.rounds.flatMap(({ questions }) => questions).filter(({ side }) => !side);

  it('gives random scores about k / N', async () => {
    const random = createRandom(3);
    const score = () => Float32Array.from({ length: COURSES }, () => random.next());
    const { recall } = await evaluated(split, () => score);
    const expected = asked.reduce((sum, { history }) => sum + 10 / (COURSES - history.items.length), 0) / asked.length;
    expect(Math.abs(recall! - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / asked.length));
  });

  it('gives an oracle 1', async () => {
    const answers = new Map(split.rounds.flatMap(({ questions }) => questions.map((each) => [each.history, each])));
    const byMoment = new Map(
      asked.map((question) => [`${question.now} ${question.history.items.join(' ')}`, question]),
    );
    const { hr, ndcg, groups } = await evaluated(split, () => (history, now) => {
      const scores = new Float32Array(COURSES);
      const question = history.items.length > 0 ? answers.get(history) : byMoment.get(`${now} `);
      for (const item of question?.relevant ?? []) scores[item] = 1;
      return scores;
    });
    expect(groups['history 1-2']?.hr ?? 1).toBe(1);
    // Newcomers of a split by time are all asked at its moment: nothing tells them apart.
    if (split.protocol !== 'time') expect([hr, ndcg]).toEqual([1, 1]);
  });
});

describe('sanity', () => {
  it('collapses to chance where labels are shuffled: what was learned goes with who took what', async () => {
    const random = createRandom(4);
    const shuffled = random.shuffle(rows.map(({ course }) => course));
    const scores = async (list: readonly Interaction[], model: string) => {
      const report = await evaluate(lastOut(interactions(list), 'last'), { ...options, models: [model] }, silent);
      return report.models[model]!.ndcg!;
    };
    const mixed = rows.map((row, at) => ({ ...row, course: shuffled[at]! }));
    const chance = await scores(mixed, 'popular');
    expect(await scores(rows, 'item-knn')).toBeGreaterThan(2 * chance);
    expect(Math.abs((await scores(mixed, 'item-knn')) - chance)).toBeLessThan(0.06);
  });

  it('refuses a split in which a future event is trained on', async () => {
    const split = lastOut(given, 'last');
    const [round] = split.rounds;
    const train = round!.train();
    const { learner } = round!.questions[0]!;
    const times = train.times.slice();
    times[train.starts[learner + 1]! - 1] = EPOCH + 10_000 * DAY;
    const leaking = { ...split, rounds: [{ ...round!, train: () => ({ ...train, times }) }] };
    await expect(evaluate(leaking, { ...options, models: ['popular'] }, silent)).rejects.toThrow('shows the future');
  });

  it('lets no model that is brought up to date read anything from its moment on', async () => {
    const moment = EPOCH + 150 * DAY;
    const few = rows.slice(0, 600);
    const past = few.filter(({ time }) => time < moment);
    const later = few.filter(({ time }) => time >= moment);
    const rushed = Array.from({ length: 300 }, (_, i) => ({ ...few[0]!, learner: `late ${i}`, time: moment + i * 60 }));
    const before = interactions(past).dataset;
    const futures = [later, rushed].map((future) => interactions([...past, ...future]).dataset);
    const { history } = timeSplit(interactions(few), moment, 'last').rounds[0]!.questions[0]!;
    for (const type of registry.modelTypes) {
      const model = await type.fit(before, type.config.parse({}), silent);
      const [one, other] = futures.map((future) => model.renewed?.(future).score(history, moment));
      expect(other, type.name).toEqual(one);
    }
  });
});
