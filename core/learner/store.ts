import { randomUUID } from 'node:crypto';
import type { Database } from '../../prisma/connect.ts';
import type { Language } from '../language/reply.ts';
import type { Consent } from './consent.ts';
import { erasedAmong } from './erasure/store.ts';
import type { Address, ChannelName, ConsentKind, Learner, Level } from './learner.ts';
import { isTimeZone, timeZoneProblem } from './time-zone.ts';

/** What a learner or an operator may set; consent goes through `setConsent`. */
export type LearnerPatch = Partial<Omit<Learner, 'id' | 'simulated' | ConsentKind>> & {
  joinedAt?: Date | null;
  attributes?: Record<string, string>;
};

export type NewLearner = LearnerPatch & { simulated?: boolean };

/** The learner of an id, or of one that they had before two accounts became one. */
export async function findLearner(db: Database, id: string): Promise<Learner | undefined> {
  return following(db, id, async (current) => {
    const { rows } = await db.pool.query<Learner>({
      name: 'find-learner',
      text: `select ${LEARNER} from learners l where l.id = $1`,
      values: [current],
    });
    return rows[0];
  });
}

/** @throws RangeError for a time zone that is not one. */
export async function createLearner(db: Database, values: NewLearner = {}): Promise<Learner> {
  checkZone(values.timeZone);
  return asLearner(await db.prisma.learner.create({ data: values }))!;
}

/**
 * @returns the learner as it is now, undefined when there is none of that id (erased meanwhile).
 * @throws RangeError for a time zone that is not one.
 */
export async function updateLearner(db: Database, id: string, patch: LearnerPatch): Promise<Learner | undefined> {
  checkZone(patch.timeZone);
  return following(db, id, async (current) => {
    const [row] = await db.prisma.learner.updateManyAndReturn({ where: { id: current }, data: patch });
    return asLearner(row);
  });
}

/**
 * Sets the current consent and keeps the proof of it, both or neither. To be written to is agreed to
 * for the place where it is said, and withdrawn for all: reminders too, since no message may follow.
 *
 * @param consent.chat where on the channel; without it all chats that the learner has there.
 * @returns undefined when there is no such learner.
 */
export async function setConsent(
  db: Database,
  { chat, ...consent }: Consent & { chat?: string },
): Promise<Learner | undefined> {
  const { kind, granted, channel, wording, at } = consent;
  return following(db, consent.learnerId, (learnerId) =>
    db.prisma.$transaction(async (tx) => {
      const data = { [kind]: granted, ...(kind === 'messages' && !granted && { reminderHour: null }) };
      const [row] = await tx.learner.updateManyAndReturn({ where: { id: learnerId }, data });
      if (!row) return undefined;
      await tx.consentRecord.create({ data: { learnerId, kind, granted, channel, wording, at } });
      if (kind === 'messages' && granted)
        await tx.address.updateMany({
          where: { learnerId, channel, ...(chat !== undefined && { chat }) },
          // Who agrees wants to be written to there, also who was seen in a group alone.
          data: { messages: true, reachable: true },
        });
      if (kind === 'messages' && !granted)
        await tx.address.updateMany({ where: { learnerId }, data: { messages: false, reminders: false } });
      return asLearner(row);
    }),
  );
}

/**
 * Does something for a learner, and once more for whom they are now when nobody has that id: their
 * accounts may have become one a moment ago. Costs nothing where the id is current.
 */
