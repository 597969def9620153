import { quantile } from '../../numerics/statistics.ts';
import { categoricalColumns, valuesOf } from '../content-vectors.ts';
import { decayedWeights } from '../decay.ts';
import type { Artefact, CourseFacts, Dataset, History } from '../model.ts';

/** Kinds of labels that are told apart: what a course is about, how hard it is, and all else. */
export const labelKinds = ['topic', 'level', 'other'] as const;
export type LabelKind = (typeof labelKinds)[number];

/** Steps ahead in a history that count as "next", and what each step further counts less. */
const LAGS = 3;
const LAG_DECAY = 0.7;
/** Without order every pair of a learner's courses this near counts, in both directions. */
const AROUND = 10;
/** Pairs that any two labels are given before their own count in full. */
const SMOOTHING = 5;
/** Labels of a kind that are told apart, the most frequent; all others are one. */
const MOST_LABELS = 300;
const MISSING = '';

/**
 * How much likelier a learner goes on from a course with one label to a course with another than by
 * chance: whoever learned the basics of a tool goes on to its next level, or to the tool that is used
 * beside it. No label is a label of its own. A lift of 1 says that labels tell nothing.
 */
export interface Labels {
  /** Logarithm of the lift of every course by the labels of a kind; undefined where courses have none. */
  lifts(history: History, step: number, kind: LabelKind): Float32Array | undefined;
  save(): Artefact;
}

/** One column of labels: `starts` and `labels` as compressed rows over courses, `lift` [from][to]. */
interface Column {
  kind: LabelKind;
  size: number;
  starts: Int32Array;
  labels: Int32Array;
  lift: Float32Array;
}

/** @param ordered whether the order of a learner's courses means anything. */
export function fitLabels(dataset: Dataset, ordered: boolean): Labels {
  return labelsOf(
    columnsOf(dataset.courses).map((column) => ({ ...column, lift: liftsOf(dataset, column, ordered) })),
    dataset.courses.length,
  );
}

export function loadLabels({ json, arrays }: Artefact): Labels {
  const { columns, courses } = json as { columns: { kind: LabelKind; size: number }[]; courses: number };
  return labelsOf(
    columns.map((column, at) => ({
      ...column,
      starts: arrays[`starts${at}`] as Int32Array,
      labels: arrays[`labels${at}`] as Int32Array,
      lift: arrays[`lift${at}`] as Float32Array,
    })),
    courses,
  );
}

function labelsOf(columns: readonly Column[], courses: number): Labels {
  return {
    lifts(history, step, kind) {
      const own = columns.filter((column) => column.kind === kind);
      if (own.length === 0) return undefined;
      const past = decayedWeights(history, step);
      const lifts = new Float32Array(courses);
      for (const column of own) addLifts(column, past, lifts);
      return lifts;
    },
    save() {
      const arrays: Artefact['arrays'] = {};
      columns.forEach(({ starts, labels, lift }, at) => {
        Object.assign(arrays, { [`starts${at}`]: starts, [`labels${at}`]: labels, [`lift${at}`]: lift });
      });
      return { json: { columns: columns.map(({ kind, size }) => ({ kind, size })), courses }, arrays };
    },
  };
}

/** Adds the logarithm of the mean lift, over the history by weight and over a course's labels alike. */
function addLifts(
  { size, starts, labels, lift }: Column,
  past: readonly { item: number; weight: number }[],
  lifts: Float32Array,
): void {
  const expected = new Float64Array(size);
  let total = 0;
  for (const { item, weight } of past) {
    const [from, to] = [starts[item]!, starts[item + 1]!];
    total += weight;
    for (let at = from; at < to; at++) {
      const row = labels[at]! * size;
      const share = weight / (to - from);
      for (let label = 0; label < size; label++) expected[label]! += share * lift[row + label]!;
    }
  }
  if (total === 0) return;
  for (let course = 0; course < lifts.length; course++) {
    const [from, to] = [starts[course]!, starts[course + 1]!];
    let sum = 0;
    for (let at = from; at < to; at++) sum += expected[labels[at]!]!;
    lifts[course]! += Math.log(sum / (to - from) / total);
  }
}

