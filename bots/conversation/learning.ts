/** Where a learner stands with a course of theirs, put into words and buttons. */

import type { Course } from '../../core/catalogue/course.ts';
import { lessonText } from '../../core/campaign/reminder.ts';
import { standingOf, standingsOf, type Standing } from '../../core/insight/lesson.ts';
import type { Button, Text } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { coursesOf, trackOf } from './courses.ts';
import { button, text } from './say.ts';

/** The learner's own courses: begun ones first, the latest on top; then those not begun; then the finished. */
export async function ownStandings(context: Context): Promise<Standing[]> {
  const [behaviour, owned] = await Promise.all([context.behaviour(), context.owned()]);
  return standingsOf(coursesOf(context, [...owned]), behaviour?.history);
}

export async function standingWith(context: Context, course: Course): Promise<Standing> {
  return standingOf(course, await trackOf(context, course.id));
}

export function standingText({ state, share, next }: Standing): Text {
  if (state === 'completed') return text('standing.completed');
  return text('learning.standing', {
    percent: state === 'begun' ? Math.round(share * 100) : 0,
    lesson: next ? lessonText(next) : '',
  });
}

/** Marks the next lesson done, for courses whose lessons are known. */
export function lessonButton({ course, next }: Standing, ref = ''): Button[] {
  if (!next) return [];
  const press = { action: 'lesson', course: course.id, value: String(next.number), ref };
  return [button(press, text('button.lesson', { number: next.number }))];
}
