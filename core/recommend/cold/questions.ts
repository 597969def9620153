import { createRandom, type Random } from '../../numerics/random.ts';
import { topK } from '../../numerics/ranking.ts';
import { hashUnit } from '../../numerics/splits.ts';
import { filterDataset } from '../dataset.ts';
import type { Choices } from '../hybrid/logit.ts';
import type { Dataset } from '../model.ts';
import { blend, columnsOf, type Outlook } from './columns.ts';
import { takingsOf } from '../takings.ts';

/** More questions than this teach nothing more, and cost time. */
const MOST_ASKED = 3000;
/** The clock of an `ahead` question stands back by at most this share of the time that the data covers. */
const BACK = 0.25;
/** Alternatives of each question: so many of the most likely, and a sample of all others. */
const LIKELY = 150;
const SAMPLED = 50;

interface Question {
  /** The clock. */
  now: number;
  /** The course that was taken. */
  item: number;
}

/**
 * What past newcomers took first, asked from what was known before it, as choices among courses with
 * the columns of this outlook as features. Dated questions are asked of all data, with the clock at the
 * moment of the taking (`next`) or some time before it (`ahead`, another time for each learner: the
 * same few moments for all would teach no more than what came into fashion after them). Without times
 * one half of the learners is counted and the other asked.
 */
export function askNewcomers(dataset: Dataset, outlook: Outlook, seed: number): Choices {
  const dealt = (salt: number, learner: number): number => hashUnit(seed + salt, dataset.learners[learner]!);
  const undated = outlook === 'undated';
  const counted = (learner: number): boolean => undated && dealt(1, learner) < 0.5;
  const able = Array.from(dataset.learners, (_, learner) => learner).filter(
    (learner) => dataset.starts[learner]! < dataset.starts[learner + 1]! && !counted(learner),
  );
  const asked = able.sort((a, b) => dealt(0, a) - dealt(0, b)).slice(0, MOST_ASKED);
  const [oldest, newest] = span(dataset.times);
  const questions = asked.flatMap((learner): Question[] => {
    const first = dataset.starts[learner]!;
    const item = dataset.items[first]!;
    if (undated) return [{ now: NaN, item }];
    const back = outlook === 'ahead' ? dealt(2, learner) * BACK * (newest - oldest) : 0;
    const now = dataset.times[first]! - back;
    return now > oldest ? [{ now, item }] : [];
  });
  return choicesOf(questions, undated ? filterDataset(dataset, counted) : dataset, outlook, createRandom(seed));
}

function choicesOf(questions: readonly Question[], known: Dataset, outlook: Outlook, random: Random): Choices {
  const courses = known.courses.length;
  const columns = columnsOf(takingsOf(known), courses, outlook);
  const priors = Float64Array.from(columns, ({ prior }) => prior);
  const x: number[] = [];
  const offset: number[] = [];
  const chosen: number[] = [];
  const starts = [0];
  for (const { now, item } of questions) {
    const values = columns.map((column) => column.at(now));
    const put = (course: number, standsFor: number): void => {
      for (const value of values) x.push(value[course]!);
      offset.push(Math.log(standsFor));
      chosen.push(course === item ? 1 : 0);
    };
    const excluded = new Uint8Array(courses);
    excluded[item] = 1;
    put(item, 1);
    for (const course of topK(blend(values, priors), LIKELY, excluded)) {
      excluded[course] = 1;
      put(course, 1);
    }
    const others = Array.from(excluded, (_, course) => course).filter((course) => excluded[course] === 0);
    const sample = random.shuffle(others).slice(0, SAMPLED);
    for (const course of sample) put(course, others.length / sample.length);
    starts.push(offset.length);
  }
  return {
    features: columns.length,
    groups: questions.map(() => []),
    starts,
    x: Float32Array.from(x),
    offset: Float32Array.from(offset),
    chosen: Float32Array.from(chosen),
  };
}

/** Ends of the known times; infinite and turned round where there are none. */
function span(times: Float64Array): [number, number] {
  let [oldest, newest] = [Infinity, -Infinity];
  for (const time of times) {
    if (time < oldest) oldest = time;
    if (time > newest) newest = time;
  }
  return [oldest, newest];
}
