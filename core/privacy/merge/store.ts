import type pg from 'pg';
import type { Account, CampaignPlace, Merged, Twins } from './decide.ts';

/**
 * Makes everybody else wait who would write for one of these learners, until the transaction that
 * `client` is in ends: checkouts and deliveries, then whoever records something. In the order of the
 * ids, so that two merges that cross wait for each other instead of dead-locking.
 *
 * @returns those who exist.
 */
export async function lockAccounts(client: pg.PoolClient, ids: readonly string[]): Promise<Account[]> {
  const sorted = [...ids].sort();
  for (const turn of ['checkout:', 'messages-to:'])
    for (const id of sorted)
      await client.query('select pg_advisory_xact_lock(hashtextextended($1 || $2::text, 0))', [turn, id]);
  await client.query('select id from learners where id = any($1::uuid[]) order by id for update', [sorted]);
  const { rows } = await client.query<Omit<Account, 'decisions'>>(
    `select id, created_at as "createdAt", simulated, language, goal, level, occupation, time_zone as "timeZone",
       joined_at as "joinedAt", attributes, declared_topics as "declaredTopics", personalised, push_hour as "pushHour",
       quiet_from as "quietFrom", quiet_to as "quietTo", message_topics as "messageTopics", onboarded_at as "onboardedAt",
       reminder_hour as "reminderHour", referral_code as "referralCode",
       exists (select from external_ids where learner_id = learners.id) as known
     from learners where id = any($1::uuid[])`,
    [sorted],
  );
  const decisions = await client.query<DecisionRow>(
    `select distinct on (learner_id, kind) learner_id, kind, granted, at, id from consent_records
     where learner_id = any($1::uuid[]) order by learner_id, kind, at desc, id desc`,
    [sorted],
  );
  return rows.map((row) => ({
    ...row,
    decisions: Object.fromEntries(
      decisions.rows
        .filter(({ learner_id }) => learner_id === row.id)
        .map(({ kind, granted, at, id }) => [kind, { granted, at, id: BigInt(id) }]),
    ),
  }));
}

interface DecisionRow {
  learner_id: string;
  kind: string;
  granted: boolean;
  at: Date;
  id: string;
}

// ── addresses and consent ───────────────────────────────────────────────────

/**
 * Takes back that a place may be written to, where the person as the other account withdrew it later
 * than it was given; all of them when the newest word is no.
 *
 * @param refusing who wants no messages: the other account's reminders stop too.
 */
export async function holdRefusals(
  client: pg.PoolClient,
  { ids, messages, refusing }: { ids: readonly string[]; messages: boolean; refusing: readonly string[] },
): Promise<void> {
  await client.query(
    `update addresses a set messages = false where learner_id = any($1::uuid[]) and messages and (not $2::boolean or exists (
       select from consent_records w
       where w.learner_id = any($1::uuid[]) and w.kind = 'messages' and not w.granted and not exists (
         select from consent_records g
         where g.learner_id = a.learner_id and g.kind = 'messages' and g.granted and g.channel = a.channel
           and (g.at, g.id) > (w.at, w.id))))`,
    [ids, messages],
  );
  await client.query(
    `update addresses set reminders = false where learner_id = any($1::uuid[])
       and exists (select from unnest($2::uuid[]) as r(id) where r.id <> addresses.learner_id)`,
    [ids, refusing],
  );
}

// ── campaigns and messages ──────────────────────────────────────────────────

