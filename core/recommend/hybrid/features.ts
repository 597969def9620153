import type { CourseFacts, History } from '../model.ts';
import { groupOf } from './groups.ts';
import type { LabelKind } from './labels.ts';
import { inDeviations, liftOf as lift, logarithmsOf, logFloored, popularityOf, slice } from './lift.ts';
import { scalesOf } from './scales.ts';
import { contentOf, type Parts } from './parts.ts';
import type { Sense } from './sense.ts';
import type { Signals } from './signals.ts';

/** What a feature is evidence of; reasons are told by these. */
export type PartName =
  | 'popular'
  | 'trending'
  | 'markov'
  | 'item-knn'
  | 'user-knn'
  | 'ease'
  | 'als'
  | 'content'
  | 'catalogue'
  | 'lstm'
  | 'transformer';

export interface Feature {
  part: PartName;
  /**
   * Weight before anything was learned, in units of the raw feature. Where no learner took two courses it is all
   * there is: content weighs so little that texts which say nothing do not bury what is popular.
   */
  prior: number;
  /** Left out where this means nothing in the data. */
  needs?: keyof Sense;
  /** The score of a model as it stands: by it alone, courses are ranked as the model ranks them. */
  ranks?: true;
  /**
   * May not speak against a course. Beside models that know who took what, likeness can be learned
   * as a fault of the courses everybody knows already; new courses, which have nothing else, would pay for it.
   */
  onlyFor?: true;
}

/** In the order of the columns of a feature row. Lifts are logarithms of a ratio to plain popularity. */
const features = {
  logPopularity: { part: 'popular', prior: 0.9, ranks: true },
  stageLift: { part: 'popular', prior: 0 },
  markovLift: { part: 'markov', prior: 0.4, needs: 'order' },
  nextLift: { part: 'markov', prior: 0.2, needs: 'order' },
  firstLift: { part: 'markov', prior: 0, needs: 'order' },
  recentLift: { part: 'markov', prior: 0, needs: 'order' },
  itemKnn: { part: 'item-knn', prior: 0.1, ranks: true },
  logItemKnn: { part: 'item-knn', prior: 0.1 },
  logItemKnnLast: { part: 'item-knn', prior: 0, needs: 'order' },
  ease: { part: 'ease', prior: 0.05, ranks: true },
  logEase: { part: 'ease', prior: 0.05 },
  logEaseLast: { part: 'ease', prior: 0, needs: 'order' },
  als: { part: 'als', prior: 0.05, ranks: true },
  logAls: { part: 'als', prior: 0.05 },
  userKnn: { part: 'user-knn', prior: 0.05, ranks: true },
  logUserKnn: { part: 'user-knn', prior: 0.05 },
  sessions: { part: 'user-knn', prior: 0, needs: 'order', ranks: true },
  logSessions: { part: 'user-knn', prior: 0, needs: 'order' },
  text: { part: 'content', prior: 0.3, needs: 'texts', onlyFor: true, ranks: true },
  attributes: { part: 'content', prior: 0.3, needs: 'texts', onlyFor: true, ranks: true },
  newAndAlike: { part: 'content', prior: 0, needs: 'news' },
  topicLift: { part: 'content', prior: 0 },
  levelLift: { part: 'content', prior: 0 },
  labelLift: { part: 'content', prior: 0 },
  publishedLift: { part: 'catalogue', prior: 0.1, needs: 'order' },
  publishedNextLift: { part: 'catalogue', prior: 0, needs: 'order' },
  listedLift: { part: 'catalogue', prior: 0.1, needs: 'order' },
  listedNextLift: { part: 'catalogue', prior: 0, needs: 'order' },
  newAndNear: { part: 'catalogue', prior: 0, needs: 'news' },
  unseen: { part: 'catalogue', prior: 0 },
  logAge: { part: 'catalogue', prior: 0, needs: 'times' },
  fresh: { part: 'catalogue', prior: 0, needs: 'times' },
  unpublished: { part: 'catalogue', prior: -1, needs: 'times' },
  dayLift: { part: 'trending', prior: 0, needs: 'times' },
  weekLift: { part: 'trending', prior: 0.1, needs: 'times' },
  monthLift: { part: 'trending', prior: 0.1, needs: 'times' },
  firstsLift: { part: 'trending', prior: 0, needs: 'times' },
} as const satisfies Record<string, Feature>;

export const featureList: readonly Feature[] = Object.values(features);
export const featureNames = Object.keys(features);
export const FEATURES = featureList.length;
export const columnsThatRank = featureList.flatMap(({ ranks }, column) => (ranks ? [column] : []));

const SHELF_STEP = 0.5;
const DAY = 86_400;
const FRESH_DAYS = 14;

/** One column of values a feature, over all courses; undefined where it says nothing, which counts as zeros. */
export type Columns = readonly (Float32Array | undefined)[];

/** Everything that is fitted on behaviour and asked for features. */
export interface Base {
  parts: Parts;
  signals: Signals;
}

