import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JournalError, openJournal } from '../../../../core/evaluate/tune/files.ts';
import type { Entry, Journal } from '../../../../core/evaluate/tune/journal.ts';
import { SearchError, searchOf, tune, type TuneOptions } from '../../../../core/evaluate/tune/tune.ts';
import { silent } from '../../../../core/numerics/progress.ts';
import { createRandom } from '../../../../core/numerics/random.ts';
import { hashUnit } from '../../../../core/numerics/splits.ts';
import { filterDataset } from '../../../../core/recommend/dataset.ts';
import type { Dataset, ModelType } from '../../../../core/recommend/model.ts';
import { markov } from '../../../../core/recommend/models/markov.ts';
import { seriesData } from '../../recommend/series.ts';

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'coursebell-tune-'));
});
afterAll(() => fs.rm(folder, { recursive: true }));

let ticks = 0;
const options: TuneOptions = { seed: 4, trials: 9, cut: 'last', clock: 'last', stopwatch: () => (ticks += 1000) };

const inMemory = (before: readonly Entry[] = []): Journal & { entries: Entry[] } => {
  const entries = [...before];
  return { before, entries, append: (entry) => Promise.resolve(void entries.push(entry)) };
};

const config = z.strictObject({ good: z.number().min(0).max(1).default(0) });

/**
 * Scores by a noise that depends on the whole history and on `good`; where that matters, the course that
 * follows in the series comes first with probability `good`.
 */
function toy(matters: boolean, seen: Dataset[] = []): ModelType<typeof config> {
  return {
    name: 'toy',
    config,
    serves: { coldLearner: false, coldCourse: false, freshHistory: true },
    fit(dataset, { good }) {
      seen.push(dataset);
      return {
        name: 'toy',
        score(history) {
          const random = createRandom(
            Math.floor(2 ** 32 * hashUnit(1, `${good} ${history.items.join()} ${history.times.join()}`)),
          );
          const follows = matters && random.next() < good ? (history.items.at(-1) ?? 0) + 1 : -1;
          return Float32Array.from(dataset.courses, (_, item) => (item === follows ? 2 : random.next()));
        },
        save: () => ({ json: {}, arrays: {} }),
      };
    },
    load: () => {
      throw new Error('not stored');
    },
  };
}

const data = seriesData({ learners: 2600 });

