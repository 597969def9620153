import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../prisma/connect.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import type { Language } from '../language/reply.ts';
import type { Consent } from './consent.ts';
import { ERASURE_KEY_BYTES, hashExternalId } from './erasure.ts';
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

export interface LearnerRow {
  externalId: string;
  language?: Language | null;
  occupation?: string | null;
  goal?: string | null;
  level?: Level | null;
  timeZone?: string | null;
  joinedAt?: Date | null;
  attributes?: Record<string, string>;
}

/**
 * Learners of an import by external id: what a row leaves out or has as null stays as it is.
 * A later row of the same id wins.
 *
 * @throws RangeError for a time zone that is not one; the importer refuses such rows first.
 */
export async function upsertLearners(
  db: Database,
  rows: readonly LearnerRow[],
): Promise<{ inserted: number; updated: number; unchanged: number; erased: Set<string> }> {
  for (const { timeZone } of rows) checkZone(timeZone);
  const names = rows.map((row) => row.externalId);
  const before = await resolveExternal(db, names, { create: false });
  const { ids, erased } = await resolveExternal(db, names, { create: true });
  const last = new Map(rows.flatMap((row) => (ids.has(row.externalId) ? [[ids.get(row.externalId)!, row]] : [])));
  const values = [...last].sort(([a], [b]) => (a < b ? -1 : 1));
  const changed = await db.pool.query<{ id: string }>(
    `update learners l set
       language = coalesce(r.language, l.language), occupation = coalesce(r.occupation, l.occupation),
       goal = coalesce(r.goal, l.goal), level = coalesce(r.level, l.level),
       time_zone = coalesce(r.time_zone, l.time_zone), joined_at = coalesce(r.joined_at, l.joined_at),
       attributes = l.attributes || r.attributes
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[])
       as r(id, language, occupation, goal, level, time_zone, joined_at, attributes)
     where l.id = r.id and (
       coalesce(r.language, l.language), coalesce(r.occupation, l.occupation), coalesce(r.goal, l.goal),
       coalesce(r.level, l.level), coalesce(r.time_zone, l.time_zone), coalesce(r.joined_at, l.joined_at),
       l.attributes || r.attributes
     ) is distinct from (l.language, l.occupation, l.goal, l.level, l.time_zone, l.joined_at, l.attributes)
     returning l.id`,
    [
      values.map(([id]) => id),
      values.map(([, row]) => row.language ?? null),
      values.map(([, row]) => row.occupation ?? null),
      values.map(([, row]) => row.goal ?? null),
      values.map(([, row]) => row.level ?? null),
      values.map(([, row]) => row.timeZone ?? null),
      values.map(([, row]) => row.joinedAt ?? null),
      values.map(([, row]) => JSON.stringify(row.attributes ?? {})),
    ],
  );
  const old = new Set(before.ids.values());
  const inserted = values.filter(([id]) => !old.has(id)).length;
  const updated = changed.rows.filter(({ id }) => old.has(id)).length;
  return { inserted, updated, unchanged: values.length - inserted - updated, erased };
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

// ── a person's own data ─────────────────────────────────────────────────────

/** Everything this room keeps of a person, JSON-safe. */
export async function exportLearner(db: Database, id: string) {
  const learner = await db.prisma.learner.findUnique({
    where: { id },
    include: {
      externalIds: { select: { externalId: true } },
      addresses: {
        select: {
          ...{ channel: true, chat: true, reachable: true, messages: true, reminders: true },
          ...{ createdAt: true, usedAt: true },
        },
      },
      consents: {
        select: { kind: true, granted: true, channel: true, wording: true, at: true },
        orderBy: { id: 'asc' },
      },
    },
  });
  if (!learner) return undefined;
  return { ...learner, externalIds: learner.externalIds.map((row) => row.externalId) };
}

/**
 * Removes the learner with every row that belongs to them (foreign keys cascade) and keeps the
 * keyed hashes of their external ids. Call it within the erasing transaction.
 *
 * @param key see `erasureKey`; made before the transaction begins.
 */
export async function eraseLearner(tx: Prisma.TransactionClient, key: Uint8Array, id: string): Promise<void> {
  const externalIds = await tx.externalId.findMany({ where: { learnerId: id } });
  await tx.erasedId.createMany({
    data: externalIds.map(({ externalId }) => ({ hash: Uint8Array.from(hashExternalId(key, externalId)) })),
    skipDuplicates: true,
  });
  await tx.learner.deleteMany({ where: { id } });
}

const ERASURE_KEY = 'erasure.key';

/** The key that erased ids are hashed with: made on first need, the same for every process. */
export async function erasureKey(db: Database): Promise<Uint8Array> {
  const key = await storedErasureKey(db);
  if (key) return key;
  await db.pool.query('insert into secrets (name, value) values ($1, $2) on conflict do nothing', [
    ERASURE_KEY,
    randomBytes(ERASURE_KEY_BYTES),
  ]);
  return (await storedErasureKey(db))!;
}

async function storedErasureKey(db: Database): Promise<Uint8Array | undefined> {
  const { rows } = await db.pool.query<{ value: Buffer }>('select value from secrets where name = $1', [ERASURE_KEY]);
  return rows[0]?.value;
}

async function erasedAmong(db: Database, externalIds: readonly string[]): Promise<Set<string>> {
  // Without a key nobody was ever erased.
  const key = externalIds.length > 0 ? await storedErasureKey(db) : undefined;
  if (!key) return new Set();
  const byHash = new Map(externalIds.map((id) => [hashExternalId(key, id).toString('hex'), id]));
  const { rows } = await db.pool.query<{ hash: Buffer }>('select hash from erased_ids where hash = any($1::bytea[])', [
    [...byHash.keys()].map((hash) => Buffer.from(hash, 'hex')),
  ]);
  return new Set(rows.map(({ hash }) => byHash.get(hash.toString('hex'))!));
}

async function knownIds(db: Database, externalIds: readonly string[]): Promise<Map<string, string>> {
  if (externalIds.length === 0) return new Map();
  const { rows } = await db.pool.query<{ external_id: string; learner_id: string }>(
    'select external_id, learner_id from external_ids where external_id = any($1::text[])',
    [externalIds],
  );
  return new Map(rows.map((row) => [row.external_id, row.learner_id]));
}

function checkZone(timeZone: string | null | undefined) {
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
