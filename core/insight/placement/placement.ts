import { levels, type Level } from '../../learner/learner.ts';
import type { Random } from '../../numerics/random.ts';
import type { QuizQuestion } from './question.ts';

/** Most questions of one test. */
export const MOST_QUESTIONS = 5;
/** Fewer are no test, whatever they say. */
export const FEWEST_QUESTIONS = 3;
/** Probability of a level from which the test needs no more questions. */
const SURE = 0.9;

/**
 * Chance of a right answer by how far the learner's level lies above the question's: two levels or one
 * above, on it, one or two below (which leaves guessing among four).
 */
const RIGHT: Readonly<Record<number, number>> = { 2: 0.95, 1: 0.95, 0: 0.75, [-1]: 0.25, [-2]: 0.25 };

export interface Answered {
  level: Level;
  right: boolean;
}

/**
 * How probable each level is after the answers, by Bayes from equal odds: a computerised adaptive test
 * with three classes, as in Weiss & Kingsbury, "Application of computerized adaptive testing" (1984).
 */
export function posterior(answers: readonly Answered[]): Record<Level, number> {
  const odds = levels.map((_, own) =>
    answers.reduce((odd, { level, right }) => {
      const chance = RIGHT[own - levels.indexOf(level)]!;
      return odd * (right ? chance : 1 - chance);
    }, 1),
  );
  const total = odds.reduce((sum, odd) => sum + odd, 0);
  return Object.fromEntries(levels.map((level, at) => [level, odds[at]! / total])) as Record<Level, number>;
}

export interface Placement {
  /** The most probable; of equals the lower. */
  level: Level;
  /** Part answered right, in [0, 1]. */
  share: number;
}

export function placementOf(answers: readonly Answered[]): Placement {
  const chance = posterior(answers);
  const level = levels.reduce((best, each) => (chance[each] > chance[best] + 1e-12 ? each : best));
  const right = answers.filter((answer) => answer.right).length;
  return { level, share: answers.length === 0 ? 0 : right / answers.length };
}

/** Whether the test has seen enough. */
export function isSettled(answers: readonly Answered[]): boolean {
  if (answers.length < FEWEST_QUESTIONS) return false;
  return answers.length >= MOST_QUESTIONS || Math.max(...Object.values(posterior(answers))) >= SURE;
}

/**
 * The question to ask next: one of the level whose answer leaves the least doubt (expected entropy of
 * `posterior`), the middle one at first; among its questions by chance. Undefined when none is left.
 */
export function nextQuestion(
  questions: readonly QuizQuestion[],
  asked: ReadonlySet<string>,
  answers: readonly Answered[],
  random: Random,
): QuizQuestion | undefined {
  const left = questions.filter((question) => !asked.has(question.id));
  const open = levels.filter((level) => left.some((question) => question.level === level));
  if (open.length === 0) return undefined;
  const doubt = new Map(open.map((level) => [level, expectedDoubt(answers, level)]));
  const best = open.reduce((a, b) => (doubt.get(b)! < doubt.get(a)! - 1e-12 ? b : a));
  return random.pick(left.filter((question) => question.level === best));
}

/** Entropy (bits) that is to be expected after one more question of a level. */
export function expectedDoubt(answers: readonly Answered[], level: Level): number {
  const now = posterior(answers);
  const chance = levels.reduce((sum, own, at) => sum + now[own] * RIGHT[at - levels.indexOf(level)]!, 0);
  return (
    chance * entropy(posterior([...answers, { level, right: true }])) +
    (1 - chance) * entropy(posterior([...answers, { level, right: false }]))
  );
}

function entropy(chances: Record<Level, number>): number {
  return Object.values(chances).reduce((sum, chance) => (chance > 0 ? sum - chance * Math.log2(chance) : sum), 0);
}
