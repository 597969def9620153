import { z } from 'zod';
import type { Database } from '../../prisma/connect.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isKeepable } from '../learner/external-id.ts';
import { resolveExternal } from '../learner/store.ts';
import { cleanEvent, fields, verdicts, type CleanEvent, type Scale } from './clean.ts';
import { isMissing } from './columns.ts';
import { eventTypes } from './event-types.ts';
import { eventKey } from './key.ts';
import { recordEvents, setAsideRobots } from './store.ts';

/** The answer of `POST /api/events`: counts, and each event that was refused. */
export interface Acceptance {
  accepted: number;
  duplicate: number;
  rejected: { id: string; field: string; reason: string }[];
}

/** The body is not a list of events at all; the message names the place and the fix. */
export class EventsBodyError extends Error {
  readonly statusCode = 400;
}

export const MOST_EVENTS = 1000;
/** The scale of ratings from outside, the same as in the chat. */
const RATING: Scale = [1, 5];
const SHARE: Scale = [0, 1];

const word = z
  .union([z.string().trim(), z.number().transform(String)], { error: 'give a text or a number' })
  .refine(isKeepable, { error: 'holds a NUL character or half of a character: give valid text' });
const id = word.refine((value) => value !== '' && value.length <= 200, { error: 'give 1 to 200 characters' });
/** What is missing or of no use is for the cleaner to judge. */
const part = word.nullish().transform((value) => (value == null || isMissing(value) ? '' : value));

const bodySchema = z.object({
  events: z
    .array(z.unknown(), { error: 'give a list: {"events": [{"id": …, "user_id": …}]}' })
    .max(MOST_EVENTS, { error: `at most ${MOST_EVENTS} events a call: send the rest in further calls` }),
});
const eventSchema = z.object({
  id,
  user_id: part,
  course_id: part,
  behavior_type: part,
  value: part,
  occurred_at: part,
});

/**
 * Takes events of a seller's own site or shop: `{"events": [{"id", "user_id", "course_id",
 * "behavior_type", "value", "occurred_at"}]}`. `id` is the seller's, unique for the event: sent
 * again it counts as a duplicate. A rating is on 1–5, progress in 0–1, money an amount in the
 * course's currency. An unknown `user_id` becomes a learner without consent to messages; one that
 * was erased is refused. Robots are set aside at once, outliers before the next training: they take a
 * look at every amount there is.
 *
 * @param currency of courses that name none.
 * @throws EventsBodyError when the body is not a list of at most `MOST_EVENTS`.
 */
export async function acceptEvents(
  db: Database,
  catalogue: Pick<Catalogue, 'get'>,
  body: unknown,
  now: Date,
  { currency = 'CNY' }: { currency?: string } = {},
): Promise<Acceptance> {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new EventsBodyError(`${path.join('.') || 'body'}: ${message}`);
  }
  const rejected: Acceptance['rejected'] = [];
  const clean = new Map<string, CleanEvent>();
  let repeated = 0;
  const context = {
    course: (course: string) => catalogue.get(course),
    ...{ now, zone: 'UTC', ratingScale: RATING, progressScale: SHARE, currency },
  };
  for (const [index, candidate] of parsed.data.events.entries()) {
    const event = eventSchema.safeParse(candidate);
    if (!event.success) {
      const { path, message } = event.error.issues[0]!;
      rejected.push({ id: idOf(candidate, index), field: path.join('.') || 'event', reason: message });
      continue;
    }
    const { id: key, user_id, course_id, behavior_type, value, occurred_at } = event.data;
    const verdict = cleanEvent(
      { userId: user_id, courseId: course_id, type: behavior_type, value, occurredAt: occurred_at },
      context,
    );
    if (!verdict.ok) rejected.push({ id: key, field: fields[verdict.field], reason: explained(verdict.verdict) });
    else if (clean.has(key)) repeated++;
    else clean.set(key, verdict.event);
  }

  const { ids, erased } = await resolveExternal(
    db,
    [...clean.values()].map(({ userId }) => userId),
    { create: true },
  );
  const events = [...clean].flatMap(([key, { userId, filled, ...event }]) => {
    const learnerId = ids.get(userId);
    if (erased.has(userId)) rejected.push({ id: key, field: 'user_id', reason: explained('erased') });
    if (!learnerId) return [];
    const idempotencyKey = eventKey('api', key);
    return [{ ...event, idempotencyKey, learnerId, channel: 'api', circumstances: filled ? { filled } : {} }];
  });
  const recorded = await recordEvents(db, events);
  await setAsideRobots(db, [...new Set(events.map(({ learnerId }) => learnerId))]);
  return { accepted: recorded.accepted.size, duplicate: recorded.duplicate.size + repeated, rejected };
}

/** The reason with its stable name first, then the fix where the ranges are ours. */
function explained(verdict: keyof typeof verdicts): string {
  const hints: Partial<Record<keyof typeof verdicts, string>> = {
    'out-of-range': `rate takes ${RATING.join('–')}, progress ${SHARE.join('–')}, money an amount of 0 or more`,
    'unknown-type': `types are ${Object.keys(eventTypes).join(', ')}`,
    'bad-time': 'give ISO 8601 or seconds since 1970',
  };
  const hint = hints[verdict];
  return `${verdict}: ${verdicts[verdict]}${hint ? ` (${hint})` : ''}`;
}

function idOf(candidate: unknown, index: number): string {
  const named = z.object({ id }).safeParse(candidate);
  return named.success ? named.data.id : `#${index}`;
}
