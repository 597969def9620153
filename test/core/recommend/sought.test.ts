import { describe, expect, it } from 'vitest';
import type { Course } from '../../../core/catalogue/course.ts';
import { foldEvent } from '../../../core/interest/state.ts';
import { createRandom } from '../../../core/numerics/random.ts';
import type { Request, Slate } from '../../../core/recommend/recommender.ts';
import { soughtCourses } from '../../../core/recommend/sought.ts';
import { behaviour, catalogue, course, DAY, event, now, recommenderOf, search, stateAfter } from './community.ts';

const courses = catalogue();
const trained = await recommenderOf(courses, behaviour(courses), { diversity: 0 });
const untrained = await recommenderOf(courses, undefined, { diversity: 0 });
const byId = new Map(courses.map((each) => [each.id, each]));
const ago = (days: number) => new Date(now.getTime() - days * DAY);
const ask = (fields: Partial<Request>): Request => ({
  count: 5,
  now,
  list: 'recommend',
  random: createRandom(1),
  ...fields,
});
const keys = (slate: Slate) => slate.items.map(({ reason }) => ('key' in reason ? reason.key : ''));
const ofTopic = (slate: Slate, topic: string) =>
  slate.items.filter(({ courseId }) => byId.get(courseId)!.topics.includes(topic)).length;
const pythonTaken = [0, 1, 2].map((n) => event('l', 'purchase', `python-${n}`, ago(9 - n), 100));

describe('a search', () => {
  it('fills the next slate of a learner without history, and says why', () => {
    for (const recommender of [trained, untrained]) {
      const slate = recommender.recommend(ask({ state: stateAfter([search('l', 'figma')]) }));
      expect(slate.items[0]).toMatchObject({
        source: 'search',
        propensity: 1,
        reason: { key: 'reason.searched', args: { query: 'figma' } },
      });
      const { title, description } = byId.get(slate.items[0]!.courseId)!;
      expect(`${title} ${description}`).toContain('figma');
    }
  });

  it('goes before topics that were declared', () => {
    const slate = trained.recommend(ask({ state: stateAfter([search('l', 'figma')], ['Python']) }));
    expect(keys(slate)[0]).toBe('reason.searched');
  });

  it('is a part of the next slate of a learner with a history, whose history speaks on', () => {
    const state = stateAfter(pythonTaken);
    const before = trained.recommend(ask({ state }));
    foldEvent(state, search('l', 'figma'));
    const after = trained.recommend(ask({ state }));
    expect(ofTopic(before, 'Design')).toBe(0);
    expect(ofTopic(after, 'Design')).toBeGreaterThan(0);
    expect(ofTopic(after, 'Python')).toBeGreaterThan(0);
    expect(keys(after)).toContain('reason.searched');
  });

  it('fades: of one a year ago nothing is left', () => {
    const without = trained.recommend(ask({ state: stateAfter(pythonTaken) }));
    const old = trained.recommend(ask({ state: stateAfter([search('l', 'figma', ago(365)), ...pythonTaken]) }));
    expect(old.items.map(({ courseId }) => courseId)).toEqual(without.items.map(({ courseId }) => courseId));
    expect(keys(old)).not.toContain('reason.searched');
  });

  it('that nothing answers changes nothing, and brings back nothing that is owned', () => {
    const plain = trained.recommend(ask({ state: stateAfter(pythonTaken) }));
    const none = trained.recommend(ask({ state: stateAfter([...pythonTaken, search('l', 'knitting')]) }));
    expect(none.items).toEqual(plain.items);
    const own = trained.recommend(ask({ count: 60, state: stateAfter([...pythonTaken, search('l', 'python 0')]) }));
    expect(own.items.map(({ courseId }) => courseId)).not.toContain('python-0');
  });
});

describe('what a search pulls', () => {
  const hit = course('a');
  const found = (days: number, history: number, score = 1) =>
    soughtCourses({ search: () => [{ course: hit, score }] }, [{ query: 'x', at: +ago(days) }], history, now).get('a');

  it('is ½ + 3/2 / (1 + n), halved in two weeks', () => {
    expect(found(0, 0)).toEqual({ query: 'x', pull: 2 });
    expect(found(0, 1)?.pull).toBe(1.25);
    expect(found(14, 0)?.pull).toBeCloseTo(1, 12);
    expect(found(28, 3, 0.8)?.pull).toBeCloseTo((0.5 + 1.5 / 4) * 0.25 * 0.8, 12);
  });

  it('is nothing for a course that merely has a word of it, and comes from the latest three searches', () => {
    expect(found(0, 0, 0.3)).toBeUndefined();
    const asked: string[] = [];
    const engine = {
      search(query: string): { course: Course; score: number }[] {
        asked.push(query);
        return [];
      },
    };
    const queries = ['d', 'D ', 'c', 'b', 'a'];
    soughtCourses(
      engine,
      queries.map((query, n) => ({ query, at: +ago(n) })),
      0,
      now,
    );
    expect(asked).toEqual(['d', 'c', 'b']);
  });
});
