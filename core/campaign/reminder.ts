import { setImmediate } from 'node:timers/promises';
import type { Database } from '../../prisma/connect.ts';
import { eventKey } from '../behaviour/key.ts';
import { courseTitle, type Course } from '../catalogue/course.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { learningTimes } from '../insight/learning/store.ts';
import { standingsOf, type Lesson, type Standing } from '../insight/lesson.ts';
import { streakOf, type Streak } from '../insight/streak.ts';
import { learnerStates } from '../interest/store.ts';
import { encodePress, type Button, type Reply, type Text } from '../language/reply.ts';
import { mayRecord } from '../learner/consent.ts';
import type { Learner } from '../learner/learner.ts';
import { localDay, localHour } from '../learner/local-time.ts';
import type { NewMessage } from './message/message.ts';
import { writeMessages } from './message/store.ts';
import { boughtCourses, remindable, takenKeys } from './prospect/store.ts';

const PAGE = 200;
const HOUR = 3_600_000;
/** Hours after the chosen one in which a late server still reminds. */
const LATE_HOURS = 2;

type Timed = Pick<Learner, 'id' | 'timeZone'> & { reminderHour: number };

/** Whether the chosen hour has come on the learner's calendar day, and is not long past. Quiet hours do not matter: they chose it. */
export function isReminderTime(learner: Omit<Timed, 'id'>, now: Date, defaultTimeZone: string): boolean {
  const late = localHour(learner, now, defaultTimeZone) - learner.reminderHour;
  return late >= 0 && late < LATE_HOURS;
}

/** One reminder a learner and local day, for life. */
const reminderKey = (learner: Pick<Timed, 'id' | 'timeZone'>, now: Date, defaultTimeZone: string): string =>
  `reminder:${learner.id}:${localDay(learner, now, defaultTimeZone)}`;

/**
 * Writes the day's reminder of every learner who asked for one, whose hour has come, who has a course to go on
 * with or a streak to keep, and has not learned today. Called again it writes nothing twice.
 *
 * @returns messages written.
 */
export async function planReminders(
  planning: { db: Database; catalogue: Pick<Catalogue, 'get'>; defaultTimeZone: string },
  now: Date,
): Promise<number> {
  let written = 0;
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<typeof remindable>> = await remindable(planning.db, { after: cursor, limit: PAGE });
    const due = page.filter((learner) => isReminderTime(learner, now, planning.defaultTimeZone));
    written += await remind(planning, due, now);
    if (page.length < PAGE) return written;
    cursor = page.at(-1)!.id;
    await setImmediate();
  }
}

async function remind(
  { db, catalogue, defaultTimeZone }: Parameters<typeof planReminders>[0],
  due: Awaited<ReturnType<typeof remindable>>,
  now: Date,
): Promise<number> {
  const keyOf = (learner: Timed) => reminderKey(learner, now, defaultTimeZone);
  const taken = await takenKeys(db, due.map(keyOf));
  const open = due.filter((learner) => !taken.has(keyOf(learner)));
  // What was recorded before the consent was withdrawn is not looked at.
  const recorded = open.filter(mayRecord).map(({ id }) => id);
  const [states, times, bought] = await Promise.all([
    learnerStates(db, recorded),
    learningTimes(db, recorded),
    boughtCourses(
      db,
      open.map(({ id }) => id),
    ),
  ]);
  const messages = open.flatMap((learner) => {
    const dayOf = (at: Date) => localDay(learner, at, defaultTimeZone);
    const streak = streakOf((times.get(learner.id)?.learned ?? []).map(dayOf), dayOf(now));
    if (streak.doneToday) return [];
    const history = states.get(learner.id)?.history;
    const owned = new Set(bought.get(learner.id));
    for (const track of history?.values() ?? []) if (track.owned) owned.add(track.courseId);
    const courses = [...owned]
      .map((id) => catalogue.get(id))
      .filter((course): course is Course => course !== undefined);
    const [first] = standingsOf(courses, history).filter(({ state }) => state !== 'completed');
    if (!first && streak.current === 0) return [];
    return [reminderMessage(keyOf(learner), learner.id, first, streak, now)];
  });
  return (await writeMessages(db.pool, messages, now)).size;
}

function reminderMessage(
  key: string,
  learnerId: string,
  standing: Standing | undefined,
  streak: Streak,
  now: Date,
): NewMessage {
  const id = eventKey('message', key);
  const course = standing?.course.id;
  const button = (name: string, label: string, press: { value?: string } = {}): Button => ({
    id: encodePress({ action: name, ...(course && name !== 'remind' && { course }), ...press, ref: `m${id}` }),
    label: { key: label },
  });
  const reply: Reply = {
    text: {
      key: 'reminder',
      args: {
        course: standing ? courseTitle(standing.course) : '',
        lesson: standing?.next ? lessonText(standing.next) : '',
        percent: standing ? Math.round(standing.share * 100) : 0,
        streak: streak.current,
        freezes: streak.freezesLeft,
      },
    },
    buttons: [
      [button('checkin', 'button.checkin'), ...(course ? [button('course', 'button.details')] : [])],
      [button('remind', 'button.remind'), button('remind', 'button.remind-off', { value: 'off' })],
    ],
  };
  // It shows no course as new: what it names is theirs, so it carries none that would count as an impression.
  return {
    id,
    idempotencyKey: key,
    learnerId,
    kind: 'reminder',
    campaignId: null,
    reply,
    circumstances: { list: 'reminder' },
    notBefore: now,
    expiresAt: new Date(now.getTime() + LATE_HOURS * HOUR),
  };
}

/** "Lesson 3 of 10: Loops". */
export function lessonText({ number, count, title }: Lesson): Text {
  return { key: 'lesson', args: { number, count, title: title ?? '' } };
}
