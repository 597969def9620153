import { describe, expect, it } from 'vitest';
import {
  expectedDoubt,
  FEWEST_QUESTIONS,
  isSettled,
  MOST_QUESTIONS,
  nextQuestion,
  placementOf,
  posterior,
  type Answered,
} from '../../../../core/insight/placement/placement.ts';
import type { QuizQuestion } from '../../../../core/insight/placement/question.ts';
import { levels, type Level } from '../../../../core/learner/learner.ts';
import { createRandom } from '../../../../core/numerics/random.ts';

const answers = (...given: [Level, boolean][]): Answered[] => given.map(([level, right]) => ({ level, right }));

const questions: QuizQuestion[] = levels.flatMap((level) =>
  [1, 2].map((number) => ({
    id: `${level}-${number}`,
    topic: 'Excel',
    level,
    question: { en: '?' },
    options: [{ en: 'a' }, { en: 'b' }],
    correct: 0,
    simulated: false,
  })),
);

describe('what answers say of a level', () => {
  it('follows Bayes', () => {
    expect(posterior([])).toEqual({ beginner: 1 / 3, intermediate: 1 / 3, advanced: 1 / 3 });
    // A right answer of the middle level: .25, .75, .95 of 1.95.
    const right = posterior(answers(['intermediate', true]));
    expect(right.beginner).toBeCloseTo(0.25 / 1.95, 12);
    expect(right.intermediate).toBeCloseTo(0.75 / 1.95, 12);
    expect(right.advanced).toBeCloseTo(0.95 / 1.95, 12);
    // Then a wrong one of the highest: .25·.75, .75·.75, .95·.25 = .1875, .5625, .2375 of .9875.
    const then = posterior(answers(['intermediate', true], ['advanced', false]));
    expect(then.intermediate).toBeCloseTo(0.5625 / 0.9875, 12);
    expect(then.advanced).toBeCloseTo(0.2375 / 0.9875, 12);
    // The order does not matter.
    expect(posterior(answers(['advanced', false], ['intermediate', true])).beginner).toBeCloseTo(then.beginner, 12);
  });

  it('places in the most probable level, of equals in the lower, with the share answered right', () => {
    expect(placementOf(answers(['intermediate', true], ['advanced', false]))).toEqual({
      level: 'intermediate',
      share: 0.5,
    });
    // One right and one wrong of the middle level: .25·.75 = .75·.25, and the lower it is.
    expect(placementOf(answers(['intermediate', true], ['intermediate', false])).level).toBe('beginner');
    expect(placementOf([])).toEqual({ level: 'beginner', share: 0 });
  });

  it('doubt is the entropy to be expected: before any answer 1.287 bits after one of the middle level', () => {
    // P(right) = (.25 + .75 + .95)/3 = .65; H(.128, .385, .487) = 1.4155; H(.714, .238, .048) = 1.0480.
    expect(expectedDoubt([], 'intermediate')).toBeCloseTo(0.65 * 1.4155 + 0.35 * 1.048, 3);
    expect(expectedDoubt([], 'intermediate')).toBeLessThan(expectedDoubt([], 'advanced'));
    expect(expectedDoubt([], 'advanced')).toBeLessThan(expectedDoubt([], 'beginner'));
  });
});

describe('the test', () => {
  function play(knows: (question: QuizQuestion) => boolean, seed = 1) {
    const random = createRandom(seed);
    const asked = new Set<string>();
    const given: Answered[] = [];
    while (!isSettled(given)) {
      const question = nextQuestion(questions, asked, given, random);
      if (!question) break;
      expect(asked).not.toContain(question.id);
      asked.add(question.id);
      given.push({ level: question.level, right: knows(question) });
    }
    return { given, ...placementOf(given) };
  }

  it('begins in the middle, is short, and finds who knows all, nothing, or up to a level', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const all = play(() => true, seed);
      expect(all.given[0]!.level).toBe('intermediate');
      // Advanced is .81 likely after three right (two of the middle level, one of the highest), .93 after four.
      expect(all).toMatchObject({ level: 'advanced', share: 1, given: { length: 4 } });
      const none = play(() => false, seed);
      expect(none).toMatchObject({ level: 'beginner', share: 0, given: { length: 3 } });
      const middle = play(({ level }) => level !== 'advanced', seed);
      expect(middle.level).toBe('intermediate');
      expect(middle.given.length).toBeLessThanOrEqual(MOST_QUESTIONS);
      expect(play(({ level }) => level === 'beginner', seed).level).toBe('beginner');
    }
  });

  it('never asks fewer than three or more than five, whatever is answered, and ends when none is left', () => {
    for (let pattern = 0; pattern < 32; pattern++) {
      let turn = 0;
      const { given } = play(() => ((pattern >> turn++) & 1) === 1);
      expect(given.length).toBeGreaterThanOrEqual(FEWEST_QUESTIONS);
      expect(given.length).toBeLessThanOrEqual(MOST_QUESTIONS);
    }
    expect(nextQuestion([], new Set(), [], createRandom(1))).toBeUndefined();
    expect(nextQuestion(questions, new Set(questions.map(({ id }) => id)), [], createRandom(1))).toBeUndefined();
  });
});
