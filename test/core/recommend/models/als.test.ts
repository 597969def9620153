import { expect, it } from 'vitest';
import { als, chooseAls } from '../../../../core/recommend/models/als.ts';
import { seriesData } from '../series.ts';

const small = { factors: 16, iterations: 4 };

it('keeps the courses and nobody', async () => {
  const data = seriesData({ learners: 300 });
  const { arrays } = (await als.fit(data, als.config.parse(small))).save();
  expect(Object.keys(arrays)).toEqual(['vectors']);
  expect(arrays['vectors']).toHaveLength(data.courses.length * 16);
});

it('lets order count where it means something', async () => {
  const of = async (shuffled: boolean) =>
    (await chooseAls(seriesData({ learners: 400, shuffled }), als.config.parse(small))).step;
  expect(await of(false)).toBeLessThan(await of(true));
});

it('keeps what it is told', async () => {
  const told = als.config.parse({ ...small, penalty: 3, confidence: 7, step: 0.2 });
  expect(await chooseAls(seriesData(), told)).toEqual({ penalty: 3, confidence: 7, step: 0.2 });
});

it('ends with what it has when the time is used up', async () => {
  const seen: number[] = [];
  const told = als.config.parse({
    ...small,
    iterations: 500,
    penalty: 3,
    confidence: 7,
    step: 0.2,
    budgetSeconds: 1e-9,
  });
  await als.fit(seriesData(), told, (_, share) => seen.push(share));
  expect(seen).toHaveLength(1);
});
