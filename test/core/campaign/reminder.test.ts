import { expect, test } from 'vitest';
import { eventKey } from '../../../core/behaviour/key.ts';
import type { EventTypeName } from '../../../core/behaviour/event-types.ts';
import { recordEvents } from '../../../core/behaviour/store.ts';
import type { Course } from '../../../core/catalogue/course.ts';
import { isReminderTime, planReminders } from '../../../core/campaign/reminder.ts';
import { render } from '../../../core/language/render.ts';
import { decodePress, type Reply } from '../../../core/language/reply.ts';
import { addressesOf, createLearner, setConsent, setReminder, touchAddress } from '../../../core/learner/store.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const course = {
  id: 'py',
  title: 'Python',
  description: '',
  translations: {},
  attributes: { lessons: '10' },
} as unknown as Course;
const planning = { db, catalogue: { get: (id: string) => (id === 'py' ? course : undefined) }, defaultTimeZone: 'UTC' };
/** 20:10 in Shanghai. */
const evening = new Date('2026-11-20T12:10:00Z');
const hoursAfter = (hours: number) => new Date(evening.getTime() + hours * 3_600_000);

async function person({ hour = 20, recording = true } = {}): Promise<string> {
  const { id } = await createLearner(db, { timeZone: 'Asia/Shanghai' });
  await db.prisma.learner.update({ where: { id }, data: { recording } });
  await touchAddress(db, { learnerId: id, channel: 'telegram', chat: id });
  await setReminder(db, { learnerId: id, hour, channel: 'telegram', chat: id });
  return id;
}

const did = (
  learnerId: string,
  type: EventTypeName,
  at: Date,
  value: number | null = null,
  courseId: string | null = 'py',
) =>
  recordEvents(db, [
    {
      idempotencyKey: eventKey('test', learnerId, type, at.toISOString()),
      learnerId,
      courseId,
      type,
      value,
      occurredAt: at,
      channel: 'telegram',
      circumstances: {},
    },
  ]);

const messagesOf = (learnerId: string) =>
  db.prisma.outboxMessage.findMany({ where: { learnerId }, orderBy: { createdAt: 'asc' } });

test('the hour is the chosen one of the learner’s own day, late by two at most', () => {
  const learner = { timeZone: 'Asia/Shanghai', reminderHour: 20 };
  const due = (at: string) => isReminderTime(learner, new Date(at), 'UTC');
  expect(due('2026-11-20T11:59:00Z')).toBe(false);
  expect(due('2026-11-20T12:00:00Z')).toBe(true);
  expect(due('2026-11-20T13:59:00Z')).toBe(true);
  expect(due('2026-11-20T14:00:00Z')).toBe(false);
  // 02:00 is skipped in Berlin on 2026-03-29: it comes at 03:00.
  const early = { timeZone: 'Europe/Berlin', reminderHour: 2 };
  expect(isReminderTime(early, new Date('2026-03-29T00:59:00Z'), 'UTC')).toBe(false);
  expect(isReminderTime(early, new Date('2026-03-29T01:00:00Z'), 'UTC')).toBe(true);
});

test('who has a course to go on with is reminded of its next lesson, once a local day', async () => {
  const id = await person();
  await did(id, 'progress', new Date('2026-11-17T12:00:00Z'), 0.3);
  expect(await planReminders(planning, hoursAfter(-1))).toBe(0);
  const written = await Promise.all([planReminders(planning, evening), planReminders(planning, evening)]);
  expect(written.reduce((sum, count) => sum + count, 0)).toBe(1);
  expect(await planReminders(planning, hoursAfter(1))).toBe(0);
  const [message] = await messagesOf(id);
  expect(message).toMatchObject({
    kind: 'reminder',
    idempotencyKey: `reminder:${id}:2026-11-20`,
    notBefore: evening,
    expiresAt: hoursAfter(2),
  });
  const reply = message!.reply as unknown as Reply;
  expect(render(reply.text, 'en')).toBe('Time to learn.\nGo on with “Python”: lesson 4 of 10.');
  expect(reply.course).toBeUndefined();
  expect(reply.buttons!.flat().map((button) => decodePress(button.id))).toEqual([
    { action: 'checkin', course: 'py', ref: `m${message!.id}` },
    { action: 'course', course: 'py', ref: `m${message!.id}` },
    { action: 'remind', ref: `m${message!.id}` },
    { action: 'remind', value: 'off', ref: `m${message!.id}` },
  ]);
  expect(await planReminders(planning, hoursAfter(24))).toBe(1);
});

