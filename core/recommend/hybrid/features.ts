import { emptyHistory } from '../dataset.ts';
import type { CourseFacts, History } from '../model.ts';
import { groupOf } from './groups.ts';
import type { LabelKind } from './labels.ts';
import {
  dividedBy,
  inDeviations,
  liftOf as lift,
  logPopularityOf,
  logsFloored,
  logsOf,
  popularityOf,
  slice,
} from './lift.ts';
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

/** One column of values a feature, over all courses; undefined where it says nothing, which counts as zeros. Shared: not to be written to. */
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
  const clock = atClock(signals, courses, now, sense);
  const columns = clock.columns.slice();
  const set = settingIn(columns, sense);
  const popularity = popularityOf(signals.counts);
  const scoresOf = (part: string, of = history): Float32Array | undefined => parts.get(part)?.model.score(of, now);

  const stage = groupOf(history.items.length) * size;
  set('stageLift', () => lift(new Float32Array(signals.stages.subarray(stage, stage + size)), popularity));
  if (history.items.length === 0) return columns;

  const last = slice(history, history.items.length - 1);
  if (sense.order) {
    const markov = parts.get('markov')!.model;
    set('markovLift', () => lift(markov.score(history, now), popularity));
    set('nextLift', () => lift(signals.next.score(history, now), popularity));
    if (history.items.length > 1) set('firstLift', () => lift(markov.score(slice(history, 0, 1), now), popularity));
    if (sense.times) set('recentLift', () => lift(signals.recent.score(history, now), popularity));
    const published = logsOf(signals.published.lifts(history, SHELF_STEP));
    set('publishedLift', () => published);
    set('publishedNextLift', () => logsOf(signals.published.lifts(last, 1)));
    set('listedLift', () => signals.listed && logsOf(signals.listed.lifts(history, SHELF_STEP)));
    set('listedNextLift', () => signals.listed && logsOf(signals.listed.lifts(last, 1)));
    set('newAndNear', () => published.map((log, course) => (clock.untaken[course] ? log : 0)));
    const sessions = inDeviations(signals.sessions.score(history));
    set('sessions', () => sessions);
    set('logSessions', () => logsFloored(sessions));
    for (const [part, log] of OF_LAST) {
      const scores = scoresOf(part, last);
      if (scores) set(log, () => logsFloored(inDeviations(scores)));
    }
  }
  for (const [kind, name] of OF_LABELS) set(name, () => signals.labels.lifts(history, SHELF_STEP, kind));
  for (const [part, plain, log] of IN_DEVIATIONS) {
    const scores = scoresOf(part);
    if (!scores) continue;
    const scaled = inDeviations(scores);
    set(plain, () => scaled);
    set(log, () => logsFloored(scaled));
  }
  if (sense.texts) {
    const { text, attributes } = contentOf(parts).parts(history);
    const scales = scalesOf(contentOf(parts), size);
    set('text', () => dividedBy(text, scales.text));
    set('attributes', () => dividedBy(attributes, scales.attributes));
    set('newAndAlike', () =>
      text.map((likeness, course) =>
        clock.untaken[course] ? likeness / scales.text + attributes[course]! / scales.attributes : 0,
      ),
    );
  }
  return columns;
}

type Setter = (name: keyof typeof features, columnFor: () => Float32Array | undefined) => void;

/** Puts features into their columns, those alone that mean something in the data. */
function settingIn(columns: (Float32Array | undefined)[], sense: Sense): Setter {
  return (name, columnFor) => {
    const { needs }: Feature = features[name];
    if (!needs || sense[needs]) columns[columnOf[name]] = columnFor();
  };
}

/** What is the same for all learners at one moment. */
interface AtClock {
  columns: readonly (Float32Array | undefined)[];
  /** 1 where nobody took a course that may be taken: of one that is not published yet, it would say nothing. */
  untaken: Uint8Array;
}

interface LastClock {
  courses: readonly CourseFacts[];
  now: number;
  sense: Sense;
  found: AtClock;
}

const lastClock = new WeakMap<Signals, LastClock>();

/** Worked out once for all learners who are asked about at the same moment. */
function atClock(signals: Signals, courses: readonly CourseFacts[], now: number, sense: Sense): AtClock {
  const last = lastClock.get(signals);
  if (last && last.courses === courses && Object.is(last.now, now) && last.sense === sense) return last.found;
  const found = columnsAt(signals, courses, now, sense);
  lastClock.set(signals, { courses, now, sense, found });
  return found;
}

function columnsAt(signals: Signals, courses: readonly CourseFacts[], now: number, sense: Sense): AtClock {
  const size = courses.length;
  const columns: (Float32Array | undefined)[] = new Array<undefined>(FEATURES).fill(undefined);
  const set = settingIn(columns, sense);
  const popularity = popularityOf(signals.counts);
  const trendOf = (trend: 'day' | 'week' | 'month' | 'firsts'): Float32Array => signals[trend].score(emptyHistory, now);
  const month = sense.times ? trendOf('month') : undefined;
  const taken = month ?? signals.counts;
  const untaken = new Uint8Array(size);
  for (let course = 0; course < size; course++) {
    if (!(taken[course]! > 0) && !(courses[course]!.publishedAt > now)) untaken[course] = 1;
  }
  set('logPopularity', () => logPopularityOf(signals.counts));
  set('unseen', () => new Float32Array(untaken));
  if (!month) return { columns, untaken };

  set('dayLift', () => lift(trendOf('day'), popularity));
  set('weekLift', () => lift(trendOf('week'), popularity));
  set('monthLift', () => lift(month, popularity));
  set('firstsLift', () => lift(trendOf('firsts'), popularity));
  if (Number.isNaN(now)) return { columns, untaken };

  const [logAge, fresh, unpublished] = [new Float32Array(size), new Float32Array(size), new Float32Array(size)];
  for (let course = 0; course < size; course++) {
    const age = (now - courses[course]!.publishedAt) / DAY;
    if (age > 0) logAge[course] = Math.log1p(age);
    if (age >= 0) fresh[course] = Math.exp(-age / FRESH_DAYS);
    if (age < 0) unpublished[course] = 1;
  }
  set('logAge', () => logAge);
  set('fresh', () => fresh);
  set('unpublished', () => unpublished);
  return { columns, untaken };
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
