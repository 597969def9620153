import { describe, expect, it } from 'vitest';
import type { EventTypeName } from '../../../core/behaviour/event-types.ts';
import { foldEvent } from '../../../core/interest/state.ts';
import { divergence, listMix, topicMix } from '../../../core/recommend/calibration.ts';
import { historyOf } from '../../../core/recommend/dataset.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import { impressionEvents, UNTRAINED, type Request, type Slate } from '../../../core/recommend/recommender.ts';
import {
  behaviour,
  catalogue,
  course,
  DAY,
  event,
  eventsOfOne,
  now,
  recommenderOf,
  stateAfter,
  topics,
} from './community.ts';

const courses = catalogue();
const events = behaviour(courses);
const trained = await recommenderOf(courses, events);
const exploring = await recommenderOf(courses, events, { explore: 0.3 });
const byId = new Map(courses.map((each) => [each.id, each]));

const ask = (fields: Partial<Request> = {}): Request => ({
  count: 5,
  now,
  list: 'recommend',
  random: createRandom(1),
  ...fields,
});
const ids = (slate: Slate) => slate.items.map(({ courseId }) => courseId);
const ago = (days: number) => new Date(now.getTime() - days * DAY);

describe('a slate', () => {
  it('holds the courses in order, each with what the log needs', () => {
    const slate = exploring.recommend(ask({ learnerId: 'l', state: stateAfter([event('l', 'view', 'python-0')]) }));
    expect(slate).toMatchObject({ list: 'recommend', modelVersion: trained.version });
    expect(slate.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(slate.items.map(({ position }) => position)).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(ids(slate)).size).toBe(5);
    for (const { propensity, score } of slate.items) {
      expect(propensity).toBeGreaterThan(0);
      expect(propensity).toBeLessThanOrEqual(1);
      expect(score).toBeGreaterThanOrEqual(0);
    }
  });

  it('is the same for the same request and seed, and has an id of its own for each drawing', () => {
    const random = createRandom(9);
    expect(exploring.recommend(ask())).toEqual(exploring.recommend(ask()));
    expect(exploring.recommend(ask({ random })).id).not.toBe(exploring.recommend(ask({ random })).id);
  });

  it('becomes one impression a course, the same ones however often it is logged', () => {
    const slate = trained.recommend(ask());
    const logged = impressionEvents(slate, 'learner', 'web', now, { campaign: 'c' });
    expect(logged).toEqual(impressionEvents(slate, 'learner', 'web', now, { campaign: 'c' }));
    expect(new Set(logged.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(5);
    expect(logged[2]).toMatchObject({
      type: 'impression',
      courseId: slate.items[2]!.courseId,
      circumstances: { slate: slate.id, position: 2, list: 'recommend', campaign: 'c', propensity: 1 },
    });
  });
});

describe('before anything is known', () => {
  it('an empty catalogue gives an empty slate', async () => {
    for (const state of [undefined, stateAfter([event('l', 'view', 'gone')], ['Python'])]) {
      const slate = (await recommenderOf([], undefined)).recommend(ask(state ? { state } : {}));
      expect(slate).toMatchObject({ items: [], modelVersion: UNTRAINED });
    }
    expect((await recommenderOf([], undefined)).similar('gone', ask()).items).toEqual([]);
  });

  it('an untrained recommender shows the newest, the declared topics first, and goes by content after an action', async () => {
    const untrained = await recommenderOf(courses, undefined, { diversity: 0 });
    const newest = byId.get(ids(untrained.recommend(ask()))[0]!)!;
    expect(newest.publishedAt).toEqual(ago(390));
    const declared = untrained.recommend(ask({ state: stateAfter([], ['excel']) }));
    expect(ids(declared).every((id) => byId.get(id)!.topics.includes('Excel'))).toBe(true);
    expect(declared.items[0]!.reason).toMatchObject({ key: 'reason.declared' });
    const acted = untrained.recommend(ask({ state: stateAfter([event('l', 'save', 'design-1')]) }));
    expect(byId.get(ids(acted)[0]!)!.topics).toEqual(['Design']);
    expect(acted.items[0]!.reason).toMatchObject({ key: 'reason.saved' });
  });

  it('a newcomer to a trained recommender gets their declared topics first, then the rest', () => {
    const slate = trained.recommend(ask({ state: stateAfter([], ['Writing']), count: 10 }));
    const inTopic = ids(slate).map((id) => byId.get(id)!.topics.includes('Writing'));
    expect(inTopic).toEqual(inTopic.toSorted((a, b) => Number(b) - Number(a)));
    expect(inTopic[0]).toBe(true);
  });
});

describe('a request without a person', () => {
  it('gets what many took, of the topics asked for', () => {
    const slate = trained.recommend(ask({ topics: ['excel'] }));
    expect(ids(slate).every((id) => byId.get(id)!.topics.includes('Excel'))).toBe(true);
    expect(['trending', 'popular']).toContain(slate.items[0]!.source);
    expect(trained.recommend(ask({ topics: ['Astronomy'] })).items).toEqual([]);
  });

  it('prefers the language and the level, and leaves out what is two levels off', () => {
    const english = ids(trained.recommend(ask({ language: 'en', topics: ['Python'] })));
    const share = english.filter((id) => byId.get(id)!.language === 'en').length / english.length;
    expect(share).toBeGreaterThan(0.5);
    const beginner = trained.recommend(ask({ level: 'beginner', count: 50 }));
    expect(ids(beginner).some((id) => byId.get(id)!.level === 'advanced')).toBe(false);
    expect(ids(beginner).some((id) => byId.get(id)!.level === 'intermediate')).toBe(true);
  });
});

describe('rules', () => {
  it('owned, given back, completed, rated, dismissed and archived courses never come back', () => {
    const random = createRandom(11);
    for (let i = 0; i < 300; i++) {
      const own = eventsOfOne('l', courses, 60, random);
      const slate = exploring.recommend(ask({ state: stateAfter(own), count: 60, random }));
      const never = new Set(
        own
          .filter(({ type }) => ['purchase', 'refund', 'complete', 'progress', 'rate'].includes(type))
          .map(({ courseId }) => courseId!),
      );
      const last = (id: string, type: EventTypeName) =>
        Math.max(...own.filter((each) => each.courseId === id && each.type === type).map((each) => +each.occurredAt));
      for (const { courseId: id, type } of own)
        if (type === 'dismiss' && last(id!, 'dismiss') >= last(id!, 'save')) never.add(id!);
      for (const id of ids(slate)) {
        expect(never.has(id)).toBe(false);
        expect(byId.get(id)!.archived).toBe(false);
      }
      const similar = exploring.similar(courses[i % courses.length]!.id, {
        ...ask({ count: 60 }),
        state: stateAfter(own),
      });
      for (const id of ids(similar)) expect(never.has(id) || byId.get(id)!.archived).toBe(false);
    }
  });

  it('courses that were excluded do not come', () => {
    const first = ids(trained.recommend(ask()));
    expect(ids(trained.recommend(ask({ exclude: first }))).some((id) => first.includes(id))).toBe(false);
  });

  it('what the learner looked at comes after all that is new, and still comes when nothing else is left', async () => {
    const few = courses.slice(0, 4);
    const state = stateAfter(few.slice(0, 3).map(({ id }) => event('l', 'view', id)));
    const found = ids((await recommenderOf(few, undefined)).recommend(ask({ state })));
    expect(found[0]).toBe(few[3]!.id);
    expect(found.toSorted()).toEqual(few.map(({ id }) => id));
  });

  it('recently shown courses come back less, and recover', () => {
    const state = () => stateAfter([event('l', 'view', 'python-0', ago(1))]);
    const before = trained.recommend(ask({ state: state(), count: 60 })).items;
    const top = before[0]!;
    const after = (days: number, times: number) => {
      const shown = state();
      for (let i = 0; i < times; i++) foldEvent(shown, event('l', 'impression', top.courseId, ago(days)));
      const items = trained.recommend(ask({ state: shown, count: 60 })).items;
      const { score } = items.find(({ courseId }) => courseId === top.courseId)!;
      return {
        left: score / top.score,
        better: items.filter((item) => item.score > score).map(({ courseId }) => courseId),
      };
    };
    expect(after(0, 4).left).toBeCloseTo(1 / 3, 5);
    expect(after(0, 4).better.length).toBeGreaterThan(4);
    const recovered = after(60, 4);
    expect(recovered.left).toBeCloseTo(1 / (1 + 0.5 * 4 * 2 ** (-60 / 7)), 5);
    // Only what was as good as equal to it may still be better.
    const close = before.filter(({ score }) => score > 0.99 * top.score).map(({ courseId }) => courseId);
    expect(recovered.better.filter((id) => !close.includes(id))).toEqual([]);
  });
});

describe('the newest action', () => {
  it('changes the next slate without training', () => {
    for (const topic of ['excel', 'design', 'marketing']) {
      const state = stateAfter([event('l', 'view', 'python-0', ago(3)), event('l', 'view', 'python-1', ago(2))]);
      const before = trained.recommend(ask({ state }));
      foldEvent(state, event('l', 'save', `${topic}-1`, ago(0)));
      const after = trained.recommend(ask({ state }));
      expect(ids(after)).not.toEqual(ids(before));
      const about = (slate: Slate) => ids(slate).filter((id) => id.startsWith(topic)).length;
      expect(about(after)).toBeGreaterThan(about(before));
    }
  });
});

describe('courses newer than the training', () => {
  const fresh = course('excel-new', {
    title: 'Excel pivot charts',
    description: 'excel charts pivot formulas spreadsheet',
    topics: ['Excel'],
    publishedAt: now,
  });

  const foreign = course('design-new', {
    title: 'Figma layout',
    description: 'design typography figma',
    topics: ['Design'],
    publishedAt: now,
  });

  it('are placed by content at once, and are no reason to fail', async () => {
    const recommender = await recommenderOf([...courses, fresh, foreign], events, { diversity: 0 }, courses);
    const state = stateAfter([
      event('l', 'purchase', 'excel-1', ago(1), 100),
      event('l', 'purchase', 'excel-2', ago(0), 100),
    ]);
    const places = ids(recommender.recommend(ask({ state, count: 70 })));
    expect(places.indexOf('excel-new')).toBeGreaterThanOrEqual(0);
    expect(places.indexOf('excel-new')).toBeLessThan(20);
    expect(places.indexOf('design-new')).toBeGreaterThan(places.indexOf('excel-new'));
    const only = stateAfter([event('l', 'save', 'excel-new')]);
    expect(byId.get(ids(recommender.recommend(ask({ state: only })))[0]!)!.topics).toEqual(['Excel']);
    expect(recommender.similar('excel-new', ask()).items[0]!.source).toBe('content');
  });

  it('courses that are gone from the catalogue are not recommended', async () => {
    const left = courses.filter(({ id }) => id !== 'python-0');
    const recommender = await recommenderOf(left, events, {}, courses);
    const state = stateAfter([event('l', 'purchase', 'python-0', ago(1), 100)]);
    const slate = recommender.recommend(ask({ state, count: 100 }));
    expect(ids(slate)).not.toContain('python-0');
    expect(JSON.stringify(slate)).not.toContain('Python 0');
  });
});

const share = 0.25;
const quarter = await recommenderOf(courses.slice(0, 30), undefined, { explore: share });

describe('exploration', () => {
  it('logs the probability with which each course really stands in each position', () => {
    const state = stateAfter([event('l', 'view', 'python-0', ago(1)), event('l', 'save', 'excel-3', ago(0))]);
    const draws = 20_000;
    const seen = new Map<string, { count: number; propensity: number }>();
    const random = createRandom(4);
    let explored = 0;
    for (let i = 0; i < draws; i++) {
      for (const { courseId, position, propensity, source } of quarter.recommend(ask({ state, random, count: 3 }))
        .items) {
        const key = `${position} ${courseId}`;
        const known = seen.get(key);
        if (known) {
          known.count++;
          expect(known.propensity).toBe(propensity);
        } else seen.set(key, { count: 1, propensity });
        if (source === 'explore') explored++;
      }
    }
    expect(explored / draws / 3).toBeCloseTo(share, 2);
    for (const { count, propensity } of seen.values()) {
      const deviation = Math.sqrt((propensity * (1 - propensity)) / draws);
      expect(Math.abs(count / draws - propensity)).toBeLessThan(4.5 * deviation);
    }
    for (const position of [0, 1, 2]) {
      const total = [...seen]
        .filter(([key]) => key.startsWith(`${position} `))
        .reduce((sum, [, { propensity }]) => sum + propensity, 0);
      expect(total).toBeCloseTo(1, 6);
    }
  }, 120_000);

  it('can be left out, and then everything is certain', () => {
    const slate = quarter.recommend(ask({ explore: false }));
    expect(slate.items.every(({ propensity, source }) => propensity === 1 && source !== 'explore')).toBe(true);
  });
});

describe('diversity', () => {
  it('brings more topics into a slate', async () => {
    const varied = await recommenderOf(courses, events, { diversity: 0.7 });
    const plain = await recommenderOf(courses, events, { diversity: 0 });
    const random = createRandom(3);
    const spread = { varied: 0, plain: 0 };
    for (let i = 0; i < 40; i++) {
      const state = stateAfter(eventsOfOne('l', courses, 60, random));
      const count = (slate: Slate) => new Set(ids(slate).map((id) => byId.get(id)!.topics[0])).size;
      spread.varied += count(varied.recommend(ask({ state })));
      spread.plain += count(plain.recommend(ask({ state })));
    }
    expect(spread.varied).toBeGreaterThan(spread.plain);
    expect(topics).toHaveLength(5);
  });
});

describe('what fits a learner', () => {
  it('decides among equals, and can be switched off', async () => {
    const pair = [
      course('a', { priceMinor: 90_000, currency: 'CNY', level: 'beginner' }),
      course('b', { priceMinor: 5000, currency: 'CNY', level: 'beginner' }),
      course('owned', { priceMinor: 5000, currency: 'CNY', level: 'beginner' }),
    ];
    const state = stateAfter([event('l', 'purchase', 'owned', ago(1), 5000)]);
    const first = async (fit: boolean) =>
      ids((await recommenderOf(pair, undefined, { diversity: 0, fit })).recommend(ask({ state })))[0];
    expect(await first(true)).toBe('b');
    expect(await first(false)).toBe('a');
  });

  it('has the topics of the learner when it is calibrated', async () => {
    const [plain, calibrated] = await Promise.all(
      [0, 0.5].map((calibration) => recommenderOf(courses, events, { diversity: 0, calibration })),
    );
    const random = createRandom(3);
    const away = { plain: 0, calibrated: 0 };
    for (let i = 0; i < 40; i++) {
      const state = stateAfter(eventsOfOne('l', courses, 60, random));
      const topicsOf = (item: number) => courses[item]!.topics;
      const index = new Map(courses.map(({ id }, item) => [id, item]));
      const own = topicMix(historyOf(state, index), topicsOf);
      const of = (slate: Slate) =>
        divergence(
          own,
          listMix(
            ids(slate).map((id) => index.get(id)!),
            topicsOf,
          ),
        );
      away.plain += of(plain!.recommend(ask({ state })));
      away.calibrated += of(calibrated!.recommend(ask({ state })));
    }
    expect(away.calibrated).toBeLessThan(away.plain / 1.3);
  });
});

describe('similar courses', () => {
  it('are of the same kind, without the course itself, with what they have to do with it', () => {
    const slate = trained.similar('excel-1', ask({ count: 4 }));
    expect(slate.list).toBe('similar');
    expect(ids(slate)).not.toContain('excel-1');
    expect(ids(slate).filter((id) => byId.get(id)!.topics.includes('Excel')).length).toBeGreaterThanOrEqual(3);
    for (const { reason } of slate.items) expect(JSON.stringify(reason)).toContain('reason.similar-');
  });

  it('of an unknown course are none', () => {
    expect(trained.similar('nowhere', ask()).items).toEqual([]);
  });
});
