import { describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../../core/evaluate/evaluate.ts';
import { firstOut, rolling } from '../../../core/evaluate/rounds.ts';
import { interactionsOf } from '../../../core/evaluate/interactions.ts';
import { leakOf, type Split } from '../../../core/evaluate/split.ts';
import { silent } from '../../../core/numerics/progress.ts';
import type { Dataset, History, Model, ModelType } from '../../../core/recommend/model.ts';
import * as registry from '../../../core/recommend/models/index.ts';
import { popular } from '../../../core/recommend/models/popular.ts';
import { seriesCourses, seriesRows } from '../recommend/series.ts';
import { asked, interactions, names, questionsOf } from './splits.ts';

const at = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;
const series = () => {
  const list = seriesRows({ learners: 250, rated: true });
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
};
const { dataset } = series();

/** Evaluates a model that writes down what it is fitted on, renewed with and asked. */
async function spied(split: Split) {
  const fits: { dataset: Dataset; renewed: Dataset | undefined; asks: { history: History; now: number }[] }[] = [];
  const model = (fit: (typeof fits)[number]): Model => ({
    name: 'popular',
    score(history, now) {
      fit.asks.push({ history, now });
      return new Float32Array(seriesCourses.length);
    },
    renewed(newer) {
      fit.renewed = newer;
      return model(fit);
    },
    save: () => ({ json: {}, arrays: {} }),
  });
  const type: ModelType = {
    ...popular,
    fit(train) {
      fits.push({ dataset: train, renewed: undefined, asks: [] });
      return model(fits.at(-1)!);
    },
  };
  const spy = vi.spyOn(registry, 'findModelType').mockReturnValue(type);
  try {
    const options = { models: ['popular'], k: 10, seed: 1, budgetSeconds: 1500, stopwatch: () => 0 };
    const report = await evaluate(split, options, silent);
    return { fits, report };
  } finally {
    spy.mockRestore();
  }
}

const newest = ({ times }: Dataset): number => times.reduce((most, time) => Math.max(most, time), -Infinity);

describe('firstOut', () => {
  it('asks every learner for the first course, each at its own moment, and never reads the future', async () => {
    const split = firstOut(series());
    expect(leakOf(split)).toBeUndefined();
    const { fits, report } = await spied(split);
    expect(split.tested).toBe(250);
    expect(report.models['popular']!.groups['history 0']!.n).toBe(250);
    expect(fits.length).toBeGreaterThan(5);
    expect(fits.length).toBeLessThanOrEqual(16);
    for (const { dataset: train, renewed, asks } of fits) {
      const first = Math.min(...asks.map(({ now }) => now));
      expect(newest(train)).toBeLessThan(first);
      expect(newest(renewed!)).toBeGreaterThanOrEqual(Math.max(...asks.map(({ now }) => now)));
      for (const { history } of asks) expect(history.items).toHaveLength(0);
    }
    const moments = fits.flatMap(({ asks }) => asks.map(({ now }) => now));
    const firsts = dataset.learners.map((_, learner) => dataset.times[dataset.starts[learner]!]!);
    expect(moments).toEqual(firsts.sort((a, b) => a - b));
  });

  it('fits anew when what is known has grown: blocks never hold more than the growth allows', () => {
    const sizes = firstOut(series()).rounds.map(({ train }) => train().items.length);
    expect(sizes[0]).toBe(0);
    const growths = sizes.slice(2).map((size, index) => size / sizes[index + 1]!);
    expect(Math.max(...growths)).toBeLessThan(1.3);
  });

  it('knows nothing at the first learner', () => {
    const split = firstOut(interactions(['u', 'a', 10], ['v', 'b', 20], ['u', 'c', 30]));
    expect(asked(split)).toEqual(['>a', '>b']);
    expect(split.rounds[0]!.train().items).toHaveLength(0);
  });
});

describe('rolling', () => {
  const given = interactions(
    ['u', 'a', at('2026-01-10')],
    ['u', 'b', at('2026-02-03'), 0.5],
    ['u', 'c', at('2026-02-20')],
    ['v', 'a', at('2026-01-20')],
    ['v', 'd', at('2026-05-01')],
    ['w', 'e', at('2026-05-31')],
  );

  it('fits at the start of each month with questions, and asks for last courses from all before them', () => {
    const split = rolling(given);
    expect(asked(split)).toEqual(['ab>c', 'a>d']);
    expect(split.rounds.map(({ before }) => before)).toEqual([at('2026-02-01'), at('2026-05-01')]);
    expect(split.rounds.map(({ train }) => names(train()))).toEqual(['aa', 'abca']);
    expect(questionsOf(split).map(({ now }) => now)).toEqual([at('2026-02-20'), at('2026-05-01')]);
    expect([split.tested, split.trained, split.learners]).toEqual([2, 4, 3]);
  });

  it('fits every so many days instead', () => {
    const split = rolling(given, 10);
    expect(split.rounds.map(({ before }) => before)).toEqual([at('2026-02-19'), at('2026-04-30')]);
    expect(asked(split)).toEqual(['ab>c', 'a>d']);
  });

  it('never reads the future, and brings nothing up to date between fits', async () => {
    const split = rolling(series());
    expect(leakOf(split)).toBeUndefined();
    const { fits, report } = await spied(split);
    const able = dataset.learners.filter((_, learner) => dataset.starts[learner + 1]! - dataset.starts[learner]! >= 2);
    expect(report.dataset.test).toBe(able.length);
    for (const { dataset: train, renewed, asks } of fits) {
      expect(renewed).toBeUndefined();
      for (const { history, now } of asks) {
        expect(newest(train)).toBeLessThan(now);
        expect(Math.max(...history.times)).toBeLessThanOrEqual(now);
      }
    }
  });
});
