/** How courses are shown: as items of a list, with the buttons that fit where the learner stands with them. */

import { courseTitle, type Course } from '../../core/catalogue/course.ts';
import type { CourseTrack } from '../../core/behaviour/track.ts';
import { encodePress, type Button, type Press, type Reply, type Text } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { named, say } from './say.ts';
import { metaLine } from './wording.ts';

/** Courses of the catalogue by id, those that left it skipped. */
export function coursesOf(context: Context, ids: readonly string[]): Course[] {
  return ids.map((id) => context.services.catalogue.get(id)).filter((course) => course !== undefined);
}

/** Where the learner stands with a course; nothing where others read. */
export async function trackOf(context: Context, course: string): Promise<CourseTrack | undefined> {
  if (context.exposed) return undefined;
  return (await context.behaviour())?.history.get(course);
}

/** One course of the list of that name, as a message of its own. */
export async function courseItem(
  context: Context,
  list: string,
  course: Course,
  ref: string,
  reason?: Text,
): Promise<Reply> {
  const args = { title: courseTitle(course), meta: metaLine(course, context.services.currency, context.tariff) };
  const item = reason ? say('course.item-because', { ...args, reason }) : say('course.item', args);
  return { ...item, course: course.id, list, buttons: await itemButtons(context, course, ref) };
}

async function itemButtons(context: Context, course: Course, ref: string): Promise<Button[][]> {
  const about = { course: course.id, ref };
  const details = named('details', { action: 'course', ...about });
  const track = await trackOf(context, course.id);
  if ((await context.owned()).has(course.id)) return [[details, named('progress', { action: 'progress', ...about })]];
  const save = track?.saved
    ? named('unsave', { action: 'unsave', ...about })
    : named('save', { action: 'save', ...about });
  const dismiss = named('dismiss', { action: 'dismiss', ...about });
  return [[details, save, dismiss, ...buyButton(context, course, ref)]];
}

/** Nothing for what can not be bought here. */
export function buyButton(context: Context, course: Course, ref: string): Button[] {
  const list = context.quote(course);
  if (course.archived || !list) return [];
  const name = list.listMinor === 0 ? 'enrol' : 'buy';
  return [named(name, { action: 'buy', course: course.id, ref })];
}

/** Remembers what was shown, so that "the second one" finds it; `more` is the button that goes on with it. */
export function rememberList(
  { state }: Context,
  list: string,
  slate: string,
  courses: readonly string[],
  more?: Press,
) {
  state.list = { list, slate, courses: [...courses], ...(more && { more: encodePress(more) }) };
  // Beside courses like it, the course itself is still the one spoken of.
  if (list === 'similar') return;
  state.course = undefined;
  state.courseRef = undefined;
}

/** Impressions of a list that no recommender made. */
export function recordShown(context: Context, list: string, slate: string, courses: readonly string[], from = 0) {
  courses.forEach((course, index) =>
    context.record('impression', { course, circumstances: { list, slate, position: from + index } }),
  );
}
