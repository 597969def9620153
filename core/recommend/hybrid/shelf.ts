import { decayedWeights } from '../decay.ts';
import type { Artefact, CourseFacts, Dataset, History } from '../model.ts';

/** Places to either side on the shelf within which courses are neighbours. */
const REACH = 30;
/** Steps ahead in a history that count as "next". */
const LAGS = 3;
const SMOOTHING = 5;

/**
 * How courses stand on the shelf: in order of publication, or as the catalogue lists them. Series and
 * lessons that belong together stand side by side in either.
 */
export type ShelfOrder = 'published' | 'listed';

/**
 * How much likelier a learner goes on to a course that stands `d` places further on the shelf. A lift
 * of 1 says that the place tells nothing.
 */
export interface Shelf {
  /** Mean lift of every course against the history, newest courses counting most. */
  lifts(history: History, step: number): Float32Array;
  save(): Artefact;
}

/** Undefined for a catalogue that is listed as it was published. */
export function fitShelf(dataset: Dataset, order: ShelfOrder): Shelf | undefined {
  const published = placesOf(dataset.courses);
  if (order === 'listed' && published.every((place, course) => place === course)) return undefined;
  const place = order === 'listed' ? published.map((_, course) => course) : published;
  const counts = new Float64Array(2 * REACH + 1);
  let total = 0;
  for (let learner = 0; learner < dataset.learners.length; learner++) {
    const to = dataset.starts[learner + 1]!;
    for (let at = dataset.starts[learner]!; at < to; at++) {
      for (let next = at + 1; next <= Math.min(at + LAGS, to - 1); next++) {
        const distance = place[dataset.items[next]!]! - place[dataset.items[at]!]!;
        total++;
        if (Math.abs(distance) <= REACH) counts[distance + REACH]!++;
      }
    }
  }
  const expected = total / Math.max(1, dataset.courses.length);
  const near = counts.reduce((sum, count) => sum + count, 0);
  const far = total - near;
  const farPlaces = Math.max(1, dataset.courses.length - counts.length);
  return shelf(
    place,
    Float64Array.from(counts, (count) => (count + SMOOTHING) / (expected + SMOOTHING)),
    (far / farPlaces + SMOOTHING) / (expected + SMOOTHING),
  );
}

export function loadShelf(artefact: Artefact): Shelf {
  return shelf(
    artefact.arrays['place'] as Int32Array,
    artefact.arrays['lift'] as Float64Array,
    (artefact.json as { far: number }).far,
  );
}

function shelf(place: Int32Array, lift: Float64Array, far: number): Shelf {
  const courseAt = new Int32Array(place.length);
  place.forEach((at, course) => (courseAt[at] = course));
  return {
    lifts(history, step) {
      const lifts = new Float32Array(place.length);
      let total = 0;
      for (const { item, weight } of decayedWeights(history, step)) {
        total += weight;
        const own = place[item]!;
        for (let at = Math.max(0, own - REACH); at <= Math.min(place.length - 1, own + REACH); at++) {
          lifts[courseAt[at]!]! += weight * (lift[at - own + REACH]! - far);
        }
      }
      if (total === 0) return lifts.fill(1);
      for (let course = 0; course < lifts.length; course++) lifts[course] = lifts[course]! / total + far;
      return lifts;
    },
    save: () => ({ json: { far }, arrays: { place, lift } }),
  };
}

/** By time of publication; of the same time by id, numbers in their order. */
function placesOf(courses: readonly CourseFacts[]): Int32Array {
  const { compare } = new Intl.Collator('en', { numeric: true });
  const time = (course: CourseFacts): number => (Number.isNaN(course.publishedAt) ? -Infinity : course.publishedAt);
  const order = Array.from(courses, (_, index) => index).sort((a, b) => {
    const [one, other] = [courses[a]!, courses[b]!];
    const [first, second] = [time(one), time(other)];
    return first === second ? compare(one.id, other.id) : first - second;
  });
  const place = new Int32Array(courses.length);
  order.forEach((course, at) => (place[course] = at));
  return place;
}