describe('tune', () => {
  it('finds what is better, confirms it on questions of its own, and recommends it', async () => {
    const tuned = await tune(toy(true), data, options, inMemory(), silent);
    expect(tuned.rungs).toEqual([1 / 3, 1]);
    // The defaults, three brackets of three, each with one that is fitted on all.
    expect(tuned.trials).toHaveLength(1 + 9 + 3);
    expect(tuned.config['good']).toBeGreaterThan(0.5);
    expect(tuned.best!.gain.low).toBeGreaterThan(0);
    expect(tuned.why).toContain('beyond noise');
    // Every bracket goes on with its best.
    for (const first of [1, 4, 7]) {
      const bracket = tuned.trials.filter(({ trial }) => trial >= first && trial < first + 3);
      const best = bracket.filter(({ share }) => share < 1).sort((a, b) => b.ndcg! - a.ndcg!)[0]!;
      expect(bracket.find(({ share }) => share === 1)!.trial).toBe(best.trial);
    }
  });

  it('recommends the defaults where settings change nothing but noise', async () => {
    const small = seriesData({ learners: 300 });
    let fooled = 0;
    for (let seed = 0; seed < 10; seed++) {
      const tuned = await tune(toy(false), small, { ...options, trials: 40, seed }, inMemory(), silent);
      if (Object.keys(tuned.config).length > 0) fooled++;
      else expect(tuned.why).toMatch(/^The defaults/);
    }
    // By its 95 % interval the search is fooled once in forty times; by the questions that chose, three times in these ten.
    expect(fooled).toBeLessThanOrEqual(1);
  });

  it('ends after a kill as it would have without one', async () => {
    const whole = inMemory();
    const uninterrupted = await tune(toy(true), data, options, whole, silent);
    for (const fits of [1, 5, 11]) {
      const rest = inMemory(whole.entries.slice(0, fits));
      const resumed = await tune(toy(true), data, options, rest, silent);
      const timeless = ({ trials, ...tuned }: typeof resumed) => ({
        ...tuned,
        trials: trials.map((entry) => ({ ...entry, seconds: 0 })),
      });
      expect(timeless(resumed)).toEqual(timeless(uninterrupted));
      expect(rest.entries).toHaveLength(whole.entries.length);
    }
  });

  it('shows a fit no course that it asks for', async () => {
    const seen: Dataset[] = [];
    await tune(toy(true, seen), data, { ...options, trials: 3 }, inMemory(), silent);
    const lastOf = (dataset: Dataset, learner: number) =>
      dataset.starts[learner + 1]! > dataset.starts[learner]! ? dataset.items[dataset.starts[learner + 1]! - 1] : -1;
    for (const fitted of seen) {
      data.learners.forEach((_, learner) => {
        const length = data.starts[learner + 1]! - data.starts[learner]!;
        if (length >= 2) expect(lastOf(fitted, learner)).not.toBe(lastOf(data, learner));
      });
    }
  });

  it('stops when its time is over, and goes on when it gets more', async () => {
    const journal = inMemory();
    // Each fit takes one second by the stopwatch: three of them.
    const short = await tune(toy(true), data, { ...options, minutes: 3 / 60 }, journal, silent);
    expect(short.trials).toHaveLength(3);
    expect(short).toMatchObject({ cutShort: true, config: {}, best: null });
    const longer = await tune(toy(true), data, { ...options, minutes: 60 }, inMemory(journal.entries), silent);
    expect(longer.cutShort).toBe(false);
    expect(longer.config['good']).toBeGreaterThan(0.5);
  });

  it('goes on past settings that can not be fitted', async () => {
    const model = toy(true);
    const brittle: ModelType<typeof config> = {
      ...model,
      fit(dataset, settings, progress) {
        if (settings.good > 0.5) throw new Error('too good');
        return model.fit(dataset, settings, progress);
      },
    };
    const tuned = await tune(brittle, data, options, inMemory(), silent);
    expect(tuned.trials.some(({ fault }) => fault?.includes('too good'))).toBe(true);
    expect(tuned.config['good']).toBeLessThanOrEqual(0.5);
  });

  it('refuses what it can not search', async () => {
    const still = { ...toy(true), config: z.strictObject({}) } as unknown as ModelType;
    await expect(tune(still, data, options, inMemory(), silent)).rejects.toThrow(SearchError);
    await expect(tune(toy(true), seriesData({ learners: 20 }), options, inMemory(), silent)).rejects.toThrow(
      /held out/,
    );
    const undated = seriesData({ learners: 200, dated: false });
    await expect(tune(toy(true), undated, { ...options, cut: 'time' }, inMemory(), silent)).rejects.toThrow(/time/);
  });

  it.each(['last', 'time', 'random'] as const)('searches a real model by the cut %s', async (cut) => {
    const tuned = await tune(markov, seriesData({ learners: 600 }), { ...options, trials: 2, cut }, inMemory(), silent);
    expect(tuned.defaults.ndcg).toBeGreaterThan(0.2);
    expect(tuned.cut).toBe(cut);
  });
});

describe('the journal', () => {
  const of = searchOf(toy(true), data, options);
  const entry = (trial: number): Entry => ({ trial, share: 1, settings: {}, ndcg: 0.5, questions: 3, seconds: 1 });

  it('keeps what was tried, and drops a line that a kill cut off', async () => {
    const file = path.join(folder, 'deep', 'a.jsonl');
    const journal = await openJournal(file, of);
    expect(journal.before).toEqual([]);
    await journal.append(entry(0));
    await journal.append(entry(1));
    await fs.appendFile(file, '{"trial":2,"sha');
    const again = await openJournal(file, of);
    expect(again.before).toEqual([entry(0), entry(1)]);
    await again.append(entry(2));
    expect((await openJournal(file, of)).before).toHaveLength(3);
  });

  it('is refused for other data, another seed, another model', async () => {
    const file = path.join(folder, 'b.jsonl');
    const journal = await openJournal(file, of);
    await expect(fs.access(file)).rejects.toThrow(/ENOENT/);
    await journal.append(entry(0));
    const other = filterDataset(data, (learner) => learner > 0);
    await expect(openJournal(file, searchOf(toy(true), other, options))).rejects.toThrow(/other data\./);
    await expect(openJournal(file, searchOf(toy(true), data, { ...options, seed: 5 }))).rejects.toThrow(/other seed\./);
    await expect(openJournal(file, searchOf(markov, data, options))).rejects.toThrow(JournalError);
    await fs.writeFile(file, 'a,b\n1,2\n');
    await expect(openJournal(file, of)).rejects.toThrow(/no journal/);
  });
});
