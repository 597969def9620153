import { describe, expect, it } from 'vitest';
import { lastOut, preSplit, timeSplit } from '../../../core/evaluate/protocols.ts';
import { leakOf } from '../../../core/evaluate/split.ts';
import { asked, interactions, names, questionsOf, trainOf, type Row } from './splits.ts';

describe('lastOut', () => {
  it('holds out the last course of every learner with two, at its first time', () => {
    const split = lastOut(
      interactions(
        ['u', 'a', 10],
        ['u', 'b', 20],
        ['u', 'c', 30],
        ['u', 'a', 40],
        ['v', 'd', 5],
        ['w', 'e', 9],
        ['w', 'a', 2],
      ),
      'last',
    );
    expect(asked(split)).toEqual(['ab>c', 'a>e']);
    expect(names(trainOf(split))).toBe('abda');
    expect(split.tested).toBe(2);
    expect(split.learners).toBe(3);
  });

  it('sets the clock at the last training interaction, or at the tested one', () => {
    const given = interactions(['u', 'a', 10], ['u', 'b', 20], ['u', 'c', 30]);
    expect(questionsOf(lastOut(given, 'last'))[0]!.now).toBe(20);
    expect(questionsOf(lastOut(given, 'asked'))[0]!.now).toBe(30);
    expect(asked(lastOut(given, 'asked'))).toEqual(['ab>c']);
  });

  it('takes row order where times are equal or missing', () => {
    expect(asked(lastOut(interactions(['u', 'c', 7], ['u', 'a', 7]), 'last'))).toEqual(['c>a']);
    expect(asked(lastOut(interactions(['u', 'e'], ['u', 'b'], ['u', 'e']), 'last'))).toEqual(['e>b']);
  });

  it('leaves out rows of courses that are not in the catalogue, and counts them', () => {
    const given = interactions(['u', 'a', 1], ['u', 'b', 2], ['u', 'x', 3]);
    expect(given.leftOut).toBe(1);
    expect(asked(lastOut(given, 'last'))).toEqual(['a>b']);
  });

  it('weighs a pair once however often it came back', () => {
    const split = lastOut(interactions(['u', 'a', 1], ['u', 'a', 9], ['u', 'b', 3]), 'last');
    expect([...trainOf(split).weights]).toEqual([1]);
  });

  it('forgets a training rating that was given after the clock, and keeps the test rating', () => {
    const given = interactions(['u', 'a', 1, 0.5], ['u', 'b', 2], ['u', 'b', 40, 0.25], ['u', 'c', 50, 1]);
    const last = lastOut(given, 'last');
    expect([...trainOf(last).ratings]).toEqual([0.5, NaN]);
    expect([...questionsOf(last)[0]!.history.ratings]).toEqual([0.5, NaN]);
    expect([...questionsOf(last)[0]!.ratings]).toEqual([1]);
    expect([...trainOf(lastOut(given, 'asked')).ratings]).toEqual([0.5, 0.25]);
  });
});

describe('timeSplit', () => {
  const given = interactions(
    ['u', 'a', 10],
    ['u', 'b', 30],
    ['u', 'c', 40],
    ['u', 'a', 50],
    ['v', 'd', 30],
    ['w', 'e', 29],
  );

  it('trains strictly before the moment and asks for all that is new from it on', () => {
    const split = timeSplit(given, 30, 'last');
    expect(asked(split)).toEqual(['a>bc', '>d']);
    expect(names(trainOf(split))).toBe('ae');
    expect(split.tested).toBe(3);
    expect(questionsOf(split).map(({ now }) => now)).toEqual([30, 30, 30]);
    expect(Math.max(...trainOf(split).times)).toBeLessThan(30);
  });

  it('does not ask again for what was first seen before', () => {
    expect(asked(timeSplit(given, 45, 'last'))).toEqual([]);
  });

  it('asks those first seen after the moment for their first course, and for their second after the first', () => {
    const later = interactions(['u', 'a', 10], ['u', 'b', 40], ['v', 'd', 35, 0.5], ['v', 'e', 50], ['w', 'c', 60]);
    const split = timeSplit(later, 30, 'last');
    expect(asked(split)).toEqual(['a>b', '>de', '>c']);
    expect(asked(split, 'cold')).toEqual(['>d', '>c']);
    expect(asked(split, 'newcomers')).toEqual(['d>e']);
    expect(split.tested).toBe(4);
    const clocksOf = (clock: 'last' | 'asked', side?: 'cold' | 'newcomers') =>
      questionsOf(timeSplit(later, 30, clock))
        .filter((question) => question.side === side)
        .map(({ now }) => now);
    expect([clocksOf('last'), clocksOf('last', 'cold'), clocksOf('last', 'newcomers')]).toEqual([
      [30, 30, 30],
      [30, 30],
      [35],
    ]);
    expect([clocksOf('asked'), clocksOf('asked', 'cold'), clocksOf('asked', 'newcomers')]).toEqual([
      [40, 35, 60],
      [35, 60],
      [50],
    ]);
  });
});

