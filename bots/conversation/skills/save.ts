import { courseTitle } from '../../../core/catalogue/course.ts';
import { encodePress, type Press, type Reply } from '../../../core/language/reply.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { courseItem, coursesOf, recordShown, rememberList } from '../courses.ts';
import { onMentioned } from '../mention.ts';
import { circumstancesFor } from '../origin.ts';
import { named, say } from '../say.ts';
import { shortcuts } from '../shortcuts.ts';
import { defineSkill, type Said } from '../skill.ts';
import { focus, gone } from './course.ts';

const PAGE = 5;

export const save = defineSkill({
  name: 'save',
  presses: {
    save: (context, press) => note(context, press, 'save'),
    unsave: (context, press) => note(context, press, 'unsave'),
    saved: (context, press) => list(context, press),
  },
  phrases: [
    [
      /^(?:please )?(?:unsave|取消收藏|不收藏)\s*(.*)$/i,
      (context, said, [, name]) => onMentioned(context, unsaved(said, name), { action: 'unsave' }),
    ],
    [
      /^(?:please )?(?:remove|delete|drop) (.+) from (?:my |the )?(?:saved|saves|bookmarks|list|wish ?list)(?: courses)?$/i,
      (context, said, [, name]) => onMentioned(context, unsaved(said, name), { action: 'unsave' }),
    ],
  ],
  intents: { save: (context, said) => onMentioned(context, said, { action: 'save' }) },
});

/** The message with the course that it names; "it" names the one spoken of. */
function unsaved(said: Said, name = ''): Said {
  const { ordinal } = said.slots;
  const itself = name === '' || /^(?:it|this|that)(?: one| course)?$|^[这那][个门]课?$/i.test(name);
  return { ...said, slots: { ...(ordinal !== undefined && { ordinal }), ...(!itself && { courseQuery: name }) } };
}

async function note(context: Context, press: Press, type: 'save' | 'unsave'): Promise<Reply[]> {
  const course = press.course === undefined ? undefined : context.services.catalogue.get(press.course);
  if (!course) return [gone()];
  if (!context.records) return askRecording(context, press);
  context.record(type, { course: course.id, circumstances: await circumstancesFor(context, course.id, press.ref) });
  focus(context, course.id, press.ref);
  const back = type === 'save' ? 'unsave' : 'save';
  const about = { course: course.id, ...(press.ref && { ref: press.ref }) };
  context.state.undo = encodePress({ action: back, ...about });
  const buttons = [[named(back, { action: back, ...about }), named('saved', { action: 'saved' })]];
  return [say(`${type}.done`, { title: courseTitle(course) }, buttons)];
}

/** The saved courses, latest first. */
async function list(context: Context, press: Press): Promise<Reply[]> {
  const behaviour = await context.behaviour();
  if (!behaviour) return askRecording(context, press);
  const tracks = [...behaviour.history.values()].filter((track) => track.saved);
  tracks.sort((a, b) => (b.done.save?.times[0] ?? 0) - (a.done.save?.times[0] ?? 0));
  const all = coursesOf(
    context,
    tracks.map((track) => track.courseId),
  );
  const from = Math.min(Math.max(0, Number(press.value) || 0), all.length);
  const page = all.slice(from, from + PAGE);
  if (page.length === 0) return [say('saved.none', {}, [shortcuts.slice(0, 2)])];
  const slate = context.key('saved');
  const ids = page.map((course) => course.id);
  const next = from + PAGE;
  const more = all.length > next ? { action: 'saved', value: String(next) } : undefined;
  rememberList(context, 'saved', slate, ids, more);
  recordShown(context, 'saved', slate, ids, from);
  const shown = await Promise.all(page.map((course) => courseItem(context, 'saved', course, `s${slate}`)));
  const closing = more ? [say('list.more', {}, [[named('more', more)]])] : [];
  return [say('saved', { count: all.length }), ...shown, ...closing];
}
