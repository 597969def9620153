import { courseTitle } from '../../../core/catalogue/course.ts';
import { encodePress, type Press, type Reply } from '../../../core/language/reply.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { onMentioned } from '../mention.ts';
import { circumstancesFor } from '../origin.ts';
import { named, say } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { gone } from './course.ts';

export const dismiss = defineSkill({
  name: 'dismiss',
  presses: {
    dismiss: (context, press) => note(context, press, 'dismiss'),
    undismiss: (context, press) => note(context, press, 'undismiss'),
  },
  intents: { dismiss: (context, said) => onMentioned(context, said, { action: 'dismiss' }) },
});

async function note(context: Context, press: Press, type: 'dismiss' | 'undismiss'): Promise<Reply[]> {
  const course = press.course === undefined ? undefined : context.services.catalogue.get(press.course);
  if (!course) return [gone()];
  if (!context.records) return askRecording(context, press);
  context.record(type, { course: course.id, circumstances: await circumstancesFor(context, course.id, press.ref) });
  if (type === 'dismiss') context.outcome = 'dismissed';
  const about = { course: course.id, ...(press.ref && { ref: press.ref }) };
  context.state.undo = type === 'dismiss' ? encodePress({ action: 'undismiss', ...about }) : undefined;
  const back =
    type === 'dismiss'
      ? named('undo', { action: 'undismiss', ...about })
      : named('details', { action: 'course', ...about });
  return [
    say(`${type}.done`, { title: courseTitle(course) }, [
      [back, named('recommend', { action: 'recommend', value: 'more' })],
    ]),
  ];
}
