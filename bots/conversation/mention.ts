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
  if (courseQuery !== undefined) {
    const [hit] = context.services.search().search(courseQuery, { limit: 1 });
    if (hit && hit.score >= NAMED) return { course: hit.course.id };
  }
  if (course !== undefined) return { course, ...(courseRef !== undefined && { ref: courseRef }) };
  const only = list?.courses.length === 1 ? list.courses[0] : undefined;
  return only === undefined ? undefined : { course: only, ref: `s${list!.slate}` };
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
