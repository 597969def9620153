import { eventKey } from '../../../core/behaviour/key.ts';
import { challengeDay, daysDone, isRunning } from '../../../core/campaign/challenge/standing.ts';
import { challengesOf, type Membership } from '../../../core/campaign/challenge/store.ts';
import { lessonText } from '../../../core/campaign/reminder.ts';
import { courseTitle } from '../../../core/catalogue/course.ts';
import type { Press, Reply, Text } from '../../../core/language/reply.ts';
import { askRecording } from '../consent.ts';
import type { Context } from '../context.ts';
import { privately } from '../exposed.ts';
import { habitOf, streakText, type Habit } from '../habit.ts';
import { lessonButton, ownStandings } from '../learning.ts';
import { circumstancesFor } from '../origin.ts';
import { named, say, text } from '../say.ts';
import { defineSkill } from '../skill.ts';

const press: Press = { action: 'checkin' };

/** "I learned today" (打卡), once a day. Others may read the answer: there it tells nothing about the person. */
export const checkin = defineSkill({
  name: 'checkin',
  open: true,
  presses: { checkin: checkIn },
  phrases: [
    [
      /^(?:(?:i(?:'d| would)? (?:want|like) to |let me )?check[- ]?(?:me )?in|(?:my )?(?:daily )?check[- ]?in)(?: please| for today| today)*$/i,
      (context) => checkIn(context, press),
    ],
    [
      /^i(?: have|'ve)? (?:just )?(?:learn(?:ed|t)|studied)(?: something)? today$/i,
      (context) => checkIn(context, press),
    ],
    [
      /^(?:我要?|来|今天|今日|每日|学习|我来)*(?:打卡|签到)(?:了|啦|喽|吧|一下|成功)*$/,
      (context) => checkIn(context, press),
    ],
    [/^(?:我)?今天(?:已经)?学(?:习)?(?:过)?了$/, (context) => checkIn(context, press)],
    [/^(?:(?:show|what is|what's|how long is) )?(?:me )?my streak$|^streak$/i, standing],
    [
      /^(?:我)?(?:已经)?(?:连续)?(?:打卡|学习|学)(?:了)?(?:多少|几)天(?:了)?$|^(?:我的)?(?:打卡记录|连续打卡|打卡天数)$/,
      standing,
    ],
  ],
});

async function checkIn(context: Context, { course, ref }: Press): Promise<Reply[]> {
  const { services, learner, now, turn } = context;
  if (!context.records)
    return context.exposed
      ? [privately(context, press)]
      : askRecording(context, { ...press, ...(course && { course }) });
  if (turn.recordable === false) return [say('checkin.press', {}, [[named('checkin', press)]])];
  const [before, memberships] = await Promise.all([habitOf(context), challengesOf(services.db, learner.id)]);
  const running = memberships.filter(({ challenge }) => isRunning(challenge, now));
  // A challenge may keep another calendar than the learner: a check-in is new if it is in any of them.
  const missing = running.filter(({ challenge }) => {
    const day = challengeDay(challenge, now);
    return !before!.checkIns.some((at) => challengeDay(challenge, at) === day);
  });
  if (before!.checkedInToday && missing.length === 0) return [await answer(context, 'checkin.again', before!, running)];
  const days = new Set([before!.today, ...running.map(({ challenge }) => challengeDay(challenge, now)!)]);
  context.keep({
    idempotencyKey: eventKey('checkin', learner.id, ...[...days].sort()),
    learnerId: learner.id,
    courseId: course !== undefined && services.catalogue.get(course) ? course : null,
    type: 'checkin',
    value: null,
    occurredAt: now,
    channel: turn.channel,
    circumstances: await circumstancesFor(context, course, ref),
  });
  const after = (await habitOf(context, { learned: true }))!;
  return [await answer(context, 'checkin.done', { ...after, checkIns: [...after.checkIns, now] }, running)];
}

/** The streak, without checking in. */
async function standing(context: Context): Promise<Reply[]> {
  if (context.exposed) return [privately(context)];
  const habit = await habitOf(context);
  if (!habit) return askRecording(context, { action: 'courses' });
  const checkIn = habit.checkedInToday ? [] : [named('checkin', press)];
  return [{ text: streakText(habit.streak), buttons: [[...checkIn, named('courses', { action: 'courses' })]] }];
}

async function answer(
  context: Context,
  key: 'checkin.done' | 'checkin.again',
  { streak, checkIns }: Habit,
  running: readonly Membership[],
): Promise<Reply> {
  if (context.exposed) return say(key === 'checkin.done' ? 'checkin.done-group' : 'checkin.again-group');
  const [next] = (await ownStandings(context)).filter(({ state }) => state !== 'completed');
  const challenges: Text[] = running.map(({ challenge }) =>
    text('checkin.challenge', {
      name: challenge.name,
      days: daysDone(challenge, checkIns),
      needed: challenge.daysNeeded,
    }),
  );
  return say(
    key,
    {
      streak: streakText(streak),
      course: next ? courseTitle(next.course) : '',
      lesson: next?.next ? lessonText(next.next) : '',
      challenges,
    },
    [
      [...(next ? lessonButton(next) : []), named('courses', { action: 'courses' })],
      ...(context.learner.reminderHour === null ? [[named('remind-me', { action: 'remind' })]] : []),
    ],
  );
}