describe('preSplit', () => {
  const build = (train: Row[], test: Row[], clock: 'last' | 'asked' = 'last') =>
    preSplit(interactions(...train).dataset, interactions(...test).dataset, clock);

  it('asks for several test courses, of newcomers too, and not for repeats of train', () => {
    const split = build(
      [
        ['u', 'a'],
        ['u', 'b'],
        ['v', 'c'],
      ],
      [
        ['u', 'c'],
        ['u', 'a'],
        ['u', 'd'],
        ['n', 'e'],
        ['v', 'c'],
      ],
    );
    expect(asked(split)).toEqual(['ab>cd', '>e']);
    expect(split.tested).toBe(3);
    expect(split.learners).toBe(3);
    expect(trainOf(split).courses).toHaveLength(5);
  });

  it('tells a set to complete from a future to guess', () => {
    const train: Row[] = [
      ['u', 'a', 10],
      ['u', 'b', 90],
    ];
    expect(build(train, [['u', 'c', 50]]).cut).toBe('random');
    expect(build(train, [['u', 'c', 95]]).cut).toBe('auto');
  });

  it('reads nothing of a learner that is later than the moment asked', () => {
    const train: Row[] = [
      ['u', 'a', 10],
      ['u', 'b', 90],
      ['v', 'b', 90],
    ];
    const split = build(train, [['u', 'c', 50]], 'asked');
    expect(asked(split)).toEqual(['a>c']);
    expect(questionsOf(split)[0]!.now).toBe(50);
    expect(names(trainOf(split))).toBe('ab');
    expect(leakOf(split)).toBeUndefined();
  });
});

describe('leakOf', () => {
  const given = interactions(['u', 'a', 10], ['u', 'b', 20], ['u', 'c', 30], ['v', 'a', 15], ['v', 'd', 40]);
  const splits = [lastOut(given, 'last'), lastOut(given, 'asked'), timeSplit(given, 25, 'last')];

  it('finds nothing in the protocols', () => {
    expect(splits.map(leakOf)).toEqual([undefined, undefined, undefined]);
  });

  it.each([
    ['a future interaction of the learner', { items: [0, 1, 4], times: [10, 20, 99] }, 'after their clock'],
    ['the answer itself', { items: [0, 1, 2], times: [10, 20, 20] }, 'answer'],
  ])('finds %s in train', (_, { items, times }, message) => {
    const split = lastOut(given, 'last');
    const train = trainOf(split);
    const leaking = {
      ...train,
      starts: Int32Array.of(0, 3, 3),
      items: Int32Array.from(items),
      times: Float64Array.from(times),
      weights: new Float32Array(3).fill(1),
      ratings: new Float32Array(3).fill(NaN),
    };
    const { questions } = split.rounds[0]!;
    expect(leakOf({ ...split, rounds: [{ train: () => leaking, size: 3, questions }] })).toContain(message);
  });

  it('finds a row of anyone at or after the moment of its round, and a history after its clock', () => {
    const split = timeSplit(given, 25, 'last');
    const round = split.rounds[0]!;
    expect(leakOf({ ...split, rounds: [{ ...round, before: 20 }] })).toContain('not before');
    const early = round.questions.map((question) => ({ ...question, now: 5 }));
    expect(leakOf({ ...split, rounds: [{ ...round, questions: early }] })).toContain('history');
  });
});
