import type { CourseTrack } from '../behaviour/track.ts';
import { LESSONS, type Course } from '../catalogue/course.ts';

/** More are a mistake in the catalogue. */
const MOST = 1000;
/** Shares are k / n in floating point: 3/7 · 7 may be a little under 3. */
const EPSILON = 1e-9;

/** One lesson of a course: the `number`th (from 1) of `count`. */
export interface Lesson {
  number: number;
  count: number;
  /** As the catalogue names it; undefined where it only counts them. */
  title: string | undefined;
}

/** Lessons of a course: its column `lessons` holds how many, or their titles with `|` between. Undefined where it says nothing. */
export function lessonsOf(course: Pick<Course, 'attributes'>): { count: number; titles: string[] } | undefined {
  const said = course.attributes[LESSONS]?.trim() ?? '';
  if (/^\d+(?:\.0+)?$/.test(said)) {
    const count = Number(said);
    return count >= 1 && count <= MOST ? { count, titles: [] } : undefined;
  }
  const titles = said
    .split('|')
    .map((title) => title.trim())
    .filter((title) => title !== '');
  return titles.length > 0 && titles.length <= MOST ? { count: titles.length, titles } : undefined;
}

/** The `number`th lesson, if the course has one. */
export function lessonAt(course: Pick<Course, 'attributes'>, number: number): Lesson | undefined {
  const lessons = lessonsOf(course);
  if (!lessons || !Number.isInteger(number) || number < 1 || number > lessons.count) return undefined;
  return { number, count: lessons.count, title: lessons.titles[number - 1] };
}

/** The first lesson that is not wholly within the share done; undefined when all are, or none are known. */
export function nextLesson(course: Pick<Course, 'attributes'>, share: number): Lesson | undefined {
  return lessonAt(course, Math.floor(share * (lessonsOf(course)?.count ?? 0) + EPSILON) + 1);
}

/** The share of a course done once its `number`th lesson is. */
export const shareAfter = ({ number, count }: Lesson): number => number / count;

/** Where a learner stands with a course of theirs. */
export interface Standing {
  course: Course;
  /** In [0, 1]. */
  share: number;
  state: 'begun' | 'not-begun' | 'completed';
  next: Lesson | undefined;
}

/** The learner's courses: begun ones first, the latest on top; then those not begun; then the finished. */
export function standingsOf(courses: readonly Course[], history?: ReadonlyMap<string, CourseTrack>): Standing[] {
  const order = ['begun', 'not-begun', 'completed'];
  const lastAt = ({ course }: Standing) => history?.get(course.id)?.lastAt ?? 0;
  return courses
    .map((course) => standingOf(course, history?.get(course.id)))
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || lastAt(b) - lastAt(a));
}

export function standingOf(course: Course, track: CourseTrack | undefined): Standing {
  const share = track?.completed ? 1 : (track?.progress ?? 0);
  const state = track?.completed ? 'completed' : share > 0 ? 'begun' : 'not-begun';
  return { course, share, state, next: state === 'completed' ? undefined : nextLesson(course, share) };
}
