import { beforeAll, describe, expect, test } from 'vitest';
import {
  featureAt,
  featureNames,
  featuresAt,
  type Feature,
} from '../../../../core/insight/behaviour-model/features.ts';
import { loadBehaviourModel } from '../../../../core/insight/behaviour-model/model.ts';
import { strongest } from '../../../../core/insight/behaviour-model/reasons.ts';
import { drawSamples, momentsOf, windowsOf } from '../../../../core/insight/behaviour-model/samples.ts';
import { happened, horizonDays, isForetold, targets } from '../../../../core/insight/behaviour-model/targets.ts';
import { trainOn, type Trained } from '../../../../core/insight/behaviour-model/train.ts';
import { silent } from '../../../../core/numerics/progress.ts';
import { pack, unpack } from '../../../../core/recommend/pack.ts';
import { community, DAY, deed, past, START } from './world.ts';

const at = (days: number) => START + days * DAY;

describe('what is foretold', () => {
  test('return and lapse begin when the sitting is over, and end with their window', () => {
    const visits = (...days: number[]) => past([deed(0), ...days.map((day) => deed(day))]);
    expect(happened('return', visits(0.4), at(0))).toBe(false);
    expect(happened('return', visits(0.5), at(0))).toBe(false);
    expect(happened('return', visits(0.51), at(0))).toBe(true);
    expect(happened('return', visits(7), at(0))).toBe(true);
    expect(happened('return', visits(7.001), at(0))).toBe(false);
    expect(happened('lapse', visits(0.4, 30.001), at(0))).toBe(true);
    expect(happened('lapse', visits(30), at(0))).toBe(false);
    // What is done to a learner is no return.
    expect(happened('return', past([deed(0), deed(2, 'impression'), deed(3, 'silent')]), at(0))).toBe(false);
  });

  test('a purchase within 14 days; a completion of what was not completed before', () => {
    expect(happened('buy', past([deed(0, 'purchase')]), at(0))).toBe(false);
    expect(happened('buy', past([deed(14, 'purchase')]), at(0))).toBe(true);
    expect(happened('buy', past([deed(14.001, 'purchase')]), at(0))).toBe(false);
    const done = (day: number, value = 1) => deed(day, 'progress', { value });
    expect(happened('complete', past([done(3)]), at(0))).toBe(true);
    expect(happened('complete', past([done(3, 0.9)]), at(0))).toBe(false);
    expect(happened('complete', past([done(-1), deed(3, 'complete')]), at(0))).toBe(false);
  });

  test('of who did something within 90 days, and of nobody else', () => {
    expect(isForetold(past([]), at(0))).toBe(false);
    expect(isForetold(past([deed(5)]), at(0))).toBe(false);
    expect(isForetold(past([deed(0)]), at(89.9))).toBe(true);
    expect(isForetold(past([deed(0), deed(50, 'impression')]), at(90))).toBe(false);
  });
});

describe('features', () => {
  const before = [
    deed(0, 'register', { courseId: null }),
    deed(1, 'view', { channel: 'telegram', list: 'search' }),
    deed(1.01, 'purchase', { courseId: 'a' }),
    deed(9, 'progress', { courseId: 'a', value: 0.4, message: true }),
  ];
  const read = (row: Float32Array, feature: Feature) => row[featureAt[feature]]!;

  test('read nothing that comes after the moment, of the learner or of who invited them', () => {
    const inviter = past([deed(2)]);
    const later = [deed(12, 'complete', { courseId: 'a' }), deed(13, 'purchase'), deed(14, 'mute')];
    const known = featuresAt(past(before, { inviter, invitedAt: at(0) }), at(10), 'UTC');
    const other = past([...before, ...later], { inviter: past([deed(2), deed(11)]), invitedAt: at(0) });
    expect(featuresAt(other, at(10), 'UTC')).toEqual(known);
    expect(featuresAt(other, at(14), 'UTC')).not.toEqual(known);
    expect(read(featuresAt(past(before, { inviter, invitedAt: at(11) }), at(10), 'UTC'), 'invited')).toBe(0);
    expect(read(known, 'invited') + read(known, 'inviter.active')).toBe(2);
  });

  test('hold recency, frequency, courses and the current action', () => {
    const row = featuresAt(past(before), at(10), 'UTC');
    expect(read(row, 'idle')).toBeCloseTo(Math.log1p(1), 6);
    expect(read(row, 'age')).toBeCloseTo(Math.log1p(10), 6);
    expect(read(row, 'sittings')).toBeCloseTo(Math.log1p(3), 6);
    expect(read(row, 'gap')).toBeCloseTo(Math.log1p(4.5), 6);
    expect(read(row, 'open')).toBeCloseTo(Math.log1p(1), 6);
    expect(read(row, 'furthest')).toBeCloseTo(0.4, 6);
    expect(read(row, 'purchases')).toBeCloseTo(Math.log1p(1), 6);
    expect(read(row, 'messages.answered')).toBeCloseTo(Math.log1p(1), 6);
    expect([read(row, 'act.progress'), read(row, 'act.view'), read(row, 'channel.web')]).toEqual([1, 0, 1]);
    const day = featuresAt(past(before), at(1), 'UTC');
    expect([read(day, 'channel.telegram'), read(day, 'list.search'), read(day, 'act.view')]).toEqual([1, 1, 1]);
  });

  test('the hour is the learner’s own', () => {
    // Midnight in UTC is eight in the morning in Shanghai.
    const shanghai = featuresAt(past([deed(0)], { timeZone: 'Asia/Shanghai' }), at(0), 'UTC');
    expect([read(shanghai, 'morning'), read(shanghai, 'evening')]).toEqual([1, 0]);
    expect(read(featuresAt(past([deed(0)]), at(0), 'America/New_York'), 'evening')).toBe(1);
  });

  test('reasons are facts, and push the way that is asked', () => {
    const row = featuresAt(past(before), at(10), 'UTC');
    const weights = (given: Partial<Record<Feature, number>>) =>
      Float64Array.from(featureNames, (name) => given[name] ?? 0);
    const pushes = weights({ idle: -1, open: 0.5, purchases: 0.7, 'views.30': 2, saved: 3 });
    // Nothing is saved, so that can be no reason however much it weighs.
    expect(strongest(row, pushes, true, 2)).toEqual([
      { fact: 'looked', count: 1 },
      { fact: 'bought', count: 1 },
    ]);
    expect(strongest(row, pushes, false, 2)).toEqual([{ fact: 'idle', days: 1 }]);
    const minutes = featuresAt(past([deed(0)]), at(0.01), 'UTC');
    expect(strongest(minutes, weights({ age: 1 }), true, 1)).toEqual([{ fact: 'age', days: 0 }]);
  });
});

