import type { Press, Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { circumstancesFor } from '../origin.ts';
import { defineSkill } from '../skill.ts';

/** Ratings that reactions stand for. */
const RATINGS: Readonly<Record<string, number>> = { love: 1, like: 0.75, dislike: 0 };

/**
 * A reaction to a message that shows a course is a rating, and the newest one is what counts. One that is taken back
 * records nothing: where several can stand side by side, taking one back says nothing of the others.
 */
export const react = defineSkill({
  name: 'react',
  open: true,
  presses: { react: answer },
});

async function answer(context: Context, { course: id, value = '', ref }: Press): Promise<Reply[]> {
  const course = id === undefined ? undefined : context.services.catalogue.get(id);
  const rating = RATINGS[value];
  if (!course || rating === undefined || !context.records) return [];
  const circumstances = await circumstancesFor(context, course.id, ref);
  context.record('rate', { course: course.id, value: rating, circumstances });
  context.outcome = 'rated';
  return [];
}
