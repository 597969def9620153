import { courseTitle, type Course } from '../../../core/catalogue/course.ts';
import type { CourseTrack } from '../../../core/behaviour/track.ts';
import type { Press, Reply } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { coursesOf, rememberList } from '../courses.ts';
import { named, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { metaLine } from '../wording.ts';

const PAGE = 5;
/** Courses that are kept for later, not owned. */
const SAVED = /\b(?:saved|bookmark\w*|favou?rites?|wish ?list)\b|收藏/i;

export const myCourses = defineSkill({
  name: 'my courses',
  presses: { courses: list },
  intents: {
    my_courses: (context, { text: said }) =>
      SAVED.test(said) ? context.press({ action: 'saved' }) : list(context, { action: 'courses' }),
  },
});

/** Begun ones first, the latest on top; then those not begun; then the finished. */
async function list(context: Context, { value }: Press): Promise<Reply[]> {
  const [behaviour, owned] = await Promise.all([context.behaviour(), context.owned()]);
  const trackOf = (course: Course) => behaviour?.history.get(course.id);
  const all = coursesOf(context, [...owned]).sort(
    (a, b) => turnOf(trackOf(a)) - turnOf(trackOf(b)) || (trackOf(b)?.lastAt ?? 0) - (trackOf(a)?.lastAt ?? 0),
  );
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
    page.map((course) => course.id),
    more,
  );
  return [
    say('courses', { count: all.length }),
    ...page.map((course) => item(context, course, trackOf(course))),
    say('list.end', {}, [[...(more ? [named('more', more)] : []), saved, named('recommend', { action: 'recommend' })]]),
  ];
}

const turnOf = (track: CourseTrack | undefined) => (track?.completed ? 2 : track && track.progress > 0 ? 0 : 1);

function item({ services }: Context, course: Course, track: CourseTrack | undefined): Reply {
  const act = (name: string) => named(name, { action: name, course: course.id });
  const standing = track?.completed
    ? text('standing.completed')
    : track && track.progress > 0
      ? text('standing.progress', { percent: Math.round(track.progress * 100) })
      : text('standing.not-begun');
  const buttons = track?.completed ? [act('rate'), act('similar')] : [act('progress'), act('complete'), act('rate')];
  return {
    ...say(
      'course.item-because',
      { title: courseTitle(course), meta: metaLine(course, services.currency), reason: standing },
      [[named('details', { action: 'course', course: course.id }), ...buttons]],
    ),
    course: course.id,
    list: 'owned',
  };
}
