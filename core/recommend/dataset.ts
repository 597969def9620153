import type { LearnerState } from '../interest/state.ts';
import type { CourseFacts, Dataset, History } from './model.ts';

/** One fact of who took what, before repeats are folded. */
export interface Interaction {
  learner: string;
  course: string;
  /** Seconds since 1970 UTC; NaN when unknown. */
  time: number;
  /** Evidence of interest; the pair is left out where its sum is not positive. */
  weight: number;
  /** In [0, 1]; NaN when none was given. */
  rating: number;
}

/** Collects interactions row by row; columns, not objects, so that millions fit. */
export interface DatasetBuilder {
  /** Returns false, and counts, where the course is not in the catalogue. */
  add(learner: string, course: string, time: number, weight: number, rating: number): boolean;
  readonly unknownCourses: number;
  build(): Dataset;
}

/** A dataset over `courses`, whose order becomes the dense course index. Rows of other courses are left out. */
export function buildDataset(rows: Iterable<Interaction>, courses: readonly CourseFacts[]): Dataset {
  const builder = datasetBuilder(courses);
  for (const row of rows) builder.add(row.learner, row.course, row.time, row.weight, row.rating);
  return builder.build();
}

/**
 * A repeated (learner, course) pair counts once, at the first time it showed interest; its weights
 * are summed and its last rating stands. Within a learner the order is by time, rows of equal (or
 * no) time in the order they were added; learners are in the order they first came.
 */
export function datasetBuilder(courses: readonly CourseFacts[]): DatasetBuilder {
  const courseIndex = indexOf(courses);
  const learnerIndex = new Map<string, number>();
  let capacity = 1024;
  let size = 0;
  let unknownCourses = 0;
  let learnerOf = new Int32Array(capacity);
  let itemOf = new Int32Array(capacity);
  let timeOf = new Float64Array(capacity);
  let weightOf = new Float32Array(capacity);
  let ratingOf = new Float32Array(capacity);

  const grow = (): void => {
    capacity *= 2;
    learnerOf = copied(new Int32Array(capacity), learnerOf);
    itemOf = copied(new Int32Array(capacity), itemOf);
    timeOf = copied(new Float64Array(capacity), timeOf);
    weightOf = copied(new Float32Array(capacity), weightOf);
    ratingOf = copied(new Float32Array(capacity), ratingOf);
  };

  return {
    get unknownCourses() {
      return unknownCourses;
    },
    add(learner, course, time, weight, rating) {
      const item = courseIndex.get(course);
      if (item === undefined) {
        unknownCourses++;
        return false;
      }
      let row = learnerIndex.get(learner);
      if (row === undefined) {
        row = learnerIndex.size;
        learnerIndex.set(learner, row);
      }
      if (size === capacity) grow();
      learnerOf[size] = row;
      itemOf[size] = item;
      timeOf[size] = time;
      weightOf[size] = weight;
      ratingOf[size] = rating;
      size++;
      return true;
    },
    build() {
      const rowsOf = groupRows(learnerOf, size, learnerIndex.size);
      const starts = new Int32Array(learnerIndex.size + 1);
      const out = {
        items: new Int32Array(size),
        times: new Float64Array(size),
        weights: new Float32Array(size),
        ratings: new Float32Array(size),
      };
      const slotOf = new Int32Array(courses.length).fill(-1);
      const weightSum = new Map<number, number>();
      let filled = 0;
      for (let learner = 0; learner < learnerIndex.size; learner++) {
        const rows = rowsOf.order.subarray(rowsOf.starts[learner], rowsOf.starts[learner + 1]);
        sortByTime(rows, timeOf);
        weightSum.clear();
        for (const row of rows) {
          const item = itemOf[row]!;
          weightSum.set(item, (weightSum.get(item) ?? 0) + weightOf[row]!);
        }
        const from = filled;
        for (const row of rows) {
          const item = itemOf[row]!;
          const sum = weightSum.get(item)!;
          if (sum > 0 && slotOf[item]! < from && weightOf[row]! > 0) {
            slotOf[item] = filled;
            out.items[filled] = item;
            out.times[filled] = timeOf[row]!;
            out.weights[filled] = sum;
            out.ratings[filled] = NaN;
            filled++;
          }
        }
        for (const row of rows) {
          const slot = slotOf[itemOf[row]!]!;
          if (slot >= from && !Number.isNaN(ratingOf[row]!)) out.ratings[slot] = ratingOf[row]!;
        }
        starts[learner + 1] = filled;
      }
      return {
        learners: [...learnerIndex.keys()],
        courses,
        starts,
        items: out.items.slice(0, filled),
        times: out.times.slice(0, filled),
        weights: out.weights.slice(0, filled),
        ratings: out.ratings.slice(0, filled),
      };
    },
  };
}

