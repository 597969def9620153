/** Showing what a recommender made. */

import { impressionEvents, type Slate } from '../../core/recommend/recommender.ts';
import type { Press, Reply } from '../../core/language/reply.ts';
import type { Context } from './context.ts';
import { courseItem, rememberList } from './courses.ts';

/** The courses of a slate as messages; remembers them and notes their impressions. */
export async function showSlate(context: Context, made: Slate, more?: Press): Promise<Reply[]> {
  // Named by the turn: when the turn is handled again, its impressions are the same facts.
  const slate = { ...made, id: context.key('slate', made.list) };
  const courses = slate.items.map((item) => item.courseId);
  rememberList(context, slate.list, slate.id, courses, more);
  if (context.records) {
    context.keep(...impressionEvents(slate, context.learner.id, context.turn.channel, context.now));
  }
  const shown = slate.items.flatMap(({ courseId, reason }) => {
    const course = context.services.catalogue.get(courseId);
    return course ? [courseItem(context, slate.list, course, `s${slate.id}`, reason)] : [];
  });
  return Promise.all(shown);
}