/** The places of these accounts in campaigns, with their coupons; both stand still until the transaction ends. */
export async function campaignPlaces(
  client: pg.PoolClient,
  ids: readonly string[],
  now: Date,
): Promise<CampaignPlace[]> {
  // In the order in which whoever notes an outcome takes them.
  for (const table of ['outbox_messages', 'campaign_members', 'coupons'])
    await client.query(`select id from ${table} where learner_id = any($1::uuid[]) order by id for update`, [ids]);
  const { rows } = await client.query<CampaignPlace>(
    `select p.campaign_id as "campaignId", p.learner_id as "learnerId", p.arm,
       p.sent_at is not null or exists (
         select from outbox_messages o
         where o.learner_id = p.learner_id and o.campaign_id = p.campaign_id and o.status = 'sending') as sent,
       p.code is not null as coupon, p.redeemed_at is not null as redeemed, coalesce(p.reserved_until > $2, false) as reserved
     from (
       select campaign_id, learner_id, m.arm, m.sent_at, c.code, c.redeemed_at, c.reserved_until
       from (select * from campaign_members where learner_id = any($1::uuid[])) m
       full join (select * from coupons where learner_id = any($1::uuid[]) and campaign_id is not null) c
         using (campaign_id, learner_id)
     ) p`,
    [ids, now],
  );
  return rows;
}

/**
 * Leaves places in campaigns counted where they were, and nobody's; their messages, if they wait, are
 * not sent. What the person bought counts for the place that stays, since the earlier of both.
 */
export async function vacate(
  client: pg.PoolClient,
  ids: readonly string[],
  places: readonly CampaignPlace[],
  now: Date,
): Promise<void> {
  for (const { campaignId, learnerId } of places) {
    const place = [campaignId, learnerId];
    await client.query(
      `update campaign_members k set created_at = least(k.created_at, g.created_at) from campaign_members g
       where k.campaign_id = $1 and k.learner_id = any($3::uuid[]) and k.learner_id <> $2
         and g.campaign_id = $1 and g.learner_id = $2`,
      [...place, ids],
    );
    await client.query(
      `update outbox_messages set status = 'aborted', reason = 'merged', status_at = $3
       where campaign_id = $1 and learner_id = $2 and status in ('pending', 'queued')`,
      [...place, now],
    );
    for (const table of ['campaign_members', 'coupons'])
      await client.query(`update ${table} set learner_id = null where campaign_id = $1 and learner_id = $2`, place);
  }
}

/** Kinds that are planned for a learner and a day or a campaign: one of each is enough for one person. */
const PLANNED = `('push', 'campaign', 'reminder')`;

/** Planned messages of the account that goes, which the one that stays has as well. */
export async function twinMessages(client: pg.PoolClient, keepId: string, goneId: string): Promise<Twins[]> {
  const { rows } = await client.query<Twins>(
    `select g.id as "goneId", g.status as "goneStatus", k.id as "keepId", k.status as "keepStatus"
     from outbox_messages g
     join outbox_messages k on k.idempotency_key = replace(g.idempotency_key, $2::text, $1::text) and k.id <> g.id
     where g.learner_id = $2::uuid and g.kind in ${PLANNED}`,
    [keepId, goneId],
  );
  return rows;
}

export async function abortMessages(client: pg.PoolClient, ids: readonly string[], now: Date): Promise<void> {
  await client.query(
    `update outbox_messages set status = 'aborted', reason = 'merged', status_at = $2
     where id = any($1::uuid[]) and status in ('pending', 'queued')`,
    [ids, now],
  );
}

// ── everything else ─────────────────────────────────────────────────────────

/** Tables whose rows go over as they are. */
const moved = [
  ...['external_ids', 'consent_records', 'events', 'orders', 'invoices', 'coupons', 'campaign_members'],
  ...[
    'outbox_messages',
    'web_inbox',
    'web_sessions',
    'sent_messages',
    'polls',
    'questions',
    'link_codes',
    'former_ids',
  ],
  ...['addresses', 'conversations', 'challenge_members'],
];