function liftsOf(dataset: Dataset, { size, starts, labels }: Omit<Column, 'lift'>, ordered: boolean): Float32Array {
  const pairs = new Float64Array(size * size);
  const from = new Float64Array(size);
  const to = new Float64Array(size);
  let total = 0;
  const add = (a: number, b: number, weight: number): void => {
    const [aFrom, aTo, bFrom, bTo] = [starts[a]!, starts[a + 1]!, starts[b]!, starts[b + 1]!];
    const share = weight / ((aTo - aFrom) * (bTo - bFrom));
    total += weight;
    for (let i = aFrom; i < aTo; i++) {
      for (let j = bFrom; j < bTo; j++) {
        pairs[labels[i]! * size + labels[j]!]! += share;
        from[labels[i]!]! += share;
        to[labels[j]!]! += share;
      }
    }
  };
  const lags = ordered ? LAGS : AROUND;
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const end = dataset.starts[learner + 1]!;
    for (let at = dataset.starts[learner]!; at < end; at++) {
      for (let next = at + 1; next <= Math.min(at + lags, end - 1); next++) {
        const weight = ordered ? LAG_DECAY ** (next - at - 1) : 1;
        add(dataset.items[at]!, dataset.items[next]!, weight);
        if (!ordered) add(dataset.items[next]!, dataset.items[at]!, weight);
      }
    }
  }
  return Float32Array.from(pairs, (count, at) => {
    const chance = total === 0 ? 0 : (from[Math.floor(at / size)]! * to[at % size]!) / total;
    return (count + SMOOTHING) / (chance + SMOOTHING);
  });
}

/** Free, or a quarter of what the priced courses in the same currency cost. */
function priceBands(courses: readonly CourseFacts[]): (course: CourseFacts) => string[] {
  const limits = new Map(
    Array.from(new Set(courses.map(({ currency }) => currency)), (currency) => {
      const prices = courses.flatMap((course) => (course.currency === currency ? course.priceMinor || [] : []));
      return [currency, [0.25, 0.5, 0.75].map((share) => quantile(prices, share))];
    }),
  );
  return ({ priceMinor, currency }) => {
    if (priceMinor === null) return [];
    if (priceMinor === 0) return ['free'];
    return [`price ${limits.get(currency)!.filter((limit) => priceMinor > limit).length + 1} of 4`];
  };
}

/** Columns that tell courses apart. */
function columnsOf(courses: readonly CourseFacts[]): Omit<Column, 'lift'>[] {
  const columns: [LabelKind, (course: CourseFacts) => readonly string[]][] = [
    ['topic', ({ topics }) => topics],
    ['level', ({ level }) => (level ? [level] : [])],
    ['other', ({ instructor }) => (instructor ? [instructor] : [])],
    ['other', ({ language }) => (language ? [language] : [])],
    ['other', priceBands(courses)],
    ...categoricalColumns(courses).map((name): [LabelKind, (course: CourseFacts) => string[]] => [
      'other',
      ({ attributes }) => valuesOf(attributes[name]),
    ]),
  ];
  return columns.flatMap(([kind, labelsOfCourse]) => {
    const named = courses.map((course) => {
      const found = [...new Set(labelsOfCourse(course).map((label) => label.toLowerCase()))];
      return found.length > 0 ? found : [MISSING];
    });
    const frequency = new Map<string, number>();
    for (const label of named.flat()) frequency.set(label, (frequency.get(label) ?? 0) + 1);
    if (frequency.size < 2) return [];
    const kept = [...frequency.keys()].sort((a, b) => frequency.get(b)! - frequency.get(a)! || (a < b ? -1 : 1));
    const indexOf = new Map(kept.map((label, at) => [label, Math.min(at, MOST_LABELS)]));
    const starts = new Int32Array(courses.length + 1);
    named.forEach((labels, course) => (starts[course + 1] = starts[course]! + labels.length));
    const labels = Int32Array.from(named.flat(), (label) => indexOf.get(label)!);
    return [{ kind, size: Math.min(kept.length, MOST_LABELS + 1), starts, labels }];
  });
}
