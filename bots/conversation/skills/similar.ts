import { courseTitle } from '../../../core/catalogue/course.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { onMentioned } from '../mention.ts';
import { named, say } from '../say.ts';
import { showSlate } from '../slates.ts';
import { defineSkill } from '../skill.ts';
import { gone } from './course.ts';

export const similar = defineSkill({
  name: 'similar',
  open: true,
  presses: { similar: answer },
  intents: { similar: (context, said) => onMentioned(context, said, { action: 'similar' }) },
});

async function answer(context: Context, { course: id }: Press): Promise<Reply[]> {
  const { services, learner, now, random } = context;
  const course = id === undefined ? undefined : services.catalogue.get(id);
  if (!course) return [gone()];
  const recommender = services.recommender();
  if (!recommender) return [say('recommend.not-ready', {}, [[named('search', { action: 'search' })]])];
  const [behaviour, owned] = await Promise.all([context.personal ? context.behaviour() : undefined, context.owned()]);
  const slate = recommender.similar(course.id, {
    count: services.slate,
    now,
    random,
    exclude: [...owned],
    ...(behaviour && { state: behaviour, learnerId: learner.id }),
  });
  const title = courseTitle(course);
  if (slate.items.length === 0)
    return [say('similar.none', { title }, [[named('recommend', { action: 'recommend' })]])];
  return [say('similar', { title }), ...(await showSlate(context, slate))];
}
