/** Which course a message in free text means. */

import { courseTitle } from '../../core/catalogue/course.ts';
import type { Press, Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { coursesOf } from './courses.ts';
import { button, say } from './say.ts';
import type { Answer, Said } from './skill.ts';

export interface Mention {
  course: string;
  ref?: string;
}

/** Score of a course that holds enough of the words to be the one they name. */
const NAMED = 0.4;

/** By its place in the last list, by its name, or as the course spoken of last. */
export function mentioned(context: Context, said: Said): Mention | undefined {
  const { ordinal, courseQuery } = said.slots;
  const { list, course, courseRef } = context.state;
  if (ordinal !== undefined) {
    const id = list?.courses.at(ordinal > 0 ? ordinal - 1 : ordinal);
    return id === undefined ? undefined : { course: id, ref: `s${list!.slate}` };
  }
  const named = courseQuery === undefined ? undefined : courseNamed(context, courseQuery);
  if (named !== undefined) return { course: named };
  if (course !== undefined) return { course, ...(courseRef !== undefined && { ref: courseRef }) };
  const only = list?.courses.length === 1 ? list.courses[0] : undefined;
  return only === undefined ? undefined : { course: only, ref: `s${list!.slate}` };
}

/** The course that words name, if they name one well enough. */
export function courseNamed({ services }: Context, words: string): string | undefined {
  const [hit] = services.search().search(words, { limit: 1 });
  return hit && hit.score >= NAMED ? hit.course.id : undefined;
}

/** A press without a course, such as a command, on the course spoken of last; undefined where there is none. */
export function onSpokenOf(
  context: Context,
  { course: own, ...press }: Press,
): (Press & { course: string }) | undefined {
  if (own !== undefined) return { ...press, course: own };
  const { course, courseRef } = context.state;
  return course === undefined ? undefined : { ...press, course, ...(courseRef !== undefined && { ref: courseRef }) };
}

/** Carries out `press` on the course that is meant, or asks which one. */
export function onMentioned(context: Context, said: Said, press: Press): Answer {
  const mention = mentioned(context, said);
  if (mention) return context.press({ ...press, ...mention });
  return [whichCourse(context, press)];
}

/** Asks for the course, with those of the last list to choose from. */
export function whichCourse(context: Context, press: Press): Reply {
  const { list } = context.state;
  const courses = coursesOf(context, list?.courses ?? []);
  if (courses.length === 0) return say('course.which-none', {}, [[...recoverButtons]]);
  return say(
    'course.which',
    {},
    courses.map((course) => [button({ ...press, course: course.id, ref: `s${list!.slate}` }, courseTitle(course))]),
  );
}

const recoverButtons = [
  button({ action: 'courses' }, { key: 'button.courses' }),
  button({ action: 'search' }, { key: 'button.search' }),
];
