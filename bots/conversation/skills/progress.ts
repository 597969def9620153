import { courseTitle, type Course } from '../../../core/catalogue/course.ts';
import { lessonText } from '../../../core/campaign/reminder.ts';
import { lessonAt, shareAfter, standingOf, type Lesson } from '../../../core/insight/lesson.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { habitOf, streakText } from '../habit.ts';
import { lessonButton, standingWith } from '../learning.ts';
import { onMentioned, whichCourse } from '../mention.ts';
import { circumstancesFor } from '../origin.ts';
import { button, everywhere, named, say } from '../say.ts';
import { defineSkill, type Answer, type Said } from '../skill.ts';
import { focus, gone } from './course.ts';

const steps = [25, 50, 75];

export const progress = defineSkill({
  name: 'progress',
  presses: { progress: answer, lesson: lessonDone, complete },
  phrases: [
    [
      /^(?:i(?:'ve| have)? )?(?:just )?(?:finished|completed|done with|did|done) lesson (?:number )?(\d{1,4})$/i,
      lessonSaid,
    ],
    [/^(?:我)?(?:刚|已经)?(?:学完|看完|完成)了?第\s?(\d{1,4})\s?[节课讲](?:课)?了?$/, lessonSaid],
  ],
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

/** Of no course in particular: how all of them stand; a share alone is of the course spoken of. */
function answer(context: Context, press: Press): Answer {
  if (press.course !== undefined) return mark(context, press);
  const percent = /\d{1,3}/.exec(press.value ?? '')?.[0];
  if (percent === undefined) return context.press({ action: 'courses' });
  const { course } = context.state;
  const about = { action: 'progress', value: percent };
  return course === undefined ? [whichCourse(context, about)] : mark(context, { ...about, course });
}

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
    const lesson = lessonButton(await standingWith(context, course), press.ref);
    context.state.question = { kind: 'progress', course: course.id, ...(press.ref && { ref: press.ref }) };
    return [
      {
        ...say(
          'progress.ask',
          { title },
          [lesson, [...choices, done]].filter((row) => row.length > 0),
        ),
        course: course.id,
      },
    ];
  }
  const circumstances = await circumstancesFor(context, course.id, press.ref);
  context.record('progress', { course: course.id, value: percent / 100, circumstances });
  return [say('progress.done', { title, percent }, [[done, named('courses', { action: 'courses' })]])];
}

function lessonSaid(context: Context, _said: Said, [, number = '']: RegExpExecArray): Answer {
  const about = { action: 'lesson', value: number };
  const { course } = context.state;
  return course === undefined ? [whichCourse(context, about)] : lessonDone(context, { ...about, course });
}

/** Marks a lesson, and so all before it, as done; the next one where none is named. */
async function lessonDone(context: Context, press: Press): Promise<Reply[]> {
  const course = press.course === undefined ? undefined : context.services.catalogue.get(press.course);
  if (!course) return [gone()];
  if (!context.records) return askRecording(context, press);
  const before = await standingWith(context, course);
  const lesson = press.value ? lessonAt(course, Number(press.value)) : before.next;
  if (!lesson)
    return before.state === 'completed' ? [already(context, course)] : mark(context, { ...press, value: '' });
  focus(context, course.id, press.ref);
  if (shareAfter(lesson) <= before.share) return [already(context, course, before.next)];
  if (lesson.number === lesson.count) return complete(context, press);
  const circumstances = await circumstancesFor(context, course.id, press.ref);
  context.record('progress', { course: course.id, value: shareAfter(lesson), circumstances });
  // As it will be read back, with this lesson in it.
  const next = lessonAt(course, lesson.number + 1);
  const habit = await habitOf(context, { learned: true });
  return [
    say(
      'lesson.done',
      {
        title: courseTitle(course),
        lesson: lessonText(lesson),
        next: next ? lessonText(next) : '',
        streak: habit ? streakText(habit.streak) : '',
      },
      [
        [
          ...lessonButton({ course, share: shareAfter(lesson), state: 'begun', next }, press.ref),
          ...(context.learner.reminderHour === null ? [named('remind-me', { action: 'remind' })] : []),
        ],
        [named('courses', { action: 'courses' })],
      ],
    ),
  ];
}

function already({ state }: Context, course: Course, next?: Lesson): Reply {
  state.course = course.id;
  const standing = { ...standingOf(course, undefined), next };
  return say('lesson.already', { title: courseTitle(course), next: next ? lessonText(next) : '' }, [
    [...lessonButton(standing), named('courses', { action: 'courses' })],
  ]);
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
