import { courseTitle } from '../../../core/catalogue/course.ts';
import { impressionEvents } from '../../../core/recommend/recommender.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { ownedOf, rememberList } from '../courses.ts';
import { onMentioned } from '../mention.ts';
import { circumstancesFor, messageOf } from '../origin.ts';
import { named, say } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { gone } from './course.ts';
import { items } from './recommend.ts';

export const similar = defineSkill({
  name: 'similar',
  presses: { similar: answer },
  intents: { similar: (context, said) => onMentioned(context, said, { action: 'similar' }) },
});

async function answer(context: Context, { course: id, ref }: Press): Promise<Reply[]> {
  const { services, learner, turn, now, random } = context;
  const course = id === undefined ? undefined : services.catalogue.get(id);
  if (!course) return [gone()];
  const recommender = services.recommender();
  if (!recommender) return [say('recommend.not-ready', {}, [[named('search', { action: 'search' })]])];
  if (messageOf(ref)) {
    context.record('click', { course: course.id, circumstances: await circumstancesFor(context, course.id, ref) });
  }
  const [behaviour, owned] = await Promise.all([context.personal ? context.behaviour() : undefined, ownedOf(context)]);
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
  rememberList(
    context,
    slate.list,
    slate.id,
    slate.items.map((item) => item.courseId),
  );
  if (context.records) context.events.push(...impressionEvents(slate, learner.id, turn.channel, now));
  return [say('similar', { title }), ...(await items(context, slate))];
}