test('a running streak is kept even without a course, and named', async () => {
  const id = await person();
  for (const day of [18, 19]) await did(id, 'checkin', new Date(Date.UTC(2026, 10, day, 4)), null, null);
  await planReminders(planning, evening);
  expect(render(((await messagesOf(id))[0]!.reply as unknown as Reply).text, 'en')).toBe(
    '2 days in a row so far, and today is still open.',
  );
});

test('nobody is reminded who has learned today, has nothing to go on with, or did not ask', async () => {
  const learned = await person();
  await did(learned, 'progress', new Date('2026-11-19T16:30:00Z'), 0.3);
  const finished = await person();
  await did(finished, 'complete', new Date('2026-11-10T12:00:00Z'));
  const nothing = await person();
  const other = await person({ hour: 7 });
  await did(other, 'progress', new Date('2026-11-17T12:00:00Z'), 0.3);
  const off = await person();
  await did(off, 'progress', new Date('2026-11-17T12:00:00Z'), 0.3);
  await setReminder(db, { learnerId: off, hour: null, channel: 'telegram', chat: off });
  const muted = await person();
  await did(muted, 'progress', new Date('2026-11-17T12:00:00Z'), 0.3);
  await setConsent(db, {
    learnerId: muted,
    kind: 'messages',
    granted: false,
    channel: 'telegram',
    wording: '1',
    at: evening,
  });
  const blocked = await person();
  await did(blocked, 'progress', new Date('2026-11-17T12:00:00Z'), 0.3);
  await db.prisma.address.updateMany({ where: { learnerId: blocked }, data: { reachable: false } });
  await planReminders(planning, evening);
  for (const id of [learned, finished, nothing, other, off, muted, blocked]) expect(await messagesOf(id)).toEqual([]);
});

test('without consent to recording, what was bought is all that is known, and what was recorded before is not looked at', async () => {
  const id = await person({ recording: false });
  await did(id, 'progress', new Date('2026-11-19T16:30:00Z'), 0.3);
  await planReminders(planning, evening);
  expect(await messagesOf(id)).toEqual([]);
  await db.prisma.order.create({
    data: {
      learnerId: id,
      courseId: 'py',
      listMinor: 1,
      paidMinor: 1,
      currency: 'CNY',
      status: 'paid',
      provider: 'sandbox',
      channel: 'telegram',
      idempotencyKey: id,
    },
  });
  await planReminders(planning, evening);
  expect(render(((await messagesOf(id))[0]!.reply as unknown as Reply).text, 'en')).toBe(
    'Time to learn.\nGo on with “Python”: lesson 1 of 10.',
  );
});

test('a reminder comes to the place where it was asked for last', async () => {
  const id = await person();
  await touchAddress(db, { learnerId: id, channel: 'web', chat: `web-${id}` });
  const places = async () => (await addressesOf(db, id, { for: 'reminder' })).map(({ channel }) => channel);
  expect(await places()).toEqual(['telegram']);
  await setReminder(db, { learnerId: id, hour: 8, channel: 'web', chat: `web-${id}` });
  expect(await places()).toEqual(['web']);
  // From within a group, the chat is none of the learner's: the private one on that channel it is.
  expect(await setReminder(db, { learnerId: id, hour: 9, channel: 'telegram', chat: 'group/7' })).toMatchObject({
    reminderHour: 9,
  });
  expect(await places()).toEqual(['telegram']);
  await setReminder(db, { learnerId: id, hour: null, channel: 'web', chat: `web-${id}` });
  expect(await places()).toEqual([]);
});
