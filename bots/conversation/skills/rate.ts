import { courseTitle } from '../../../core/catalogue/course.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { onMentioned, onSpokenOf, whichCourse } from '../mention.ts';
import { circumstancesFor } from '../origin.ts';
import { button, everywhere, named, say } from '../say.ts';
import { defineSkill } from '../skill.ts';
import { focus, gone } from './course.ts';

const MOST_STARS = 5;

export const rate = defineSkill({
  name: 'rate',
  presses: { rate: answer },
  intents: {
    rate: (context, said) => {
      const { rating } = said.slots;
      return onMentioned(context, said, { action: 'rate', ...(rating !== undefined && { value: String(rating) }) });
    },
  },
  answers: {
    rate: (context, { slots }, { course, ref }) =>
      slots.rating === undefined || course === undefined
        ? undefined
        : answer(context, { action: 'rate', course, value: String(slots.rating), ...(ref && { ref }) }),
  },
});

async function answer(context: Context, asked: Press): Promise<Reply[]> {
  const press = onSpokenOf(context, asked);
  if (!press) return [whichCourse(context, asked)];
  const course = context.services.catalogue.get(press.course);
  if (!course) return [gone()];
  if (!context.records) return askRecording(context, press);
  focus(context, course.id, press.ref);
  const stars = Number(press.value);
  const title = courseTitle(course);
  if (!Number.isInteger(stars) || stars < 1 || stars > MOST_STARS) {
    const choices = Array.from({ length: MOST_STARS }, (_, at) =>
      button({ ...press, value: String(at + 1) }, everywhere('★'.repeat(at + 1))),
    );
    context.state.question = { kind: 'rate', course: course.id, ...(press.ref && { ref: press.ref }) };
    return [{ ...say('rate.ask', { title }, [choices]), course: course.id }];
  }
  const circumstances = await circumstancesFor(context, course.id, press.ref);
  context.record('rate', { course: course.id, value: (stars - 1) / (MOST_STARS - 1), circumstances });
  context.outcome = 'rated';
  const about = { course: course.id, ...(press.ref && { ref: press.ref }) };
  if (stars <= 2) {
    return [
      say('rate.low', { title, stars }, [
        [named('dismiss', { action: 'dismiss', ...about }), named('recommend', { action: 'recommend' })],
      ]),
    ];
  }
  return [
    say(stars >= 4 ? 'rate.high' : 'rate.middle', { title, stars }, [
      [named('similar', { action: 'similar', ...about }), named('recommend', { action: 'recommend' })],
    ]),
  ];
}
