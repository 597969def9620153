import { courseTitle } from '../../../core/catalogue/course.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { onMentioned } from '../mention.ts';
import { circumstancesFor } from '../origin.ts';
import { button, everywhere, named, say } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { focus, gone } from './course.ts';

const steps = [25, 50, 75];

export const progress = defineSkill({
  name: 'progress',
  presses: { progress: mark, complete },
  intents: {
    progress(context, said) {
      const { progress: share } = said.slots;
      const value = share === undefined ? undefined : String(Math.round(share * 100));
      return onMentioned(context, said, { action: 'progress', ...(value !== undefined && { value }) });
    },
    complete: (context, said) => onMentioned(context, said, { action: 'complete' }),
  },
  answers: {
    progress(context, { slots, text }, { course, ref }) {
      const percent = slots.progress === undefined ? Number(text) : Math.round(slots.progress * 100);
      if (!(percent >= 1 && percent <= 100) || course === undefined) return undefined;
      return mark(context, { action: 'progress', course, value: String(Math.round(percent)), ...(ref && { ref }) });
    },
  },
});

async function mark(context: Context, press: Press): Promise<Reply[]> {
  const course = press.course === undefined ? undefined : context.services.catalogue.get(press.course);
  if (!course) return [gone()];
  if (!context.records) return askRecording(context, press);
  focus(context, course.id, press.ref);
  const percent = Number(press.value);
  if (percent === 100) return complete(context, press);
  const title = courseTitle(course);
  const done = named('complete', { ...press, action: 'complete', value: '' });
  if (!Number.isInteger(percent) || percent < 1 || percent > 100) {
    const choices = steps.map((step) => button({ ...press, value: String(step) }, everywhere(`${step}%`)));
    context.state.question = { kind: 'progress', course: course.id, ...(press.ref && { ref: press.ref }) };
    return [{ ...say('progress.ask', { title }, [[...choices, done]]), course: course.id }];
  }
  const circumstances = await circumstancesFor(context, course.id, press.ref);
  context.record('progress', { course: course.id, value: percent / 100, circumstances });
  return [say('progress.done', { title, percent }, [[done, named('courses', { action: 'courses' })]])];
}

async function complete(context: Context, press: Press): Promise<Reply[]> {
  const course = press.course === undefined ? undefined : context.services.catalogue.get(press.course);
  if (!course) return [gone()];
  if (!context.records) return askRecording(context, press);
  focus(context, course.id, press.ref);
  context.record('complete', {
    course: course.id,
    circumstances: await circumstancesFor(context, course.id, press.ref),
  });
  const about = { course: course.id, ...(press.ref && { ref: press.ref }) };
  return [
    say('complete.done', { title: courseTitle(course) }, [
      [
        named('rate', { action: 'rate', ...about }),
        named('similar', { action: 'similar', ...about }),
        named('recommend', { action: 'recommend' }),
      ],
    ]),
  ];
}