/** The features of every course for one history and clock. */
export function featuresOf(
  { parts, signals }: Base,
  courses: readonly CourseFacts[],
  history: History,
  now: number,
  sense: Sense,
): Columns {
  const size = courses.length;
  const columns: (Float32Array | undefined)[] = new Array<undefined>(FEATURES).fill(undefined);
  const popularity = popularityOf(signals.counts);
  const logPopularity = logarithmsOf(popularity);
  const set = (name: keyof typeof features, valueOf: ((course: number) => number) | undefined): void => {
    const feature: Feature = features[name];
    if (!valueOf || (feature.needs && !sense[feature.needs])) return;
    const column = new Float32Array(size);
    for (let course = 0; course < size; course++) column[course] = valueOf(course);
    columns[columnOf[name]] = column;
  };
  const scoresOf = (part: string): Float32Array | undefined => parts.get(part)?.model.score(history, now);

  set('logPopularity', (course) => logPopularity[course]!);
  const month = sense.times ? signals.month.score(history, now) : undefined;
  const seen = month ? (course: number) => month[course]! > 0 : (course: number) => signals.counts[course]! > 0;
  // Beside what says that a course is not published yet, that nobody took it says nothing.
  const untaken = (course: number): boolean => !seen(course) && !(courses[course]!.publishedAt > now);
  set('unseen', (course) => (untaken(course) ? 1 : 0));
  const stage = groupOf(history.items.length) * size;
  set('stageLift', lift(Float32Array.from(signals.stages.subarray(stage, stage + size)), popularity));
  if (sense.times) {
    set('dayLift', lift(signals.day.score(history, now), popularity));
    set('weekLift', lift(signals.week.score(history, now), popularity));
    set('monthLift', lift(month!, popularity));
    set('firstsLift', lift(signals.firsts.score(history, now), popularity));
    if (!Number.isNaN(now)) {
      const ageOf = (course: number): number => (now - courses[course]!.publishedAt) / DAY;
      set('logAge', (course) => (ageOf(course) > 0 ? Math.log1p(ageOf(course)) : 0));
      set('fresh', (course) => (ageOf(course) >= 0 ? Math.exp(-ageOf(course) / FRESH_DAYS) : 0));
      set('unpublished', (course) => (ageOf(course) < 0 ? 1 : 0));
    }
  }
  if (history.items.length === 0) return columns;

  const last = slice(history, history.items.length - 1);
  if (sense.order) {
    const markov = parts.get('markov')!.model;
    set('markovLift', lift(markov.score(history, now), popularity));
    set('nextLift', lift(signals.next.score(history, now), popularity));
    if (history.items.length > 1) set('firstLift', lift(markov.score(slice(history, 0, 1), now), popularity));
    if (sense.times) set('recentLift', lift(signals.recent.score(history, now), popularity));
    const published = signals.published.lifts(history, SHELF_STEP);
    const publishedNext = signals.published.lifts(last, 1);
    set('publishedLift', (course) => Math.log(published[course]!));
    set('publishedNextLift', (course) => Math.log(publishedNext[course]!));
    if (signals.listed) {
      const listed = signals.listed.lifts(history, SHELF_STEP);
      const listedNext = signals.listed.lifts(last, 1);
      set('listedLift', (course) => Math.log(listed[course]!));
      set('listedNextLift', (course) => Math.log(listedNext[course]!));
    }
    set('newAndNear', (course) => (untaken(course) ? Math.log(published[course]!) : 0));
    const sessions = inDeviations(signals.sessions.score(history));
    set('sessions', (course) => sessions[course]!);
    set('logSessions', (course) => logFloored(sessions[course]!));
    for (const [part, log] of OF_LAST) {
      const model = parts.get(part)?.model;
      if (!model) continue;
      const scaled = inDeviations(model.score(last, now));
      set(log, (course) => logFloored(scaled[course]!));
    }
  }
  for (const [kind, name] of OF_LABELS) {
    const lifts = signals.labels.lifts(history, SHELF_STEP, kind);
    if (lifts) columns[columnOf[name]] = lifts;
  }
  for (const [part, plain, log] of IN_DEVIATIONS) {
    const scores = scoresOf(part);
    if (!scores) continue;
    const scaled = inDeviations(scores);
    set(plain, (course) => scaled[course]!);
    set(log, (course) => logFloored(scaled[course]!));
  }
  if (sense.texts) {
    const { text, attributes } = contentOf(parts).parts(history);
    const scales = scalesOf(contentOf(parts), size);
    set('text', (course) => text[course]! / scales.text);
    set('attributes', (course) => attributes[course]! / scales.attributes);
    set('newAndAlike', (course) =>
      untaken(course) ? text[course]! / scales.text + attributes[course]! / scales.attributes : 0,
    );
  }
  return columns;
}

/** Models whose scores have no unit of their own, and the two forms they are given. */
const IN_DEVIATIONS = [
  ['item-knn', 'itemKnn', 'logItemKnn'],
  ['ease', 'ease', 'logEase'],
  ['als', 'als', 'logAls'],
  ['user-knn', 'userKnn', 'logUserKnn'],
] as const satisfies [string, keyof typeof features, keyof typeof features][];

const OF_LAST = [
  ['item-knn', 'logItemKnnLast'],
  ['ease', 'logEaseLast'],
] as const satisfies [string, keyof typeof features][];

const OF_LABELS = [
  ['topic', 'topicLift'],
  ['level', 'levelLift'],
  ['other', 'labelLift'],
] as const satisfies [LabelKind, keyof typeof features][];

const columnOf = Object.fromEntries(Object.keys(features).map((name, at) => [name, at])) as Record<
  keyof typeof features,
  number
>;