export async function following<T>(
  db: Database,
  id: string,
  work: (current: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (
    let current: string | undefined = id;
    current !== undefined;
    current = (await currentIds(db, [current])).get(current)
  ) {
    const done = await work(current);
    if (done !== undefined) return done;
  }
  return undefined;
}

/** Of ids that learners had before their accounts became one: the id they have now. */
export async function currentIds(db: Database, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.pool.query<{ id: string; learner_id: string }>(
    'select id, learner_id from former_ids where id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row.learner_id]));
}

// ── external ids ────────────────────────────────────────────────────────────

export interface Resolved {
  /** External id → learner id. */
  ids: Map<string, string>;
  /** Ids of people who were erased; they are never created again. */
  erased: Set<string>;
}

/**
 * Learner ids of external ids, in bulk and safe beside another process that does the same.
 * With `create`, unknown ids become learners without any consent.
 */
export async function resolveExternal(
  db: Database,
  externalIds: readonly string[],
  { create }: { create: boolean },
): Promise<Resolved> {
  // Sorted, so that two processes that create the same ids wait for each other instead of dead-locking.
  const wanted = [...new Set(externalIds)].sort();
  const ids = await knownIds(db, wanted);
  const unknown = wanted.filter((id) => !ids.has(id));
  const erased = await erasedAmong(db, unknown);
  const fresh = unknown.filter((id) => !erased.has(id));
  if (!create || fresh.length === 0) return { ids, erased };
  // The foreign key is checked when the statement ends, so the names may be claimed before the learners exist:
  // only those whose name was not taken by somebody else meanwhile are made.
  const made = await db.pool.query<{ external_id: string; learner_id: string }>(
    `with claimed as (
       insert into external_ids (external_id, learner_id)
       select * from unnest($1::text[], $2::uuid[])
       on conflict do nothing returning external_id, learner_id
     ), made as (
       insert into learners (id) select learner_id from claimed
     )
     select external_id, learner_id from claimed`,
    [fresh, fresh.map(() => randomUUID())],
  );
  for (const row of made.rows) ids.set(row.external_id, row.learner_id);
  const lost = fresh.filter((id) => !ids.has(id));
  for (const [external, id] of await knownIds(db, lost)) ids.set(external, id);
  return { ids, erased };
}

// ── addresses ───────────────────────────────────────────────────────────────

/** The learner who is reached at a place; undefined when nobody is. */
export async function learnerAt(db: Database, channel: ChannelName, chat: string): Promise<Learner | undefined> {
  const { rows } = await db.pool.query<Learner>(
    `select ${LEARNER} from addresses join learners l on l.id = learner_id where channel = $1 and chat = $2`,
    [channel, chat],
  );
  return rows[0];
}

/**
 * The learner who acts at a place, made (without consent) when there is none yet, and notes that they were heard
 * from. One learner only, whatever comes at once; one statement for who is known.
 *
 * @param options.reachable whether they can be written to there: false for who was seen in a group
 *   alone. It never takes back that they can.
 */
export async function meetLearner(
  db: Database,
  channel: ChannelName,
  chat: string,
  { reachable }: { reachable: boolean },
): Promise<Learner> {
  for (;;) {
    const met = await db.pool.query<Learner>({ name: 'meet-learner', text: touch, values: [channel, chat, reachable] });
    if (met.rows[0]) return met.rows[0];
    // Only who claims the place becomes a learner; the foreign key is checked when the statement ends.
    const made = await db.pool.query<Learner>(
      `with claimed as (
         insert into addresses (learner_id, channel, chat, reachable) values ($4, $1, $2, $3)
         on conflict do nothing returning learner_id
       ), made as (
         insert into learners (id) select learner_id from claimed returning *
       )
       select ${LEARNER} from made l`,
      [channel, chat, reachable, randomUUID()],
    );
    if (made.rows[0]) return made.rows[0];
  }
}

/**
 * Notes that the learner was heard from at a place, which makes it reachable and theirs.
 *
 * @returns false when there is no such learner (any more).
 */
export async function touchAddress(db: Database, { learnerId, channel, chat }: Address): Promise<boolean> {
  // The lock lets an erasure that has begun finish first, or wait and then take this row with it.
  const { rowCount } = await db.pool.query(
    `with living as (select id from learners where id = $1 for key share)
     insert into addresses (learner_id, channel, chat) select id, $2, $3 from living
     on conflict (channel, chat) do update
     set learner_id = excluded.learner_id, reachable = true, used_at = now()`,
    [learnerId, channel, chat],
  );
  return rowCount === 1;
}

/**
 * Sets the hour (0–23, on the learner's clock) of the lesson reminder and that it comes to this place alone, or
 * with null that there is none.
 *
 * @param options.chat the learner's chat on the channel; all that they have there where it is none of theirs.
 * @returns undefined when there is no such learner.
 */
export async function setReminder(
  db: Database,
  { learnerId, hour, channel, chat }: Address & { hour: number | null },
): Promise<Learner | undefined> {
  return following(db, learnerId, async (current) => {
    const { rows } = await db.pool.query<Learner>(
      `with places as (
         select id, channel = $3 and chat = $4 as here, channel = $3 as near from addresses where learner_id = $1
       ), placed as (
         update addresses a set reminders = $2::int is not null and (p.here or (p.near and not exists (select from places where here)))
         from places p where a.id = p.id
       )
       update learners l set reminder_hour = $2 where id = $1 returning ${LEARNER}`,
      [current, hour, channel, chat],
    );
    return rows[0];
  });
}

/** What a message is to the person: each class goes only where they agreed to it. */
export type Purpose = 'marketing' | 'reminder' | 'service';

/** Where a learner can be reached with a message of that class, latest used first. */
export async function addressesOf(
  db: Database,
  learnerId: string,
  { for: purpose }: { for: Purpose },
): Promise<Address[]> {
  const found = await following(db, learnerId, async (current) => {
    const { rows } = await db.pool.query<{ channel: ChannelName; chat: string }>(
      `select channel, chat from addresses
       where learner_id = $1 and reachable and ${agreed[purpose]} order by used_at desc, id`,
      [current],
    );
    return rows.length > 0 ? rows.map(({ channel, chat }) => ({ learnerId: current, channel, chat })) : undefined;
  });
  return found ?? [];
}

const agreed: Record<Purpose, string> = { marketing: 'messages', reminder: 'reminders', service: 'true' };

/** After a block or a closed chat: nothing is sent there until the person writes again. */
export async function markUnreachable(db: Database, { channel, chat }: Omit<Address, 'learnerId'>): Promise<void> {
  await db.pool.query('update addresses set reachable = false where channel = $1 and chat = $2', [channel, chat]);
}

/** The person lets themselves be written to again. */
export async function markReachable(db: Database, { channel, chat }: Omit<Address, 'learnerId'>): Promise<void> {
  await db.pool.query('update addresses set reachable = true where channel = $1 and chat = $2', [channel, chat]);
}

async function knownIds(db: Database, externalIds: readonly string[]): Promise<Map<string, string>> {
  if (externalIds.length === 0) return new Map();
  const { rows } = await db.pool.query<{ external_id: string; learner_id: string }>(
    'select external_id, learner_id from external_ids where external_id = any($1::text[])',
    [externalIds],
  );
  return new Map(rows.map((row) => [row.external_id, row.learner_id]));
}

/** @throws RangeError for a time zone that is not one. */
export function checkZone(timeZone: string | null | undefined) {
  if (timeZone && !isTimeZone(timeZone)) throw new RangeError(timeZoneProblem(timeZone));
}

/** Columns of `learners l` that make a `Learner`. */
export const LEARNER = `l.id, l.language, l.goal, l.level, l.occupation, l.time_zone as "timeZone",
  l.declared_topics as "declaredTopics", l.simulated, l.recording, l.messages, l.personalised, l.push_hour as "pushHour",
  l.quiet_from as "quietFrom", l.quiet_to as "quietTo", l.message_topics as "messageTopics",
  l.onboarded_at as "onboardedAt", l.reminder_hour as "reminderHour"`;

const touch = `
  with touched as (
    update addresses set used_at = now(), reachable = reachable or $3 where channel = $1 and chat = $2 returning learner_id
  )
  select ${LEARNER} from touched join learners l on l.id = touched.learner_id`;

type Row = Omit<Learner, 'language' | 'level'> & { language: string | null; level: string | null };

function asLearner(row: Row | null | undefined): Learner | undefined {
  if (!row) return undefined;
  return {
    id: row.id,
    language: row.language as Language | null,
    goal: row.goal,
    level: row.level as Level | null,
    occupation: row.occupation,
    timeZone: row.timeZone,
    declaredTopics: row.declaredTopics,
    simulated: row.simulated,
    recording: row.recording,
    messages: row.messages,
    personalised: row.personalised,
    pushHour: row.pushHour,
    quietFrom: row.quietFrom,
    quietTo: row.quietTo,
    messageTopics: row.messageTopics,
    onboardedAt: row.onboardedAt,
    reminderHour: row.reminderHour,
  };
}