/** Course id → dense index. */
export function indexOf(courses: readonly { id: string }[]): Map<string, number> {
  return new Map(courses.map((course, index) => [course.id, index]));
}

/** Whether the data carries times at all: a share of at least nine in ten of its rows. */
export function hasTimes(dataset: Dataset): boolean {
  let dated = 0;
  for (const time of dataset.times) if (!Number.isNaN(time)) dated++;
  return dated > 0 && dated >= 0.9 * dataset.times.length;
}

/** The first `length` interactions of a learner (all by default), as views into the dataset. */
export function historyAt(dataset: Dataset, learner: number, length = Infinity): History {
  const from = dataset.starts[learner]!;
  const to = Math.min(dataset.starts[learner + 1]!, from + length);
  return {
    items: dataset.items.subarray(from, to),
    times: dataset.times.subarray(from, to),
    weights: dataset.weights.subarray(from, to),
    ratings: dataset.ratings.subarray(from, to),
  };
}

export const emptyHistory: History = {
  items: new Int32Array(0),
  times: new Float64Array(0),
  weights: new Float32Array(0),
  ratings: new Float32Array(0),
};

/**
 * What a learner's state says in the columns of a dataset: courses that they did something with and
 * that speak for interest, oldest first by first time. Courses outside `courseIndex` are left out.
 */
export function historyOf(state: LearnerState, courseIndex: ReadonlyMap<string, number>): History {
  const past: { item: number; time: number; weight: number; rating: number }[] = [];
  for (const track of state.history.values()) {
    const item = courseIndex.get(track.courseId);
    if (item === undefined || track.firstAt === null || track.dismissed || track.weight <= 0) continue;
    past.push({ item, time: track.firstAt / 1000, weight: track.weight, rating: track.rating ?? NaN });
  }
  past.sort((a, b) => a.time - b.time || a.item - b.item);
  return {
    items: Int32Array.from(past, ({ item }) => item),
    times: Float64Array.from(past, ({ time }) => time),
    weights: Float32Array.from(past, ({ weight }) => weight),
    ratings: Float32Array.from(past, ({ rating }) => rating),
  };
}

/**
 * The interactions for which `keep(learner, position)` holds; `position` counts a learner's
 * interactions from 0. Learners stay, with an empty row where nothing is kept.
 */
export function filterDataset(dataset: Dataset, keep: (learner: number, position: number) => boolean): Dataset {
  const kept = new Int32Array(dataset.items.length);
  const starts = new Int32Array(dataset.starts.length);
  let filled = 0;
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const from = dataset.starts[learner]!;
    for (let at = from; at < dataset.starts[learner + 1]!; at++) if (keep(learner, at - from)) kept[filled++] = at;
    starts[learner + 1] = filled;
  }
  const at = kept.subarray(0, filled);
  return {
    ...dataset,
    starts,
    items: Int32Array.from(at, (index) => dataset.items[index]!),
    times: Float64Array.from(at, (index) => dataset.times[index]!),
    weights: Float32Array.from(at, (index) => dataset.weights[index]!),
    ratings: Float32Array.from(at, (index) => dataset.ratings[index]!),
  };
}

/** How often each course was taken. */
export function courseCounts(dataset: Dataset): Float64Array {
  const counts = new Float64Array(dataset.courses.length);
  for (const item of dataset.items) counts[item]!++;
  return counts;
}

function groupRows(groupOf: Int32Array, size: number, groups: number): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(groups + 1);
  for (let row = 0; row < size; row++) starts[groupOf[row]! + 1]!++;
  for (let group = 0; group < groups; group++) starts[group + 1]! += starts[group]!;
  const next = starts.slice(0, groups);
  const order = new Int32Array(size);
  for (let row = 0; row < size; row++) order[next[groupOf[row]!]!++] = row;
  return { starts, order };
}

/** Rows without a time come first: they can not be said to be newer than any other. */
function sortByTime(rows: Int32Array, times: Float64Array): void {
  const key = (row: number): number => (Number.isNaN(times[row]!) ? -Infinity : times[row]!);
  let sorted = true;
  for (let i = 1; i < rows.length && sorted; i++) sorted = key(rows[i - 1]!) <= key(rows[i]!);
  if (!sorted) rows.sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)));
}

function copied<T extends Int32Array | Float64Array | Float32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
