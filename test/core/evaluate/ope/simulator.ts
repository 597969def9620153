import type { Logged } from '../../../../core/evaluate/ope/logged.ts';
import { chanceAt, meanAt, placing, type Placing } from '../../../../core/evaluate/ope/placing.ts';
import { foldOf, predictRewards, type Described } from '../../../../core/evaluate/ope/reward-model.ts';
import { createRandom } from '../../../../core/numerics/random.ts';
import { place } from '../../../../core/recommend/exploration.ts';

/**
 * A small world whose truth is known: learners of a few tastes, courses, two places of which the
 * second earns less, and two rankings with exploration. A learner sees some slates, and whether they
 * are quick to press is the same in all of them: rows of one learner go together.
 */
const TASTES = 3;
const COURSES = 8;
const SIZE = 2;
const SLATES = 3;
const NEEDS = [1, 0.6];

/** P(reward) by taste, course and place, before the learner's own quickness (mean 1). */
export function chanceOfReward(taste: number, course: number, position: number): number {
  return (0.06 + 0.05 * ((course * 5 + taste * 3) % COURSES)) * NEEDS[position]!;
}

/**
 * The logged policy ranks by number, the candidate by taste, and never shows course 1: second of the
 * logged ranking, it could not come first, and of that no estimator could know.
 */
const policies = Array.from({ length: TASTES }, (_, taste) => {
  const all = Array.from({ length: COURSES }, (_, course) => course);
  const liked = all
    .filter((course) => course !== 1)
    .sort((a, b) => chanceOfReward(taste, b, 0) - chanceOfReward(taste, a, 0));
  const split = (order: number[], share: number): Placing => placing(order.slice(0, SIZE), order.slice(SIZE), share);
  return { logged: split(all, 0.4), candidate: split(liked, 0.2) };
});

/** What the candidate really earns an impression. */
export const truth = policies.reduce((sum, { candidate }, taste) => {
  for (let position = 0; position < SIZE; position++)
    sum += meanAt(candidate, position, (course) => chanceOfReward(taste, course, position)) / (TASTES * SIZE);
  return sum;
}, 0);

export type Predictor = 'true' | 'wrong' | 'learned';

export function simulate(learners: number, seed: number, predictor: Predictor): Logged {
  const random = createRandom(seed);
  const rows = {
    cluster: [] as number[],
    propensity: [] as number[],
    reward: [] as number[],
    candidate: [] as number[],
  };
  const about: { taste: number; course: number; position: number }[] = [];
  for (let learner = 0; learner < learners; learner++) {
    const taste = random.int(TASTES);
    const quickness = random.next() < 0.5 ? 0.5 : 1.5;
    const { logged, candidate } = policies[taste]!;
    const ranked = (courses: readonly number[]) => courses.map((item) => ({ item, score: 0 }));
    for (let slate = 0; slate < SLATES; slate++) {
      const shown = place(ranked(logged.ranking), ranked(logged.pool), 0.4, random);
      shown.forEach(({ item, propensity }, position) => {
        rows.cluster.push(learner);
        rows.propensity.push(propensity);
        rows.reward.push(random.next() < quickness * chanceOfReward(taste, item, position) ? 1 : 0);
        rows.candidate.push(chanceAt(candidate, item, position));
        about.push({ taste, course: item, position });
      });
    }
  }
  const logged: Logged = {
    cluster: Int32Array.from(rows.cluster),
    propensity: Float64Array.from(rows.propensity),
    reward: Float64Array.from(rows.reward),
    candidate: Float64Array.from(rows.candidate),
  };
  if (predictor === 'learned') {
    return { ...logged, ...predictRewards(describe(about, logged), logged.reward, logged.cluster) };
  }
  const predict = (taste: number, course: number, position: number): number =>
    predictor === 'true' ? chanceOfReward(taste, course, position) : 2 * (1 - chanceOfReward(taste, course, position));
  return {
    ...logged,
    predicted: Float64Array.from(about, ({ taste, course, position }) => predict(taste, course, position)),
    expected: Float64Array.from(about, ({ taste, position }) =>
      meanAt(policies[taste]!.candidate, position, (course) => predict(taste, course, position)),
    ),
  };
}

/** Place, and the mean reward of course and taste in the other folds, as a model of rewards may know them. */
function describe(about: { taste: number; course: number; position: number }[], logged: Logged): Described {
  const width = 3;
  const rates = Array.from({ length: 5 }, (_, fold) => {
    const sums = new Map<number, { reward: number; n: number }>();
    about.forEach(({ taste, course }, row) => {
      if (foldOf(logged.cluster[row]!) === fold) return;
      const sum = sums.get(taste * COURSES + course) ?? { reward: 0, n: 0 };
      sums.set(taste * COURSES + course, { reward: sum.reward + logged.reward[row]!, n: sum.n + 1 });
    });
    return (taste: number, course: number) => {
      const { reward, n } = sums.get(taste * COURSES + course) ?? { reward: 0, n: 0 };
      return (reward + 1) / (n + 5);
    };
  });
  const shown = new Float64Array(about.length * width);
  const expected = new Float64Array(about.length * width);
  about.forEach(({ taste, course, position }, row) => {
    const rate = rates[foldOf(logged.cluster[row]!)]!;
    const { candidate } = policies[taste]!;
    shown.set([1, position, rate(taste, course)], row * width);
    expected.set([1, position, meanAt(candidate, position, (other) => rate(taste, other))], row * width);
  });
  return { width, shown, expected };
}
