import { describe, expect, it } from 'vitest';
import { silent } from '../../../core/numerics/progress.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { buildDataset, emptyHistory, historyAt } from '../../../core/recommend/dataset.ts';
import { fitLogit, utilitiesOf } from '../../../core/recommend/hybrid/logit.ts';
import { foldsOf } from '../../../core/recommend/hybrid/folds.ts';
import { hasOrder } from '../../../core/recommend/order.ts';
import { sharpen } from '../../../core/recommend/hybrid/sharpen.ts';
import { fitRanker } from '../../../core/recommend/ranker.ts';
import { EPOCH, facts, seriesCourses, seriesData, seriesRows } from './series.ts';

const NOW = EPOCH + 400 * 86_400;

describe('fitLogit', () => {
  it('finds the weight that made the choices, and keeps the prior without any', () => {
    const random = createRandom(3);
    const weight = 1.5;
    const choices = {
      features: 1,
      groups: [] as number[][],
      starts: [0],
      x: new Float32Array(8000),
      offset: new Float32Array(8000),
      chosen: new Float32Array(8000),
    };
    for (let choice = 0, at = 0; choice < 2000; choice++, at += 4) {
      const chances = [0, 1, 2, 3].map((i) => Math.exp(weight * (choices.x[at + i] = random.normal())));
      let draw = random.next() * chances.reduce((sum, chance) => sum + chance, 0);
      choices.chosen[
        at +
          Math.max(
            0,
            chances.findIndex((chance) => (draw -= chance) < 0),
          )
      ] = 1;
      choices.starts.push(at + 4);
      choices.groups.push([0]);
    }
    const options = { groups: 1, prior: Float64Array.of(0.3), pull: 0.01, groupPull: 1000 };
    expect(fitLogit(choices, options).base[0]).toBeCloseTo(weight, 0);
    expect(fitLogit({ ...choices, groups: [], starts: [0] }, options).base[0]).toBe(0.3);
  });
});

describe('folds', () => {
  it.each(['last', 'time', 'random'] as const)('never train on what they ask (%s)', (cut) => {
    const data = seriesData();
    for (const { train, asks } of foldsOf(data, { cut, clock: 'last', seed: 1 })) {
      expect(asks.length).toBeGreaterThan(10);
      expect(train.items.length).toBeLessThan(data.items.length);
      for (const { history, targets } of asks) {
        for (const target of targets) expect(history.items).not.toContain(target);
      }
    }
  });

  it('by time train only before the moment that the clock shows', () => {
    for (const { train, asks } of foldsOf(seriesData(), { cut: 'time', clock: 'last', seed: 1 })) {
      const newest = Math.max(...train.times);
      for (const { now } of asks) expect(newest).toBeLessThan(now);
    }
  });
});

describe('sense', () => {
  it('tells ordered data from shuffled data', () => {
    expect(hasOrder(seriesData({ learners: 400 }), 1)).toBe(true);
    expect(hasOrder(seriesData({ learners: 400, shuffled: true }), 1)).toBe(false);
  });

  it('sees no times where there are none, and no texts where they say nothing', async () => {
    const bare = seriesCourses.map(({ id }) => facts(id));
    const { sense } = await fitRanker(seriesData({ dated: false, courses: bare }), { cut: 'auto', seed: 1 });
    expect(sense).toMatchObject({ times: false, texts: false, order: true });
  });
});

describe('sharpen', () => {
  /** Of ten alternatives the first is chosen; feature 0 tells it mostly, feature 1 is noise. */
  const choicesOf = (telling: number) => {
    const random = createRandom(5);
    const size = 400 * 10;
    return {
      features: 2,
      groups: Array.from({ length: 400 }, () => [0]),
      starts: Array.from({ length: 401 }, (_, choice) => choice * 10),
      x: Float32Array.from({ length: size * 2 }, (_, at) => random.normal() + (at % 20 === 0 ? telling : 0)),
      offset: new Float32Array(size),
      chosen: Float32Array.from({ length: size }, (_, at) => (at % 10 === 0 ? 1 : 0)),
    };
  };

  const blended = (choices: ReturnType<typeof choicesOf>, ...base: number[]) =>
    utilitiesOf(choices, { base: Float64Array.from(base), byGroup: new Float64Array(2) });

  it('gives weight to what ranks better than the blend does', () => {
    const added = sharpen(choicesOf(2), blended(choicesOf(2), 0.1, 1), [0, 1]);
    expect(added[0]).toBeGreaterThan(1);
    expect(added[1]).toBe(0);
  });

  it('leaves the weights where nothing does, and without choices', () => {
    const none = { ...choicesOf(2), groups: [], starts: [0], x: new Float32Array(0), offset: new Float32Array(0) };
    expect([...sharpen(choicesOf(0), blended(choicesOf(0), 0, 0.1), [0, 1])]).toEqual([0, 0]);
    expect([...sharpen({ ...none, chosen: new Float32Array(0) }, new Float64Array(0), [0, 1])]).toEqual([0, 0]);
  });
});

describe('data without a single pair', () => {
  it('is ranked by what courses are about', async () => {
    const first = seriesRows({ learners: 300 }).filter((row, at, rows) => row.learner !== rows[at - 1]?.learner);
    const ranker = await fitRanker(buildDataset(first, seriesCourses), { cut: 'auto', seed: 1 });
    expect(ranker.sense.texts).toBe(true);
    const scores = ranker.score({ ...historyAt(seriesData(), 0, 1), items: Int32Array.of(6) }, NOW);
    expect(seriesCourses[scores.indexOf(Math.max(...scores.map((s, item) => (item === 6 ? 0 : s))))]!.topics).toEqual(
      seriesCourses[6]!.topics,
    );
  });
});

const ranker = await fitRanker(seriesData(), { cut: 'auto', seed: 1 }, silent);

describe('ranker', () => {
  const data = seriesData();

  it('gives probabilities over the catalogue', () => {
    const scores = ranker.score(historyAt(data, 0), NOW);
    expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 4);
    expect(Math.min(...scores)).toBeGreaterThan(0);
  });

  it('explains by parts whose shares sum to 1, with evidence from the history', () => {
    for (let learner = 0; learner < 30; learner++) {
      const history = historyAt(data, learner);
      const scores = ranker.score(history, NOW);
      const best = scores.indexOf(Math.max(...scores));
      const parts = ranker.explain(history, best, NOW);
      expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
      for (const { evidence } of parts) if (evidence) expect(history.items).toContain(evidence.item);
    }
  });

  it('does not hold a learner without history to anything they did', () => {
    const parts = ranker.explain(emptyHistory, 3, NOW);
    expect(parts.every(({ evidence }) => evidence === undefined)).toBe(true);
    expect(parts.map(({ part }) => part)).not.toContain('item-knn');
  });

  it('answers to the newest action without training again', () => {
    const history = historyAt(data, 0, 1);
    const next = { ...history, items: Int32Array.of(13), times: Float64Array.of(NOW) };
    const scores = ranker.score(next, NOW);
    expect(scores.indexOf(Math.max(...scores.map((score, item) => (item === 13 ? 0 : score))))).toBe(14);
  });
});
