import type { Random } from '../../numerics/random.ts';
import type { Dataset } from '../model.ts';
import type { Batch } from './network.ts';

/** Kinds of time between two courses; 0 where there is none to tell. */
export const GAPS = 16;

/** Seconds since the course before, on a scale of logarithms: within a minute 1, beyond a few years 15. */
export function gapBucket(seconds: number): number {
  if (!(seconds >= 0)) return 0;
  return Math.min(GAPS - 1, 1 + Math.floor(Math.max(0, Math.log2((seconds + 1) / 60)) * 0.68));
}

/** Part of one learner's courses: positions `from … to − 1` of the dataset are to be told from those before. */
interface Window {
  from: number;
  to: number;
  /** Whether the learner's first course is the first of it: it is told from nothing then. */
  begins: boolean;
}

/** What of a dataset is trained on, dealt into batches anew each epoch. */
export interface Sequences {
  /** Courses to be told, the same in every epoch. */
  readonly labels: number;
  /** One epoch in the order of chance; sequences of a batch are about equally long. */
  epoch(random: Random): Batch[];
}

/** Batches that are sorted by length together: shuffled enough, padded little. */
const SORTED_TOGETHER = 24;

/**
 * Every course of every learner is told once an epoch from up to `length` inputs before it: the courses,
 * and a beginning where the learner begins. Long histories are cut into windows.
 *
 * @param of dense course index → index among the courses that training knows.
 * @param batch courses to be told in one batch, about.
 * @param shuffled order means nothing: each epoch sees each learner's courses in another one.
 */
export function sequencesOf(
  dataset: Dataset,
  { of, length, batch, shuffled }: { of: Int32Array; length: number; batch: number; shuffled: boolean },
): Sequences {
  const windows: Window[] = [];
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const first = dataset.starts[learner]!;
    for (let to = dataset.starts[learner + 1]!; to > first; to -= length) {
      const from = Math.max(first, to - length);
      windows.push({ from, to, begins: from === first });
    }
  }
  const labels = dataset.items.length;
  const items = Int32Array.from(dataset.items, (item) => of[item]!);
  return {
    labels,
    epoch(random) {
      if (shuffled) {
        for (let learner = 0; learner < dataset.learners.length; learner++) {
          random.shuffle(items.subarray(dataset.starts[learner], dataset.starts[learner + 1]));
        }
      }
      const order = random.shuffle(windows.slice());
      const batches: Window[][] = [];
      for (const part of parts(order, batch * SORTED_TOGETHER)) {
        part.sort((a, b) => a.to - a.from - (b.to - b.from));
        batches.push(...parts(part, batch));
      }
      return random.shuffle(batches).map((own) => batchOf(own, items, shuffled ? undefined : dataset.times));
    },
  };
}

/** Runs of windows with about `labels` courses to be told in each. */
function parts(windows: readonly Window[], labels: number): Window[][] {
  const total = windows.reduce((sum, { from, to }) => sum + to - from, 0);
  const each = total / Math.max(1, Math.round(total / labels));
  const out: Window[][] = [];
  let told = 0;
  for (const window of windows) {
    if (told >= out.length * each) out.push([]);
    out.at(-1)!.push(window);
    told += window.to - window.from;
  }
  return out;
}

function batchOf(windows: readonly Window[], items: Int32Array, times: Float64Array | undefined): Batch {
  const count = windows.length;
  // Never of one place alone, where a recurrent network has nothing to take a gradient by.
  const length = Math.max(2, ...windows.map(({ from, to }) => to - from));
  const inputs = new Int32Array(count * length);
  const gaps = new Int32Array(count * length);
  const total = windows.reduce((sum, { from, to }) => sum + to - from, 0);
  const places = new Int32Array(total);
  const labels = new Int32Array(total);
  let told = 0;
  windows.forEach(({ from, to, begins }, row) => {
    for (let at = from; at < to; at++) {
      const place = row * length + at - from;
      if (at > from || !begins) {
        inputs[place] = items[at - 1]! + 1;
        const second = at - 2 >= from || (!begins && at - 2 >= 0 && at > from);
        if (times && second) gaps[place] = gapBucket(times[at - 1]! - times[at - 2]!);
      }
      places[told] = place;
      labels[told++] = items[at]!;
    }
  });
  return { count, length, inputs, places, labels, gaps };
}
