import { expect, it } from 'vitest';
import { createRandom } from '../../../../core/numerics/random.ts';
import { buildDataset } from '../../../../core/recommend/dataset.ts';
import { gapBucket, GAPS, sequencesOf } from '../../../../core/recommend/deep/sequences.ts';
import { facts } from '../series.ts';

const courses = ['a', 'b', 'c', 'd', 'e'].map((id) => facts(id));
const data = (rows: Record<string, string>) =>
  buildDataset(
    Object.entries(rows).flatMap(([learner, taken]) =>
      Array.from(taken, (course, at) => ({ learner, course, time: 1000 + 100 * at, weight: 1, rating: NaN })),
    ),
    courses,
  );
const of = Int32Array.from(courses, (_, course) => course);
const settings = { of, length: 3, batch: 100, shuffled: false };

it('asks for every course once an epoch, the first from the beginning, the others from those before', () => {
  const [batch, ...more] = sequencesOf(data({ x: 'abc' }), settings).epoch(createRandom(1));
  expect(more).toEqual([]);
  expect(batch).toMatchObject({ count: 1, length: 3 });
  expect([...batch!.inputs]).toEqual([0, 1, 2]);
  expect([...batch!.places]).toEqual([0, 1, 2]);
  expect([...batch!.labels]).toEqual([0, 1, 2]);
});

it('cuts long histories into windows that go on from the course before', () => {
  const batches = sequencesOf(data({ x: 'abcde' }), settings).epoch(createRandom(1));
  const rows = batches.flatMap(({ count, length, inputs }) =>
    Array.from({ length: count }, (_, row) => [...inputs.subarray(row * length, (row + 1) * length)]),
  );
  expect(rows.sort((a, b) => a[0]! - b[0]!)).toEqual([
    [0, 1, 0],
    [2, 3, 4],
  ]);
  expect(batches.flatMap(({ labels }) => [...labels]).sort()).toEqual([0, 1, 2, 3, 4]);
});

it('tells the time between two courses, but none where the one before is not looked at', () => {
  const [batch] = sequencesOf(data({ x: 'abc' }), settings).epoch(createRandom(1));
  expect([...batch!.gaps]).toEqual([0, 0, gapBucket(100)]);
  expect([...sequencesOf(data({ x: 'abc' }), { ...settings, shuffled: true }).epoch(createRandom(1))[0]!.gaps]).toEqual(
    [0, 0, 0],
  );
});

it('puts gaps on a scale of logarithms', () => {
  expect(gapBucket(NaN)).toBe(0);
  expect(gapBucket(-5)).toBe(0);
  expect(gapBucket(0)).toBe(1);
  const buckets = [30, 3600, 86_400, 30 * 86_400, 365 * 86_400].map(gapBucket);
  expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b));
  expect(gapBucket(1e12)).toBe(GAPS - 1);
});

it('deals about as many courses into each batch, and the same ones by the same seed', () => {
  const random = createRandom(7);
  const rows = Object.fromEntries(
    Array.from({ length: 300 }, (_, i) => [
      `l${i}`,
      random
        .shuffle(Array.from('abcde'))
        .slice(0, 1 + random.int(5))
        .join(''),
    ]),
  );
  const dataset = data(rows);
  const sequences = sequencesOf(dataset, { ...settings, batch: 50 });
  const batches = sequences.epoch(createRandom(3));
  expect(batches.reduce((sum, { labels }) => sum + labels.length, 0)).toBe(dataset.items.length);
  for (const { labels } of batches) expect(labels.length).toBeLessThanOrEqual(60);
  expect(batches.length).toBeLessThan(dataset.items.length / 40);
  expect(sequencesOf(dataset, { ...settings, batch: 50 }).epoch(createRandom(3))).toEqual(batches);
  expect(sequences.epoch(createRandom(4))).not.toEqual(batches);
});

it('shuffles the courses of each learner among themselves where order means nothing', () => {
  const dataset = data({ x: 'abcde', y: 'ab' });
  const sequences = sequencesOf(dataset, { ...settings, length: 5, shuffled: true });
  const random = createRandom(2);
  const seen = new Set<string>();
  for (let epoch = 0; epoch < 5; epoch++) {
    const [batch] = sequences.epoch(random);
    expect([...batch!.labels].sort()).toEqual([0, 0, 1, 1, 2, 3, 4]);
    seen.add([...batch!.labels].join());
  }
  expect(seen.size).toBeGreaterThan(2);
  expect([...dataset.items]).toEqual([0, 1, 2, 3, 4, 0, 1]);
});
