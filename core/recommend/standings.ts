import type { Course } from '../catalogue/course.ts';
import { FEWEST, type Popularity } from './popularity.ts';

/** Places of a topic's ranking that count as popular: ten, and never more than a third of its courses. */
const TOP = 10;
const DAY = 86_400;

/** Where courses stand among those of a topic by how many learners took them; '' is all topics. */
export interface Standings {
  /** Whether the course is among the most taken of its topic in the seven days before `now` (seconds). */
  ofWeek(item: number, topic: string, now: number): boolean;
  /** The same, of all time. */
  ever(item: number, topic: string): boolean;
}

/**
 * @param courses by live index; archived ones do not compete.
 * @param learners how many took a course, ever.
 * @param lastWeek how many in the seven days before.
 */
export function createStandings(
  courses: readonly Course[],
  learners: (item: number) => number,
  lastWeek: (item: number, now: number) => number,
): Standings {
  const members = membersByTopic(courses);
  const all = memo((topic) => leaders(members.get(topic) ?? [], learners));
  let day = NaN;
  let week = memo(() => new Set<number>());
  return {
    ofWeek(item, topic, now) {
      // The counts change with the day, not within it.
      if (Math.floor(now / DAY) !== day) {
        day = Math.floor(now / DAY);
        week = memo((each) => leaders(members.get(each) ?? [], (course) => lastWeek(course, now)));
      }
      return week(topic).has(item);
    },
    ever: (item, topic) => all(topic).has(item),
  };
}

/** Counts of a trained version by live index. */
export function countsOf(
  popularity: Popularity | undefined,
  toModel: Int32Array,
): { learners: (item: number) => number; lastWeek: (item: number, now: number) => number } {
  return {
    learners: (item) => (popularity && toModel[item]! >= 0 ? popularity.learners[toModel[item]!]! : 0),
    lastWeek: (item, now) => (popularity && toModel[item]! >= 0 ? popularity.lastWeek(toModel[item]!, now) : 0),
  };
}

function membersByTopic(courses: readonly Course[]): Map<string, number[]> {
  const members = new Map<string, number[]>([['', []]]);
  for (const [item, course] of courses.entries()) {
    if (course.archived) continue;
    for (const topic of ['', ...course.topics]) {
      const list = members.get(topic);
      if (list) list.push(item);
      else members.set(topic, [item]);
    }
  }
  return members;
}

/** Courses that tie with the last place are in as well. */
function leaders(items: readonly number[], count: (item: number) => number): Set<number> {
  const counts = items.map(count).sort((a, b) => b - a);
  const places = Math.min(TOP, Math.ceil(items.length / 3));
  const least = Math.max(FEWEST, counts[places - 1] ?? Infinity);
  return new Set(items.filter((item) => count(item) >= least));
}

function memo<T>(compute: (topic: string) => T): (topic: string) => T {
  const known = new Map<string, T>();
  return (topic) => {
    let value = known.get(topic);
    if (value === undefined) known.set(topic, (value = compute(topic)));
    return value;
  };
}
