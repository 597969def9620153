import type { Course } from '../catalogue/course.ts';
import { courseTitle } from '../catalogue/course.ts';
import { eventKey } from '../behaviour/key.ts';
import { encodePress, type Button, type Reply } from '../language/reply.ts';
import type { Learner } from '../learner/learner.ts';
import { isQuiet, localDay, localHour, nextAllowedTime } from '../learner/local-time.ts';
import type { Slate, SlateItem } from '../recommend/slate.ts';
import type { Circumstances } from '../behaviour/event.ts';
import type { NewMessage } from './message/message.ts';

/** A course that was pushed to a learner is not pushed to them again for so many days. */
export const SAME_COURSE_DAYS = 30;

/** Hours after the learner's own hour in which a late server still sends the day's push. */
export const LATE_HOURS = 3;

/** Hours that a push stays worth sending, beside the quiet hours that it may have to wait for. */
const LIFE_HOURS = 6;

const HOUR = 3_600_000;

type Timed = Pick<Learner, 'pushHour' | 'quietFrom' | 'quietTo' | 'timeZone'>;

/**
 * The local hour of the daily push: the learner's own; one inside their quiet hours moves to the
 * nearer edge, which is the last hour before them or the first after them.
 */
export function effectiveHour({ pushHour, quietFrom, quietTo }: Omit<Timed, 'timeZone'>): number {
  const length = (quietTo - quietFrom + 24) % 24;
  const into = (pushHour - quietFrom + 24) % 24;
  if (length === 0 || into >= length) return pushHour;
  return into + 1 <= length - into ? (quietFrom + 23) % 24 : quietTo;
}

/** Whether the learner's hour has come on their calendar day, and is not long past. */
export function isPushTime(learner: Timed, now: Date, defaultTimeZone: string): boolean {
  const late = localHour(learner, now, defaultTimeZone) - effectiveHour(learner);
  return late >= 0 && late < LATE_HOURS && !isQuiet(learner, now, defaultTimeZone);
}

/** One push a learner and local day, for life. */
export function pushKey(learner: Pick<Learner, 'id' | 'timeZone'>, now: Date, defaultTimeZone: string): string {
  return `push:${learner.id}:${localDay(learner, now, defaultTimeZone)}`;
}

/** The day's push of one course. */
export function pushMessage(
  learner: Pick<Learner, 'id'> & Timed,
  slate: Slate,
  item: SlateItem,
  course: Course,
  now: Date,
  defaultTimeZone: string,
): NewMessage {
  const key = pushKey(learner, now, defaultTimeZone);
  const id = eventKey('message', key);
  const reply: Reply = {
    text: { key: 'push.daily', args: { course: courseTitle(course), reason: item.reason } },
    course: course.id,
    buttons: [
      [
        button('course', 'push.view', course.id, id),
        button('save', 'push.save', course.id, id),
        button('dismiss', 'push.dismiss', course.id, id),
      ],
      [button('mute', 'push.mute', undefined, id)],
    ],
  };
  const allowed = nextAllowedTime(learner, now, defaultTimeZone);
  return {
    id,
    idempotencyKey: key,
    learnerId: learner.id,
    kind: 'push',
    campaignId: null,
    reply,
    circumstances: shownBy(slate, item),
    notBefore: now,
    expiresAt: new Date(allowed.getTime() + LIFE_HOURS * HOUR),
  };
}

/** What put the course into the message, for its impression and for the events that answer it. */
export function shownBy(slate: Slate, { propensity, source }: SlateItem): Circumstances {
  // Alone in its message, it stands first, wherever the slate had it.
  return { list: slate.list, slate: slate.id, modelVersion: slate.modelVersion, position: 0, propensity, source };
}

/** A button that ties the press to its message; `value` is the coupon's code where there is one. */
export function button(
  action: string,
  label: string,
  course: string | undefined,
  messageId: string,
  value?: string,
): Button {
  const press = { action, ref: `m${messageId}`, ...(course && { course }), ...(value && { value }) };
  return { id: encodePress(press), label: { key: label } };
}
