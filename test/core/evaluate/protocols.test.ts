import { describe, expect, it } from 'vitest';
import { interactionsOf } from '../../../core/evaluate/interactions.ts';
import { lastOut, preSplit, timeSplit, type Question } from '../../../core/evaluate/protocols.ts';
import type { BehaviourRows } from '../../../core/evaluate/read.ts';
import { facts } from '../recommend/series.ts';

const courses = ['a', 'b', 'c', 'd', 'e'].map((id) => facts(id));

type Row = [learner: string, course: string, time?: number, rating?: number];

function rows(...list: Row[]): BehaviourRows {
  return {
    learners: list.map(([learner]) => learner),
    courses: list.map(([, course]) => course),
    times: list.map(([, , time]) => time ?? NaN),
    ratings: list.map(([, , , rating]) => rating ?? NaN),
    unreadable: 0,
  };
}

const interactions = (...list: Row[]) => interactionsOf(rows(...list), courses);
const names = (items: Int32Array): string => Array.from(items, (item) => courses[item]!.id).join('');
const asked = (questions: readonly Question[]): string[] =>
  questions.map(({ history, relevant }) => `${names(history.items)}>${names(relevant)}`);

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
    );
    expect(asked(split.questions)).toEqual(['ab>c', 'a>e']);
    expect(names(split.train.items)).toBe('abda');
    expect(split.tested).toBe(2);
    expect(split.learners).toBe(3);
  });

  it('sets the clock at the last training interaction', () => {
    const split = lastOut(interactions(['u', 'a', 10], ['u', 'b', 20], ['u', 'c', 30]));
    expect(split.questions[0]!.now).toBe(20);
  });

  it('takes row order where times are equal or missing', () => {
    expect(asked(lastOut(interactions(['u', 'c', 7], ['u', 'a', 7])).questions)).toEqual(['c>a']);
    expect(asked(lastOut(interactions(['u', 'e'], ['u', 'b'], ['u', 'e'])).questions)).toEqual(['e>b']);
  });

  it('leaves out rows of courses that are not in the catalogue, and counts them', () => {
    const given = interactions(['u', 'a', 1], ['u', 'b', 2], ['u', 'x', 3]);
    expect(given.leftOut).toBe(1);
    expect(asked(lastOut(given).questions)).toEqual(['a>b']);
  });

  it('weighs a pair once however often it came back', () => {
    expect([...lastOut(interactions(['u', 'a', 1], ['u', 'a', 9], ['u', 'b', 3])).train.weights]).toEqual([1]);
  });

  it('forgets a training rating that was given after the clock, and keeps the test rating', () => {
    const { train, questions } = lastOut(
      interactions(['u', 'a', 1, 0.5], ['u', 'b', 2], ['u', 'b', 99, 0.25], ['u', 'c', 50, 1]),
    );
    expect([...train.ratings]).toEqual([0.5, NaN]);
    expect([...questions[0]!.history.ratings]).toEqual([0.5, NaN]);
    expect([...questions[0]!.ratings]).toEqual([1]);
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
    const split = timeSplit(given, 30);
    expect(asked(split.questions)).toEqual(['a>bc', '>d']);
    expect(names(split.train.items)).toBe('ae');
    expect(split.tested).toBe(3);
    expect(split.questions.map(({ now }) => now)).toEqual([30, 30]);
    expect(Math.max(...split.train.times)).toBeLessThan(30);
  });

  it('does not ask again for what was first seen before', () => {
    expect(asked(timeSplit(given, 45).questions)).toEqual([]);
  });
});

describe('preSplit', () => {
  const build = (train: Row[], test: Row[]) => preSplit(interactions(...train).dataset, interactions(...test).dataset);

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
    expect(asked(split.questions)).toEqual(['ab>cd', '>e']);
    expect(split.tested).toBe(3);
    expect(split.learners).toBe(3);
    expect(split.train.courses).toHaveLength(5);
  });

  it('tells a set to complete from a future to guess', () => {
    const train: Row[] = [
      ['u', 'a', 10],
      ['u', 'b', 90],
    ];
    expect(build(train, [['u', 'c', 50]]).cut).toBe('random');
    expect(build(train, [['u', 'c', 95]]).cut).toBe('auto');
  });
});
