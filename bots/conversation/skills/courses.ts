import { courseTitle } from '../../../core/catalogue/course.ts';
import type { Standing } from '../../../core/insight/lesson.ts';
import type { Button, Press, Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { rememberList } from '../courses.ts';
import { habitOf, streakText } from '../habit.ts';
import { lessonButton, ownStandings, standingText } from '../learning.ts';
import { named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { metaLine } from '../wording.ts';

const PAGE = 5;
/** Courses that are kept for later, not owned. */
const SAVED = /\b(?:saved|bookmark\w*|favou?rites?|wish ?list)\b|收藏/i;

/** My courses: how far each is, the next lesson, and the days of learning. */
export const myCourses = defineSkill({
  name: 'my courses',
  presses: { courses: list, learning: list },
  phrases: [
    [
      /^(?:(?:show|tell) (?:me )?)?(?:my )?(?:learning )?progress$|^how (?:far am i|am i doing)$|^(?:what(?:'s| is) )?my next lesson$|^next lesson$/i,
      (context) => list(context, { action: 'courses' }),
    ],
    [
      /^(?:看看|查看|我的)*(?:学习)?进度(?:怎么样|如何)?$|^(?:我)?学到哪(?:里|儿)?了$|^(?:我的)?下一[节课]+(?:是什么|学什么)?$/,
      (context) => list(context, { action: 'courses' }),
    ],
  ],
  intents: {
    my_courses: (context, { text: said }) =>
      SAVED.test(said) ? context.press({ action: 'saved' }) : list(context, { action: 'courses' }),
  },
});

async function list(context: Context, { value }: Press): Promise<Reply[]> {
  const all = await ownStandings(context);
  const saved = named('saved', { action: 'saved' });
  if (all.length === 0) return [say('courses.none', {}, [[...shortcuts.slice(0, 2), saved]])];
  const from = Number(value) > 0 && Number(value) < all.length ? Math.floor(Number(value)) : 0;
  const page = all.slice(from, from + PAGE);
  const slate = context.key('owned');
  const next = from + PAGE;
  const more = all.length > next ? { action: 'courses', value: String(next) } : undefined;
  rememberList(
    context,
    'owned',
    slate,
    page.map(({ course }) => course.id),
    more,
  );
  return [
    say('courses', { count: all.length }),
    ...page.map((standing) => item(context, standing)),
    await closing(context, [...(more ? [named('more', more)] : []), saved]),
  ];
}

/** The days in a row, and what keeps them going. */
async function closing(context: Context, further: Button[]): Promise<Reply> {
  const habit = await habitOf(context);
  const reminder = named(context.learner.reminderHour === null ? 'remind-me' : 'remind', { action: 'remind' });
  const rows = [[...further, named('recommend', { action: 'recommend' })]];
  if (!habit) return say('list.end', {}, [[reminder], ...rows]);
  const checkIn = habit.checkedInToday ? [] : [named('checkin', { action: 'checkin' })];
  return { text: streakText(habit.streak), buttons: [[...checkIn, reminder], ...rows] };
}

function item({ services, tariff }: Context, standing: Standing): Reply {
  const { course, state } = standing;
  const act = (name: string) => named(name, { action: name, course: course.id });
  const details = named('details', { action: 'course', course: course.id });
  const buttons =
    state === 'completed'
      ? [[details, act('rate'), act('similar')]]
      : [
          [details, ...(standing.next ? lessonButton(standing) : [act('progress')])],
          [act('complete'), act('rate')],
        ];
  const args = { title: courseTitle(course), meta: metaLine(course, services.currency, tariff) };
  return {
    ...say('course.item-because', { ...args, reason: standingText(standing) }, buttons),
    list: 'owned',
    course: course.id,
  };
}
