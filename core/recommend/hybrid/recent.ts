import type { Artefact, Dataset, History } from '../model.ts';
import { firstFrom } from '../tally.ts';

/** Steps ahead in a history that count as "next", and what each step further counts less. */
const LAGS = 3;
const LAG_DECAY = 0.7;
/** Courses of a history that are looked at, and what each step back counts less. */
const LOOKED_BACK = 4;
const STEP = 0.5;
/** Steps of one course that are looked at, newest first. */
const MOST_STEPS = 400;
const HALF_LIFE_DAYS = 20;
const DAY = 86_400;

/**
 * What others went on to lately from the courses of a history: each step counts 2^(−age / half-life)
 * at the clock, steps that were not made before it nothing. Where programmes change, last month says more than
 * all years together. Needs times.
 */
export interface RecentSteps {
  score(history: History, now: number): Float32Array;
  save(): Artefact;
}

/** Steps from course a: `starts[a] … starts[a + 1] − 1`, by the time at which the next course was taken. */
interface Steps {
  starts: Int32Array;
  times: Float64Array;
  next: Int32Array;
  weights: Float32Array;
}

export function fitRecent(dataset: Dataset): RecentSteps {
  const courses = dataset.courses.length;
  const starts = new Int32Array(courses + 1);
  eachStep(dataset, (from) => starts[from + 1]!++);
  for (let course = 0; course < courses; course++) starts[course + 1]! += starts[course]!;
  const filled = starts.slice(0, courses);
  const size = starts[courses]!;
  const order = { times: new Float64Array(size), next: new Int32Array(size), weights: new Float32Array(size) };
  eachStep(dataset, (from, to, time, weight) => {
    const at = filled[from]!++;
    order.times[at] = time;
    order.next[at] = to;
    order.weights[at] = weight;
  });
  const sorted: Steps = {
    starts,
    times: order.times.slice(),
    next: order.next.slice(),
    weights: order.weights.slice(),
  };
  for (let course = 0; course < courses; course++) {
    const [from, to] = [starts[course]!, starts[course + 1]!];
    const places = Int32Array.from({ length: to - from }, (_, i) => from + i);
    places.sort((a, b) => order.times[a]! - order.times[b]! || a - b);
    places.forEach((place, i) => {
      sorted.times[from + i] = order.times[place]!;
      sorted.next[from + i] = order.next[place]!;
      sorted.weights[from + i] = order.weights[place]!;
    });
  }
  return recent(sorted);
}

export function loadRecent({ arrays }: Artefact): RecentSteps {
  return recent({
    starts: arrays['starts'] as Int32Array,
    times: arrays['times'] as Float64Array,
    next: arrays['next'] as Int32Array,
    weights: arrays['weights'] as Float32Array,
  });
}

function recent({ starts, times, next, weights }: Steps): RecentSteps {
  return {
    score(history, now) {
      const scores = new Float32Array(starts.length - 1);
      let share = 1;
      for (let back = 1; back <= Math.min(LOOKED_BACK, history.items.length); back++, share *= STEP) {
        const course = history.items.at(-back)!;
        const from = starts[course]!;
        const end = starts[course + 1]!;
        const to = Number.isNaN(now) ? end : firstFrom(times, now, from, end);
        for (let at = to - 1; at >= Math.max(from, to - MOST_STEPS); at--) {
          const age = Number.isNaN(now) ? times[end - 1]! - times[at]! : now - times[at]!;
          scores[next[at]!]! += share * weights[at]! * 2 ** (-age / (HALF_LIFE_DAYS * DAY));
        }
      }
      return scores;
    },
    save: () => ({ json: {}, arrays: { starts, times, next, weights } }),
  };
}

function eachStep(dataset: Dataset, found: (from: number, to: number, time: number, weight: number) => void): void {
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const end = dataset.starts[learner + 1]!;
    for (let at = dataset.starts[learner]!; at < end; at++) {
      for (let next = at + 1; next <= Math.min(at + LAGS, end - 1); next++) {
        const time = dataset.times[next]!;
        if (Number.isNaN(time)) continue;
        found(dataset.items[at]!, dataset.items[next]!, time, LAG_DECAY ** (next - at - 1));
      }
    }
  }
}
