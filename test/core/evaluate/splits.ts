import { interactionsOf, type Interactions } from '../../../core/evaluate/interactions.ts';
import type { BehaviourRows } from '../../../core/evaluate/read.ts';
import type { Question, SideGroup, Split } from '../../../core/evaluate/split.ts';
import type { Dataset, History } from '../../../core/recommend/model.ts';
import { facts } from '../recommend/series.ts';

export const courses = ['a', 'b', 'c', 'd', 'e'].map((id) => facts(id));

export type Row = [learner: string, course: string, time?: number, rating?: number];

export function rows(...list: Row[]): BehaviourRows {
  return {
    learners: list.map(([learner]) => learner),
    courses: list.map(([, course]) => course),
    times: list.map(([, , time]) => time ?? NaN),
    ratings: list.map(([, , , rating]) => rating ?? NaN),
    unreadable: 0,
  };
}

/** Over the courses a to e. */
export const interactions = (...list: Row[]): Interactions => interactionsOf(rows(...list), courses);

export const names = ({ items }: Pick<History, 'items'>): string =>
  Array.from(items, (item) => courses[item]!.id).join('');

export const questionsOf = (split: Split): Question[] => split.rounds.flatMap(({ questions }) => questions);

export const trainOf = (split: Split): Dataset => split.rounds[0]!.train();

/** Each question as "history>answers", of the whole or of a side group. */
export const asked = (split: Split, side?: SideGroup): string[] =>
  questionsOf(split)
    .filter((question) => question.side === side)
    .map(({ history, relevant }) => `${names(history)}>${names({ items: relevant })}`);