// $1 stays, $2 goes. A row that both have becomes one; a chat that is named after its learner is renamed.
const joined = [
  // The keys by which planning knows what it has written.
  `update outbox_messages g set idempotency_key = replace(idempotency_key, $2::text, $1::text)
   where learner_id = $2::uuid and kind in ${PLANNED} and not exists (
     select from outbox_messages k where k.idempotency_key = replace(g.idempotency_key, $2::text, $1::text) and k.id <> g.id)`,
  `update addresses k set reachable = k.reachable or g.reachable, messages = k.messages or g.messages,
     reminders = k.reminders or g.reminders, used_at = greatest(k.used_at, g.used_at)
   from addresses g where k.channel = g.channel and k.chat = $1::text and g.chat = $2::text`,
  ...['addresses', 'conversations'].flatMap((table) => [
    `delete from ${table} g using ${table} k where k.channel = g.channel and k.chat = $1::text and g.chat = $2::text`,
    `update ${table} set chat = $1::text where chat = $2::text`,
  ]),
  `update challenge_members k set joined_at = least(k.joined_at, g.joined_at), shown_as = coalesce(k.shown_as, g.shown_as),
     rewarded_at = least(k.rewarded_at, g.rewarded_at)
   from challenge_members g
   where k.challenge_id = g.challenge_id and k.learner_id = $1::uuid and g.learner_id = $2::uuid`,
  `delete from challenge_members g using challenge_members k
   where k.challenge_id = g.challenge_id and k.learner_id = $1::uuid and g.learner_id = $2::uuid`,
  // One person is invited once: what was credited stands, else who invited first.
  `delete from referrals where referred_id in ($1::uuid, $2::uuid) and referred_id <> (
     select referred_id from referrals where referred_id in ($1::uuid, $2::uuid) order by credited_at, at, referred_id limit 1)`,
  `update referrals set referred_id = $1::uuid where referred_id = $2::uuid`,
  `update referrals set referrer_id = $1::uuid where referrer_id = $2::uuid`,
  // Nobody invites themselves.
  `delete from referrals where referred_id in ($1::uuid, $2::uuid) and referrer_id = referred_id and credited_at is null`,
  `update referrals set referrer_id = null where referred_id in ($1::uuid, $2::uuid) and referrer_id = referred_id`,
  // Folded anew from both logs.
  `delete from learner_states where learner_id in ($1::uuid, $2::uuid)`,
];

/** Every row of the account that goes becomes one of the account that stays. */
export async function moveRows(client: pg.PoolClient, keepId: string, goneId: string): Promise<void> {
  const over = moved.map((table) => `update ${table} set learner_id = $1::uuid where learner_id = $2::uuid`);
  for (const sql of [...joined, ...over]) await client.query(sql, [keepId, goneId]);
}

/** Ends the account that goes: its id and its invitations lead to the one that stays, which has these values now. */
export async function replaceAccount(
  client: pg.PoolClient,
  keepId: string,
  gone: Pick<Account, 'id' | 'referralCode'>,
  values: Merged,
): Promise<void> {
  await client.query('delete from learners where id = $1', [gone.id]);
  await client.query('insert into former_ids (id, learner_id, referral_code) values ($1, $2, $3)', [
    gone.id,
    keepId,
    gone.referralCode,
  ]);
  await client.query(
    `update learners set language = $2, goal = $3, level = $4, occupation = $5, time_zone = $6, joined_at = $7,
       created_at = $8, attributes = $9, declared_topics = $10, push_hour = $11, quiet_from = $12, quiet_to = $13,
       message_topics = $14, onboarded_at = $15, reminder_hour = $16, referral_code = $17,
       recording = $18, messages = $19, personalised = $20
     where id = $1`,
    [
      ...[keepId, values.language, values.goal, values.level, values.occupation, values.timeZone, values.joinedAt],
      ...[values.createdAt, JSON.stringify(values.attributes), values.declaredTopics, values.pushHour],
      ...[values.quietFrom, values.quietTo, values.messageTopics, values.onboardedAt, values.reminderHour],
      ...[values.referralCode, values.recording, values.messages, values.personalised],
    ],
  );
}
