import type { z } from 'zod';
import { within, type Progress } from '../numerics/progress.ts';
import { packArtefact, type OpenedArtefact } from './artefact.ts';
import { courseCounts, emptyHistory, historyAt } from './dataset.ts';
import type { Dataset, Model } from './model.ts';
import { hybrid, type HybridModel } from './models/hybrid.ts';
import { advantage, answer, figuresOf, scorerOf, type Answers, type Figures } from './registry/measure.ts';
import { decide, ENOUGH, type Advantage, type Decision, type Staleness } from './registry/promotion.ts';
import { renewArtefact, renewedModel } from './registry/renewal.ts';
import { lastWindow, newestWindow, shareUnknown, type Window } from './registry/window.ts';
import type { TrainingData } from './training-data.ts';

export type HybridConfig = z.output<typeof hybrid.config>;

export interface TrainOptions {
  /** Of the model that serves; its seed decides every draw. */
  config: HybridConfig;
  /** For what learns in rounds, in all fits together. */
  budgetMinutes: number;
  /** Whether to measure first, on courses held out for it, which takes as long again. Unmeasured, it replaces nothing. */
  validate: boolean;
}

/** How the model did on courses that it had not seen, ranked among all courses. */
export interface Validation extends Figures {
  window: Window['kind'];
  learners: number;
  /** The same by plain popularity, for comparison. */
  popular: Figures;
}

/** What serves while another is trained. */
export interface Champion {
  number: number;
  /** End of what it learned from, seconds; NaN without times. */
  learnedTo: number;
  /** That it learned from. */
  events: number;
  /** Whether a person put it in place. */
  byHand: boolean;
  /** Undefined when its artefact can not be read. */
  opened: OpenedArtefact | undefined;
}

export interface TrainedArtefact {
  packed: Buffer;
  config: HybridConfig;
  validation: Validation | undefined;
  /** Models that take no part in it, and why. */
  leftOut: HybridModel['leftOut'];
  decision: Decision;
  /** The champion's artefact with newer counts, when it stays. */
  renewed: Buffer | undefined;
  /** Why it must not serve; undefined when nothing speaks against it. */
  fault: string | undefined;
}

const DAY = 86_400;

/**
 * Learns everything that the recommender serves with, checks that it is fit to, and says whether it should
 * replace what serves: measured by a fit that has not seen the answers, then fitted on everything.
 */
export async function trainArtefact(
  data: Pick<TrainingData, 'dataset' | 'taken' | 'window'>,
  { config: wanted, budgetMinutes, validate }: TrainOptions,
  champion: Champion | undefined,
  progress: Progress,
): Promise<TrainedArtefact> {
  const { dataset, taken } = data;
  const window = validate ? windowOf(dataset, champion, wanted.seed) : undefined;
  const config = { ...wanted, budgetSeconds: (60 * budgetMinutes) / (window ? 2 : 1) };
  const measured = window && (await measure(window, data.dataset, champion, config, within(progress, 0, 0.55)));
  const decision = decisionOf(data, champion, validate, measured);
  const last = within(progress, measured ? 0.55 : 0, 0.98);
  const model = await hybrid.fit(dataset, config, last);
  const fault = faultOf(model, dataset);
  progress('packing', 0.98);
  return {
    packed: packArtefact(model, dataset, taken),
    config,
    validation: measured?.validation,
    leftOut: model.leftOut,
    decision: fault === undefined ? decision : { ...decision, promoted: false, rule: 'unfit' },
    renewed:
      staysUpToDate(decision, fault) && champion?.opened ? renewArtefact(champion.opened, dataset, taken) : undefined,
    fault,
  };
}

interface Measured {
  validation: Validation;
  overPopular: Advantage;
  comparison: Decision['comparison'];
}

/** The newest behaviour where there is a champion to be compared on it, else last courses; undefined without questions. */
function windowOf(dataset: Dataset, champion: Champion | undefined, seed: number): Window | undefined {
  const newest = champion?.opened && newestWindow(dataset, champion.learnedTo, ENOUGH);
  const window = newest && newest.questions.length >= ENOUGH ? newest : lastWindow(dataset, seed);
  return window.questions.length > 0 ? window : undefined;
}

async function measure(
  window: Window,
  dataset: Dataset,
  champion: Champion | undefined,
  config: HybridConfig,
  progress: Progress,
): Promise<Measured> {
  const { kind, questions, train } = window;
  const { courses } = dataset;
  const { seed } = config;
  const model: Model = await hybrid.fit(train, config, within(progress, 0, 0.9));
  const asking = within(progress, 0.9, 1);
  const counts = Float32Array.from(courseCounts(train));
  const ask = (asked: Model, over = courses): Answers =>
    answer(questions, scorerOf(asked, over, courses), asking, 'asking about the newest courses');
  const ours = ask(model.renewed?.(dataset) ?? model);
  const popular = answer(
    questions,
    () => counts,
    () => {},
    '',
  );
  const opened = kind === 'newest' ? champion?.opened : undefined;
  const theirs = opened && ask(renewedModel(opened, dataset), opened.courses);
  const figures = figuresOf(ours, seed);
  const of = (others: Answers) => ({ questions: questions.length, difference: advantage(ours, others, seed) });
  return {
    validation: { window: kind, learners: questions.length, ...figures, popular: figuresOf(popular, seed) },
    overPopular: of(popular),
    comparison: theirs && { ...of(theirs), champion: figuresOf(theirs, seed), challenger: figures },
  };
}

function decisionOf(
  { dataset, window }: Pick<TrainingData, 'dataset' | 'window'>,
  champion: Champion | undefined,
  validate: boolean,
  measured: Measured | undefined,
): Decision {
  const staleness = champion && stalenessOf(dataset, window, champion);
  const verdict = decide({
    champion: champion && { readable: champion.opened !== undefined, byHand: champion.byHand, staleness: staleness! },
    measured: validate,
    overPopular: measured?.overPopular,
    overChampion: measured?.comparison,
  });
  return {
    ...verdict,
    champion: champion?.number ?? null,
    ...(staleness && { staleness }),
    ...(measured?.comparison && { comparison: measured.comparison }),
  };
}

function stalenessOf(
  dataset: Dataset,
  { to, events }: TrainingData['window'],
  { learnedTo, events: learned, opened }: Champion,
): Staleness {
  const days = to === null ? NaN : (Date.parse(to) / 1000 - learnedTo) / DAY;
  const unknown = opened ? shareUnknown(dataset, learnedTo, new Set(opened.trained.courseIds)) : NaN;
  const orNull = (value: number) => (Number.isNaN(value) ? null : value);
  return { days: orNull(days), unknown: orNull(unknown), growth: events / Math.max(1, learned) };
}

/** A champion that stays in its place has to know what is new as well as it can. */
function staysUpToDate({ rule }: Decision, fault: string | undefined): boolean {
  return fault === undefined && (rule === 'equal' || rule === 'worse' || rule === 'held');
}

/** Scores some learners, and one without a past, and says what is wrong with what comes out. */
function faultOf(model: Model, dataset: Dataset): string | undefined {
  const asked = Math.min(20, dataset.learners.length);
  const histories = Array.from({ length: asked }, (_, i) =>
    historyAt(dataset, Math.floor((i * dataset.learners.length) / asked)),
  );
  for (const history of [emptyHistory, ...histories]) {
    const scores = model.score(history, history.times.at(-1) ?? NaN);
    if (scores.length !== dataset.courses.length) {
      return `It scores ${scores.length} courses of ${dataset.courses.length}`;
    }
    if (!scores.every(Number.isFinite)) return 'It gives scores that are not finite';
  }
  return undefined;
}
