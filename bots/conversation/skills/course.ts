import { topicName } from '../../../core/language/topic-name.ts';
import { courseDescription, courseTitle, type Course } from '../../../core/catalogue/course.ts';
import type { CourseTrack } from '../../../core/behaviour/track.ts';
import { standingOf } from '../../../core/insight/lesson.ts';
import type { Button, Localised, Press, Reply, Text } from '../../../core/language/reply.ts';
import type { Context } from '../context.ts';
import { buyButton, trackOf } from '../courses.ts';
import { lessonButton } from '../learning.ts';
import { courseNamed, mentioned, whichCourse } from '../mention.ts';
import { circumstancesFor } from '../origin.ts';
import { eachLanguage, named, say, text } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill } from '../skill.ts';
import { joined, metaLine } from '../wording.ts';

const LONGEST_DESCRIPTION = 700;

export const courseCard = defineSkill({
  name: 'course',
  open: true,
  presses: { course: open },
  intents: {
    course(context, said) {
      const mention = mentioned(context, said);
      return mention ? open(context, { action: 'course', ...mention }) : [whichCourse(context, { action: 'course' })];
    },
  },
});

async function open(context: Context, { course, ref, value }: Press): Promise<Reply[]> {
  if (course === undefined && value !== undefined) {
    const found = courseNamed(context, value);
    return found === undefined ? context.press({ action: 'search', value }) : show(context, found, undefined);
  }
  const spokenOf = course ?? context.state.course;
  if (spokenOf === undefined) return [whichCourse(context, { action: 'course' })];
  return show(context, spokenOf, course === undefined ? context.state.courseRef : ref);
}

async function show(context: Context, id: string, ref: string | undefined): Promise<Reply[]> {
  const course = context.services.catalogue.get(id);
  if (!course) return [gone()];
  const circumstances = await circumstancesFor(context, course.id, ref);
  context.record('view', { course: course.id, circumstances });
  focus(context, course.id, ref);
  return [await card(context, course, ref ?? '')];
}

export const gone = (): Reply => say('course.gone', {}, [shortcuts.slice(0, 2)]);

/** Makes a course the one that "it" means. */
export function focus({ state }: Context, course: string, ref: string | undefined) {
  state.course = course;
  state.courseRef = ref;
}

async function card(context: Context, course: Course, ref: string): Promise<Reply> {
  const [track, owned] = await Promise.all([
    trackOf(context, course.id),
    context.owned().then((owned) => owned.has(course.id)),
  ]);
  return {
    text: text('course.card', {
      title: courseTitle(course),
      meta: metaLine(course, context.services.currency, context.tariff),
      topics: joined(course.topics.map(topicName)),
      description: shortened(courseDescription(course)),
      standing: standing(course, track, owned),
    }),
    course: course.id,
    cover: true,
    buttons: cardButtons(context, course, track, owned, ref),
  };
}

function standing(course: Course, track: CourseTrack | undefined, owned: boolean): Text | string {
  if (track?.completed) return text('standing.completed');
  if (track && track.progress > 0) return text('standing.progress', { percent: Math.round(track.progress * 100) });
  if (owned) return text('standing.owned');
  if (course.archived) return text('standing.archived');
  if (track?.saved) return text('standing.saved');
  return '';
}

function cardButtons(
  context: Context,
  course: Course,
  track: CourseTrack | undefined,
  owned: boolean,
  ref: string,
): Button[][] {
  const act = (name: string, action = name) => named(name, { action, course: course.id, ref });
  const rate = act('rate');
  const similar = act('similar');
  if (owned) {
    const next = track?.completed ? [] : [act('progress'), act('complete')];
    const lesson = lessonButton(standingOf(course, track), ref);
    return [...(lesson.length > 0 ? [lesson] : []), [...next, rate, similar]];
  }
  const undo = track?.dismissed ? act('undismiss') : act('dismiss');
  return [
    [...buyButton(context, course, ref), track?.saved ? act('unsave') : act('save'), similar],
    [rate, act('progress'), undo],
  ];
}

/** The beginning of a long description, to the end of a sentence where there is one. */
function shortened(description: Localised): Localised {
  return eachLanguage((language) => {
    const whole = (description[language] ?? '').trim();
    if (whole.length <= LONGEST_DESCRIPTION) return whole;
    const start = whole.slice(0, LONGEST_DESCRIPTION);
    const end = Math.max(...['. ', '。', '！', '？', '! ', '? '].map((mark) => start.lastIndexOf(mark)));
    return `${end > LONGEST_DESCRIPTION / 2 ? start.slice(0, end + 1) : start}…`;
  });
}
