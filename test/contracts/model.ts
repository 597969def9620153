import { beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../core/numerics/random.ts';
import { silent } from '../../core/numerics/progress.ts';
import { averageRank, ndcg } from '../../core/numerics/ranking.ts';
import { emptyHistory, historyAt } from '../../core/recommend/dataset.ts';
import type { Dataset, History, Model, ModelType } from '../../core/recommend/model.ts';
import { pack, unpack } from '../../core/recommend/pack.ts';
import { buildDataset } from '../../core/recommend/dataset.ts';
import { EPOCH, facts, seriesCourses, seriesData } from '../core/recommend/series.ts';

export interface ModelContract {
  type: ModelType;
  /** NDCG@10 that it must reach on the next lesson of the series; for what ignores the learner, little. */
  floor: number;
  /** Whether it tells learners apart, and so solves the checkerboard. */
  personal: boolean;
  /** Settings that let it learn from the little data here, and fast. */
  config?: Record<string, unknown>;
}

const NOW = EPOCH + 400 * 86_400;

/** What every kind of model owes, whatever it is. */
export function modelContract({ type, floor, personal, config = {} }: ModelContract): void {
  const data = seriesData({ rated: true });
  const fit = async (dataset: Dataset): Promise<Model> => type.fit(dataset, type.config.parse(config), silent);
  const histories = Array.from({ length: 40 }, (_, learner) => historyAt(data, learner));

  describe(`model ${type.name}`, () => {
    let model: Model;
    beforeAll(async () => {
      model = await fit(data);
    });

    it('refuses an unknown config key and has a default for every other', () => {
      expect(type.config.safeParse({}).success).toBe(true);
      expect(type.config.safeParse({ neighbors_count: 3 }).success).toBe(false);
    });

    it('gives one finite score a course and leaves the history as it was', () => {
      for (const history of [emptyHistory, ...histories]) {
        const before = [...history.items];
        const scores = model.score(history, NOW);
        expect(scores).toHaveLength(seriesCourses.length);
        expect(scores.every(Number.isFinite)).toBe(true);
        expect([...history.items]).toEqual(before);
      }
    });

    it('scores the same alone and among others, and a copy of a history like the history', () => {
      const together = histories.map((history) => model.score(history, NOW));
      histories.forEach((history, at) => {
        const copy: History = { ...history, items: history.items.slice() };
        expect(model.score(copy, NOW)).toEqual(together[at]);
      });
    });

    it('is the same model when fitted again', async () => {
      const again = await fit(data);
      for (const history of histories) expect(again.score(history, NOW)).toEqual(model.score(history, NOW));
    });

    it('is the same model after save and load, through bytes', () => {
      const loaded = type.load(unpack(pack({ model: model.save() }))['model']!, seriesCourses);
      for (const history of [emptyHistory, ...histories]) {
        expect(loaded.score(history, NOW)).toEqual(model.score(history, NOW));
        for (const item of [0, 9, 20]) {
          expect(loaded.because?.(history, item, NOW)).toEqual(model.because?.(history, item, NOW));
          expect(loaded.rate?.(history, item)).toEqual(model.rate?.(history, item));
        }
      }
    });

    it('keeps no learner in what it saves', () => {
      const { json, arrays } = model.save();
      expect(JSON.stringify(json)).not.toContain('learner ');
      for (const array of Object.values(arrays)) expect(ArrayBuffer.isView(array)).toBe(true);
    });

    it('finds the next lesson', () => {
      const asked = seriesData({ learners: 150, seed: 9 });
      let gain = 0;
      let count = 0;
      for (let learner = 0; learner < 150; learner++) {
        const length = asked.starts[learner + 1]! - asked.starts[learner]!;
        if (length < 2) continue;
        const history = historyAt(asked, learner, length - 1);
        const excluded = new Uint8Array(seriesCourses.length);
        for (const item of history.items) excluded[item] = 1;
        const target = asked.items[asked.starts[learner]! + length - 1]!;
        gain += ndcg([averageRank(model.score(history, history.times.at(-1)!), target, excluded)], 10);
        count++;
      }
      expect(gain / count).toBeGreaterThan(floor);
    });

    it('names evidence only from the history, with a share in (0, 1]', () => {
      for (const history of histories) {
        for (let item = 0; item < seriesCourses.length; item += 5) {
          const evidence = model.because?.(history, item, NOW);
          if (!evidence) continue;
          expect(history.items).toContain(evidence.item);
          expect(evidence.share).toBeGreaterThan(0);
          expect(evidence.share).toBeLessThanOrEqual(1 + 1e-9);
        }
      }
      expect(model.because?.(emptyHistory, 3, NOW)).toBeUndefined();
    });

    it('serves what it says it serves', async () => {
      const nothing = model.score(emptyHistory, NOW);
      if (type.serves.coldLearner) expect(Math.max(...nothing)).toBeGreaterThan(Math.min(...nothing));
      const strangers = ['python', 'cooking'].map((topic) =>
        facts(`${topic}-new`, {
          title: `${topic} lesson new`,
          text: `All about ${topic}.`,
          topics: [topic],
          publishedAt: NOW - 86_400,
        }),
      );
      const wider = await fit(seriesData({ courses: [...seriesCourses, ...strangers] }));
      const history = { ...historyAt(data, 0, 1), items: Int32Array.of(6) };
      const [alike, unlike] = wider.score(history, NOW).slice(-2);
      if (type.serves.coldCourse) expect(alike).toBeGreaterThan(unlike!);
    });

    it('stands empty and tiny data', async () => {
      for (const learners of [0, 1, 3, 30]) {
        const small = await fit(seriesData({ learners }));
        for (const history of [emptyHistory, histories[2]!]) {
          expect(small.score(history, NOW).every(Number.isFinite)).toBe(true);
          expect(small.score(history, NaN).every(Number.isFinite)).toBe(true);
        }
      }
    });

    if (personal) {
      it('puts the withheld cell of a checkerboard first', async () => {
        const size = 10;
        const courses = Array.from({ length: size }, (_, i) =>
          facts(`c${i}`, { title: i % 2 === 0 ? 'even numbers' : 'odd pieces' }),
        );
        const random = createRandom(4);
        const rows = Array.from({ length: 40 }, (_, learner) => {
          const own = courses.filter((__, at) => at % 2 === learner % 2 && !(learner < size && at === learner));
          return random
            .shuffle(own)
            .map(({ id }, at) => ({ learner: `u${learner}`, course: id, time: 1000 + at, weight: 1, rating: NaN }));
        }).flat();
        const board = buildDataset(rows, courses);
        const checker = await fit(board);
        for (let learner = 0; learner < size; learner++) {
          const history = historyAt(board, learner);
          const excluded = new Uint8Array(size);
          for (const item of history.items) excluded[item] = 1;
          expect(averageRank(checker.score(history, 2000), learner, excluded)).toBe(1);
        }
      });
    }
  });
}
