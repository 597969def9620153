import { describe, expect, it } from 'vitest';
import { buildDataset, emptyHistory } from '../../../../core/recommend/dataset.ts';
import type { Dataset, History } from '../../../../core/recommend/model.ts';
import { chooseMarkov, markov } from '../../../../core/recommend/models/markov.ts';
import { facts, seriesData } from '../series.ts';

const ids = 'abcdef';
const courses = Array.from(ids, (id) => facts(id));

function dataOf(...sequences: string[]): Dataset {
  const rows = sequences.flatMap((sequence, learner) =>
    Array.from(sequence, (course) => ({ learner: `${learner}`, course, time: NaN, weight: 1, rating: NaN })),
  );
  return buildDataset(rows, courses);
}

function historyOf(sequence: string): History {
  const items = Int32Array.from(sequence, (course) => ids.indexOf(course));
  const size = items.length;
  return {
    items,
    times: new Float64Array(size).fill(NaN),
    weights: new Float32Array(size).fill(1),
    ratings: new Float32Array(size).fill(NaN),
  };
}

const settings = (more: object) =>
  markov.config.parse({ window: 1, lagDecay: 1, step: 0.5, shrink: 0, backward: 0, backOff: 'never', ...more });
const close = (scores: Float32Array, expected: number[]) =>
  expected.forEach((value, at) => expect(scores[at]).toBeCloseTo(value, 6));

describe('by hand', () => {
  // Takings: a 3, b 3, c 2, d 1; half of one added to each of six courses makes 12.
  const data = dataOf('abc', 'abd', 'acb');
  const popularity = [3.5, 3.5, 2.5, 1.5, 0.5, 0.5].map((count) => count / 12);

  it('what comes right after: of three a, two went on to b and one to c', () => {
    const model = markov.fit(data, settings({}));
    const after = [0, 2 / 3, 1 / 3, 0, 0, 0];
    close(
      model.score(historyOf('a'), NaN),
      popularity.map((share, course) => 0.95 * after[course]! + 0.05 * share),
    );
  });

  it('within a window, further steps counting less; the older of two counting half', () => {
    const model = markov.fit(data, settings({ window: 2, lagDecay: 0.5 }));
    // a → b 1 + 1 + ½, c ½ + 1, d ½ of 4.5; b → c 1, d 1 of 2.
    const after = [0, 2.5 / 4.5 / 2, 1.5 / 4.5 / 2 + 1 / 2, 0.5 / 4.5 / 2 + 1 / 2, 0, 0];
    close(
      model.score(historyOf('ab'), NaN),
      popularity.map((share, course) => (0.95 * after[course]!) / 1.5 + 0.05 * share),
    );
  });

  it('read both ways', () => {
    const model = markov.fit(data, settings({ backward: 0.5 }));
    // b → c 1, d 1, and half of a → b 2 and c → b 1.
    const after = [1 / 3.5, 0, 1.5 / 3.5, 1 / 3.5, 0, 0];
    close(
      model.score(historyOf('b'), NaN),
      popularity.map((share, course) => 0.95 * after[course]! + 0.05 * share),
    );
  });

  it('the last two courses first, backing off to the last', () => {
    const [single, pairs] = [settings({}), settings({ backOff: 3 })].map((one) => markov.fit(data, one));
    const lower = single!.score(historyOf('ab'), NaN);
    const once = [0, 0, 1, 1, 0, 0];
    close(
      pairs!.score(historyOf('ab'), NaN),
      once.map((count, course) => (count + 3 * lower[course]!) / (2 + 3)),
    );
    expect(pairs!.score(historyOf('da'), NaN)).toEqual(single!.score(historyOf('da'), NaN));
  });

  it('popularity where nothing is known, and probabilities that sum to 1', () => {
    const model = markov.fit(data, settings({ backOff: 3, shrink: 10 }));
    close(model.score(emptyHistory, NaN), popularity);
    close(model.score(historyOf('e'), NaN), popularity);
    for (const history of ['a', 'ab', 'acb', 'dcba']) {
      const scores = model.score(historyOf(history), NaN);
      expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 5);
      expect(Math.min(...scores)).toBeGreaterThan(0);
    }
  });
});

describe('what it chooses', () => {
  const choose = (data: Dataset) => chooseMarkov(data, markov.config.parse({}));

  it('looks at the last two where they decide together', () => {
    const both = Array.from({ length: 100 }, () => ['abc', 'ade', 'fbe', 'fdc']).flat();
    expect(choose(dataOf(...both)).backOff).not.toBe('never');
  });

  it('reads the steps both ways where order means nothing, and one way where it is all', () => {
    expect(choose(seriesData({ learners: 400, shuffled: true })).backward).toBe(1);
    expect(choose(seriesData({ learners: 400 })).backward).toBeLessThan(1);
  });

  it('keeps what it is told', () => {
    const told = markov.config.parse({ step: 0.9, backward: 0.1, backOff: 7 });
    expect(chooseMarkov(seriesData(), told)).toEqual({ step: 0.9, backward: 0.1, backOff: 7 });
  });
});
