import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../core/numerics/random.ts';
import { fitCold, loadCold } from '../../../../core/recommend/cold/cold.ts';
import { buildDataset, filterDataset, type Interaction } from '../../../../core/recommend/dataset.ts';
import type { Dataset } from '../../../../core/recommend/model.ts';
import { EPOCH, facts, seriesCourses, seriesData } from '../series.ts';

const DAY = 86_400;
const courses = Array.from({ length: 40 }, (_, course) => facts(`course ${course}`));

/** One newcomer a day; for 30 days most of them begin with the same course, then with another. */
function fashions({ days = 600, span = 30, dated = true } = {}): Dataset {
  const random = createRandom(7);
  const rows: Interaction[] = [];
  for (let day = 0; day < days; day++) {
    const inFashion = Math.floor(day / span) % courses.length;
    const began = random.next() < 0.7 ? inFashion : random.int(courses.length);
    const time = dated ? EPOCH + day * DAY : NaN;
    const take = (course: number, later: number) => ({
      learner: `learner ${day}`,
      course: `course ${course}`,
      time: time + later * DAY,
      weight: 1,
      rating: NaN,
    });
    rows.push(take(began, 0), take((began + 7) % courses.length, 0.3));
  }
  return buildDataset(rows, courses);
}

function before(dataset: Dataset, now: number): Dataset {
  return filterDataset(dataset, (learner, at) => dataset.times[dataset.starts[learner]! + at]! < now);
}

const options = { cut: 'last', seed: 1 } as const;
const best = (utilities: Float32Array): number => utilities.indexOf(Math.max(...utilities));

describe('cold ranker', () => {
  const data = fashions();
  const cold = fitCold(data, options);

  it('gives logarithms of probabilities over all courses', () => {
    for (const now of [EPOCH - DAY, EPOCH + 200 * DAY, EPOCH + 9000 * DAY, NaN]) {
      const sum = cold.utilities(now).reduce((total, utility) => total + Math.exp(utility), 0);
      expect(sum).toBeCloseTo(1, 4);
    }
  });

  it('puts first what newcomers begin with at that moment', () => {
    for (const day of [29, 59, 299]) {
      expect(best(cold.utilities(EPOCH + day * DAY))).toBe(Math.floor(day / 30));
    }
    expect(best(cold.utilities(NaN))).toBe(19);
  });

  it('sees nothing at the moment it is asked or after it', () => {
    const now = EPOCH + 300 * DAY;
    const blind = cold.renewed(before(data, now));
    expect(blind.utilities(now)).toEqual(cold.utilities(now));
    const later = cold.renewed(before(data, now + 1));
    expect(later.utilities(now)).toEqual(cold.utilities(now));
    expect(later.utilities(now + 1)).not.toEqual(blind.utilities(now + 1));
  });

  it('stands at the end of everything when there is no clock or a later one', () => {
    const end = Math.max(...data.times) + 1;
    expect(cold.utilities(NaN)).toEqual(cold.utilities(end));
    expect(cold.utilities(end + 900 * DAY)).toEqual(cold.utilities(end));
  });

  it('counts what is newer once renewed, with the same weights', () => {
    const half = fitCold(before(data, EPOCH + 300 * DAY), options);
    const now = EPOCH + 590 * DAY;
    expect(best(half.utilities(now))).not.toBe(19);
    const renewed = half.renewed(data);
    expect(best(renewed.utilities(now))).toBe(19);
    expect(renewed.save().arrays['weights']).toEqual(half.save().arrays['weights']);
    expect({ ...renewed.save().arrays, weights: [] }).toEqual({ ...cold.save().arrays, weights: [] });
  });

  it('scores alike after it was stored, and when fitted again', () => {
    const now = EPOCH + 250 * DAY;
    const saved = cold.save();
    const stored = { json: JSON.parse(JSON.stringify(saved.json)) as unknown, arrays: saved.arrays };
    expect(loadCold(stored, courses).utilities(now)).toEqual(cold.utilities(now));
    expect(fitCold(data, options).utilities(now)).toEqual(cold.utilities(now));
  });

  it('holds no learner', () => {
    expect(JSON.stringify(cold.save())).not.toContain('learner');
  });

  it('says what spoke for a course, in shares of one', () => {
    const now = EPOCH + 299 * DAY;
    const parts = cold.explain(9, now);
    expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(parts[0]!.part).toBe('trending');
    expect(cold.explain(9, EPOCH - DAY)).toEqual([]);
  });
});

describe('weights', () => {
  /** Sum of the logarithms of the probabilities that the courses had which newcomers of the last third took. */
  function likelihood(data: Dataset, cut: 'last' | 'time', asked: 'moment' | 'frozen'): number {
    const from = EPOCH + 400 * DAY;
    const cold = fitCold(before(data, from), { cut, seed: 1 });
    const known = asked === 'moment' ? cold.renewed(data) : cold;
    let sum = 0;
    for (let learner = 0; learner < data.learners.length; learner++) {
      const first = data.starts[learner]!;
      if (data.times[first]! < from) continue;
      sum += known.utilities(asked === 'moment' ? data.times[first]! : from)[data.items[first]!]!;
    }
    return sum;
  }

  it('follow a fast fashion when asked at the moment, and trust it less when one moment is asked for months', () => {
    const data = fashions({ span: 10 });
    expect(likelihood(data, 'last', 'moment')).toBeGreaterThan(likelihood(data, 'time', 'moment'));
    expect(likelihood(data, 'time', 'frozen')).toBeGreaterThan(likelihood(data, 'last', 'frozen'));
  });
});

describe('data without times, order or anything', () => {
  it('without times newcomers get what newcomers began with', () => {
    const rows = Array.from({ length: 300 }, (_, learner) =>
      [learner % 3, 3, 4].map((course) => ({
        learner: `learner ${learner}`,
        course: `course ${course}`,
        time: NaN,
        weight: 1,
        rating: NaN,
      })),
    ).flat();
    const cold = fitCold(buildDataset(rows, courses), options);
    const utilities = cold.utilities(NaN);
    expect(Math.min(utilities[0]!, utilities[1]!, utilities[2]!)).toBeGreaterThan(utilities[3]!);
    expect(utilities[3]!).toBeGreaterThan(utilities[5]!);
    expect(cold.utilities(EPOCH)).toEqual(utilities);
  });

  it('of a set without order they get what is popular', () => {
    const data = seriesData({ learners: 400, shuffled: true });
    const counts = new Float32Array(seriesCourses.length);
    for (const item of data.items) counts[item]!++;
    const cold = fitCold(data, { cut: 'random', seed: 1 });
    expect(best(cold.utilities(NaN))).toBe(best(counts));
    expect(cold.explain(best(counts), NaN)).toEqual([{ part: 'popular', share: 1 }]);
  });

  it('of nothing everything is equally likely, until there is something', () => {
    const cold = fitCold(buildDataset([], courses), options);
    expect(new Set(cold.utilities(EPOCH))).toEqual(new Set([Math.fround(-Math.log(40))]));
    const now = EPOCH + 299 * DAY;
    expect(best(cold.renewed(fashions()).utilities(now))).toBe(9);
  });
});
