/** Where a platform forbids to learn from what people write, a button says what words may not. */

import type { EventTypeName } from '../../core/behaviour/event-types.ts';
import type { NewEvent } from '../../core/behaviour/event.ts';
import { courseTitle } from '../../core/catalogue/course.ts';
import type { Press, Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { named, say } from './say.ts';

/** What a person states on purpose, by the event that it becomes; each has a button of the same name. */
const statements: ReadonlySet<EventTypeName> = new Set([
  'save',
  'unsave',
  'rate',
  'dismiss',
  'undismiss',
  'progress',
  'complete',
]);

const STEPS_OF_STARS = 4;

/** What to answer instead, when words said something that only a button may; undefined else. */
export function askToPress(context: Context): Reply[] | undefined {
  const stated = context.forbidden.filter(({ type, courseId }) => statements.has(type) && courseId !== null);
  if (stated.length === 0) return undefined;
  return stated.flatMap((event) => {
    const course = context.services.catalogue.get(event.courseId!);
    if (!course) return [];
    return [say('unrecorded.press', { title: courseTitle(course) }, [[named(event.type, pressFor(event))]])];
  });
}

function pressFor({ type, courseId, value }: NewEvent): Press {
  const about = { action: type, course: courseId! };
  if (type === 'rate') return { ...about, value: String(Math.round((value ?? 0) * STEPS_OF_STARS) + 1) };
  if (type === 'progress') return { ...about, value: String(Math.round((value ?? 0) * 100)) };
  return about;
}
