import type { PoolClient } from 'pg';
import type { Database } from '../../../prisma/connect.ts';
import { inTransaction, type Queryable } from '../../../prisma/transaction.ts';
import type { Learner } from '../../learner/learner.ts';
import { LEARNER } from '../../learner/store.ts';
import type { ChallengePlan } from './plan.ts';
import { daysDone, type Challenge, type Member } from './standing.ts';

/**
 * Starts a challenge in a trusted community. The same id again is the same challenge.
 *
 * @param id a UUID of the caller's.
 */
export async function createChallenge(
  db: Database,
  { id, communityId, plan, now }: { id: string; communityId: string; plan: ChallengePlan; now: Date },
): Promise<{ ok: true; challenge: Challenge } | { ok: false; error: 'challenge.exists' | 'challenge.untrusted' }> {
  return inTransaction(db.pool, async (client) => {
    // Held, so that two of one name can not start at once.
    const { rows: trusted } = await client.query(
      'select 1 from communities where id = $1 and trusted and active for no key update',
      [communityId],
    );
    if (trusted.length === 0) return { ok: false, error: 'challenge.untrusted' };
    const open = await challengesWhere(client, "community_id = $1 and status = 'open' and name = $2", [
      communityId,
      plan.name,
    ]);
    if (open[0]) return open[0].id === id ? { ok: true, challenge: open[0] } : { ok: false, error: 'challenge.exists' };
    const { firstDay, lastDay, timeZone, daysNeeded, percent, couponDays } = plan;
    await client.query(
      `insert into challenges (id, community_id, name, first_day, last_day, time_zone, days_needed, percent, coupon_days, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [id, communityId, plan.name, firstDay, lastDay, timeZone, daysNeeded, percent, couponDays, now],
    );
    return { ok: true, challenge: { ...plan, id, communityId, status: 'open' } };
  });
}

export async function findChallenge(db: Database, id: string): Promise<Challenge | undefined> {
  return (await challengesWhere(db.pool, 'id::text = $1', [id.toLowerCase()]))[0];
}

/** Challenges that are neither closed nor stopped; of one community, or of all. */
export async function openChallenges(db: Database, communityId?: string): Promise<Challenge[]> {
  return challengesWhere(db.pool, "status = 'open' and ($1::uuid is null or community_id = $1)", [communityId ?? null]);
}

/** Every challenge, newest first. */
export async function listChallenges(db: Database): Promise<(Challenge & { community: string; members: number })[]> {
  const { rows } = await db.pool.query<ChallengeRow & { community: string; members: number }>(
    `select ${COLUMNS}, (select title from communities where id = community_id) as community,
            (select count(*)::int from challenge_members where challenge_id = challenges.id) as members
     from challenges order by created_at desc, id`,
  );
  return rows.map(({ community, members, ...row }) => ({ ...asChallenge(row), community, members }));
}

/** Ends a challenge without coupons. @returns undefined when there is none of that id going on. */
export async function stopChallenge(db: Database, id: string): Promise<Challenge | undefined> {
  const { rows } = await db.pool.query<ChallengeRow>(
    `update challenges set status = 'stopped' where id::text = $1 and status = 'open' returning ${COLUMNS}`,
    [id.toLowerCase()],
  );
  return rows[0] && asChallenge(rows[0]);
}

// ── members ─────────────────────────────────────────────────────────────────

export interface Membership {
  challenge: Challenge;
  /** Null for who is not on the leaderboard. */
  shownAs: string | null;
}

/** Open challenges that a learner has joined, the one that ends first on top. */
export async function challengesOf(db: Database, learnerId: string): Promise<Membership[]> {
  const { rows } = await db.pool.query<ChallengeRow & { shown_as: string | null }>(
    `select ${COLUMNS}, shown_as from challenges join challenge_members on challenge_id = id
     where learner_id = $1 and status = 'open' order by last_day, name, id`,
    [learnerId],
  );
  return rows.map(({ shown_as, ...row }) => ({ challenge: asChallenge(row), shownAs: shown_as }));
}

/** @returns whether the learner is new in it; false too when it is not open any more. */
export async function joinChallenge(
  db: Database,
  { challengeId, learnerId, now }: { challengeId: string; learnerId: string; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    `with living as (select id from learners where id = $2 for key share)
     insert into challenge_members (challenge_id, learner_id, joined_at)
     select c.id, living.id, $3 from challenges c, living where c.id::text = $1 and c.status = 'open'
     on conflict do nothing`,
    [challengeId, learnerId, now],
  );
  return rowCount === 1;
}

/**
 * @param shownAs the name on the leaderboard; null takes it off.
 * @returns false for who is not in the challenge.
 */
export async function showOnBoard(
  db: Database,
  { challengeId, learnerId, shownAs }: { challengeId: string; learnerId: string; shownAs: string | null },
): Promise<boolean> {
  const { rowCount } = await db.pool.query(
    'update challenge_members set shown_as = $3 where challenge_id::text = $1 and learner_id = $2',
    [challengeId, learnerId, shownAs],
  );
  return rowCount === 1;
}

export async function leaveChallenge(db: Database, challengeId: string, learnerId: string): Promise<void> {
  await db.pool.query(
    `delete from challenge_members m using challenges c
     where c.id = m.challenge_id and c.id::text = $1 and m.learner_id = $2 and c.status = 'open'`,
    [challengeId, learnerId],
  );
}

/** Every member with the days they checked in on; a check-in before joining counts as one after. */
export async function membersOf(db: Queryable, challenge: Challenge): Promise<Member[]> {
  const { rows } = await db.query<{ learner_id: string; shown_as: string | null; check_ins: Date[] | null }>(
    `select m.learner_id, m.shown_as, array_agg(e.occurred_at) filter (where e.id is not null) as check_ins
     from challenge_members m
     left join events e on e.learner_id = m.learner_id and e.type = 'checkin' and e.set_aside is null
       and e.occurred_at >= $2::date - interval '2 days' and e.occurred_at < $3::date + interval '3 days'
     where m.challenge_id = $1 group by 1, 2 order by 1`,
    [challenge.id, challenge.firstDay, challenge.lastDay],
  );
  return rows.map((row) => ({
    learnerId: row.learner_id,
    shownAs: row.shown_as,
    days: daysDone(challenge, row.check_ins ?? []),
  }));
}

// ── the end ─────────────────────────────────────────────────────────────────

/**
 * Holds an open challenge until the transaction ends: nobody else closes or stops it, and nobody joins.
 *
 * @returns undefined when another process has closed it.
 */
export async function holdOpenChallenge(client: PoolClient, id: string): Promise<Challenge | undefined> {
  const { rows } = await client.query<ChallengeRow>(
    `select ${COLUMNS} from challenges where id = $1 and status = 'open' for update`,
    [id],
  );
  return rows[0] && asChallenge(rows[0]);
}

/**
 * The members of a held challenge, none of whom is erased or made one with another account until the
 * transaction ends: who was counted is who is rewarded.
 */
export async function holdMembers(client: PoolClient, challenge: Challenge): Promise<Member[]> {
  for (;;) {
    const { rows } = await client.query<{ id: string }>(
      `select id from learners where id in (select learner_id from challenge_members where challenge_id = $1)
       order by id for key share`,
      [challenge.id],
    );
    const held = new Set(rows.map(({ id }) => id));
    const members = await membersOf(client, challenge);
    // A merge that we waited for may have made somebody else the member.
    if (members.every(({ learnerId }) => held.has(learnerId))) return members;
  }
}

export interface Reward {
  learnerId: string;
  code: string;
}

/**
 * Marks a held challenge as closed and gives each of these held members their coupon, once.
 *
 * @returns the learners who have theirs now, by id.
 */
export async function rewardMembers(
  client: PoolClient,
  challenge: Challenge,
  rewards: readonly Reward[],
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<Map<string, Learner>> {
  await client.query("update challenges set status = 'closed' where id = $1", [challenge.id]);
  const given = await client.query<{ learner_id: string }>(
    `with rewarded as (
       update challenge_members set rewarded_at = $6
       where challenge_id = $1 and rewarded_at is null and learner_id = any($2::uuid[]) returning learner_id
     )
     insert into coupons (learner_id, code, percent, expires_at, created_at)
     select r.learner_id, r.code, $4, $5, $6 from unnest($2::uuid[], $3::text[]) as r(learner_id, code)
     join rewarded on rewarded.learner_id = r.learner_id
     returning learner_id`,
    [
      challenge.id,
      rewards.map((reward) => reward.learnerId),
      rewards.map((reward) => reward.code),
      challenge.percent,
      expiresAt,
      now,
    ],
  );
  const { rows } = await client.query<Learner>(`select ${LEARNER} from learners l where id = any($1::uuid[])`, [
    given.rows.map((row) => row.learner_id),
  ]);
  return new Map(rows.map((learner) => [learner.id, learner]));
}

async function challengesWhere(db: Queryable, where: string, values: unknown[]): Promise<Challenge[]> {
  const { rows } = await db.query<ChallengeRow>(
    `select ${COLUMNS} from challenges where ${where} order by last_day, name, id`,
    values,
  );
  return rows.map(asChallenge);
}

const COLUMNS = `id, community_id, name, first_day::text, last_day::text, time_zone, days_needed, percent, coupon_days, status`;

interface ChallengeRow {
  id: string;
  community_id: string;
  name: string;
  first_day: string;
  last_day: string;
  time_zone: string;
  days_needed: number;
  percent: number;
  coupon_days: number;
  status: Challenge['status'];
}

const asChallenge = (row: ChallengeRow): Challenge => ({
  id: row.id,
  communityId: row.community_id,
  name: row.name,
  firstDay: row.first_day,
  lastDay: row.last_day,
  timeZone: row.time_zone,
  daysNeeded: row.days_needed,
  percent: row.percent,
  couponDays: row.coupon_days,
  status: row.status,
});