describe('moments and windows', () => {
  test('one act of each sitting, and looks in between until the learner has lapsed', () => {
    const visits = past([deed(0), deed(0.1), deed(0.2), deed(20)]);
    const moments = momentsOf(visits, at(300), 1);
    expect(moments.filter((time) => time < at(0.5))).toHaveLength(1);
    expect([at(0), at(0.1), at(0.2)]).toContain(moments[0]);
    expect(moments).toContain(at(20));
    expect(Math.max(...moments)).toBeLessThan(at(110));
    expect(Math.max(...moments)).toBeGreaterThan(at(100));
    expect(momentsOf(visits, at(300), 1)).toEqual(moments);
  });

  test('each window begins when the labels of the one before are known', () => {
    const samples = drawSamples(community(60, 200, 2), { end: at(200), seed: 1, defaultZone: 'UTC' }, silent);
    for (const target of targets) {
      const horizon = horizonDays[target] * DAY;
      const { train, validation, test } = windowsOf(samples.times, at(200), horizon);
      expect(train.from).toBe(0);
      expect(samples.times[train.to - 1]! + horizon).toBeLessThanOrEqual(samples.times[validation.from]!);
      expect(samples.times[validation.to - 1]! + horizon).toBeLessThanOrEqual(samples.times[test.from]!);
      expect(samples.times[test.to - 1]! + horizon).toBeLessThanOrEqual(at(200));
    }
  });
});

describe('the model', () => {
  const pasts = community(250, 240, 4);
  let trained: Trained;
  beforeAll(() => {
    trained = trainOn(pasts, { seed: 1, defaultZone: 'UTC' }, silent);
  });
  const now = at(239);

  test('finds what recency and frequency do not show, and is calibrated', () => {
    const result = trained.results.return;
    if (!result.trained) throw new Error(result.why);
    const { test: measured, interval, tried, chosen, telling } = result.metrics;
    expect(measured.model.auc).toBeGreaterThan(measured.recencyFrequency.auc + 0.05);
    expect(interval.aucGain[0]).toBeGreaterThan(0);
    expect(measured.model.logLoss).toBeLessThan(measured.baseRate.logLoss);
    expect(measured.model.ece).toBeLessThan(0.08);
    expect(measured.baseRate.auc).toBe(0.5);
    expect(telling).toBe(true);
    const least = Math.min(...tried.map(({ logLoss }) => logLoss));
    expect(tried.find(({ logLoss }) => logLoss === least)).toMatchObject(chosen);
  });

  test('saves and loads to equal forecasts, without any learner in it', () => {
    const packed = pack(trained.model!.save());
    const loaded = loadBehaviourModel(unpack(packed))!;
    const asked = pasts.filter((one) => isForetold(one, now)).slice(0, 20);
    for (const one of asked) {
      const forecast = trained.model!.forecast(one, now)!;
      expect(loaded.forecast(one, now)).toEqual(forecast);
      expect(loaded.explain('return', one, now)).toEqual(trained.model!.explain('return', one, now));
      expect(loaded.explain('return', one, now)!.probability).toBe(forecast.return);
      for (const probability of Object.values(forecast)) {
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
      }
    }
    expect(packed.includes('learner-')).toBe(false);
    expect(JSON.stringify(trained.results)).not.toContain('learner-');
    expect(loadBehaviourModel({ model: { json: { format: 0 }, arrays: {} } })).toBeUndefined();
  });

  test('repeats with its seed', () => {
    const some = community(60, 240, 4);
    const once = trainOn(some, { seed: 7, defaultZone: 'UTC' }, silent);
    const again = trainOn(some, { seed: 7, defaultZone: 'UTC' }, silent);
    expect(pack(again.model!.save()).equals(pack(once.model!.save()))).toBe(true);
  });

  test('learns nothing from too little, and says why', () => {
    const { model, results, data } = trainOn(community(4, 100, 1), { seed: 1, defaultZone: 'UTC' }, silent);
    expect(model).toBeUndefined();
    expect(data.learners).toBeLessThanOrEqual(4);
    for (const target of targets) expect(results[target]).toMatchObject({ trained: false, why: 'few-moments' });
    expect(trainOn([], { seed: 1, defaultZone: 'UTC' }, silent).model).toBeUndefined();
  });
});
