import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Database } from '../../../prisma/connect.ts';
import { inTransaction } from '../../../prisma/transaction.ts';
import { newCodes } from '../store.ts';
import { writeMessages } from '../message/store.ts';
import { creditMessage } from './message.ts';

/** What an invitation is worth to both, and for how many days; 0 percent: there are no invitations. */
export interface Terms {
  percent: number;
  days: number;
}

const CODE_BYTES = 9;
const DAY = 86_400_000;

/** How long what the invited learner bought must stand: a purchase that is soon given back brings no coupon. */
const KEPT_MS = DAY;

/** The code of a learner's own invitation links, made on first need; undefined when there is no such learner. */
export async function referralCode(db: Database, learnerId: string): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ code: string }>(
    'update learners set referral_code = coalesce(referral_code, $2) where id = $1 returning referral_code as code',
    [learnerId, randomBytes(CODE_BYTES).toString('base64url')],
  );
  return rows[0]?.code;
}

/** How many came by a learner's links, and how many of them brought their credit. */
export async function invitedBy(db: Database, learnerId: string): Promise<{ came: number; credited: number }> {
  const { rows } = await db.pool.query<{ came: number; credited: number }>(
    'select count(*)::int as came, count(credited_at)::int as credited from referrals where referrer_id = $1',
    [learnerId],
  );
  return rows[0]!;
}

export type Accepted =
  | { ok: true; coupon: { code: string; percent: number; expiresAt: Date } }
  | {
      ok: false;
      error:
        | 'referral.off'
        /** Nobody has that code (any more). */
        | 'referral.unknown'
        | 'referral.self'
        /** They came before: they did something here, bought, have another account, or were invited already. */
        | 'referral.known';
    };

/**
 * Takes somebody who came by an invitation link as invited, once in their life, and gives them their welcome
 * coupon. Only who is new: no behaviour but agreeing to its recording, no orders, no second account.
 */
export async function acceptReferral(
  db: Database,
  { referredId, code, now, percent, days }: { referredId: string; code: string; now: Date } & Terms,
): Promise<Accepted> {
  if (percent === 0) return { ok: false, error: 'referral.off' };
  return inTransaction(db.pool, async (client) => {
    // Both held in one order: neither is erased or made one with the other meanwhile, and nobody is invited twice at once.
    const { rows } = await client.query<{ id: string; inviter: boolean }>(
      `select id, ${OWNS_CODE} as inviter from learners l where id = $1 or ${OWNS_CODE} order by id for update`,
      [referredId, code],
    );
    const inviter = rows.find((row) => row.inviter)?.id;
    if (inviter === undefined || !rows.some((row) => row.id === referredId))
      return { ok: false, error: 'referral.unknown' };
    if (inviter === referredId) return { ok: false, error: 'referral.self' };
    if (!(await isNew(client, referredId))) return { ok: false, error: 'referral.known' };
    await client.query('insert into referrals (referred_id, referrer_id, at) values ($1, $2, $3)', [
      referredId,
      inviter,
      now,
    ]);
    return { ok: true, coupon: await giveCoupon(client, referredId, { percent, days }, now) };
  });
}

/** Whose code $2 is: their own, or that of an account which has become one with theirs. */
const OWNS_CODE = `(l.referral_code = $2 or l.id = (select learner_id from former_ids where referral_code = $2))`;

async function isNew(client: PoolClient, learnerId: string): Promise<boolean> {
  const { rows } = await client.query<{ fresh: boolean }>(
    `select not simulated
       and not exists (select from referrals where referred_id = $1 or referrer_id = $1)
       and not exists (select from events where learner_id = $1 and type not in ('register', 'impression'))
       and not exists (select from orders where learner_id = $1)
       and not exists (select from external_ids where learner_id = $1)
       and not exists (select from former_ids where learner_id = $1)
       and (select count(*) from addresses where learner_id = $1) <= 1 as fresh
     from learners where id = $1`,
    [learnerId],
  );
  return rows[0]?.fresh === true;
}

/**
 * Gives every inviter their coupon, whose invited learner has paid for an order and kept it for a day, and tells
 * them. Once for each, whatever is called at the same time: the referral's row is held until all is written.
 *
 * @returns how many were credited.
 */
export async function creditReferrals(db: Database, terms: Terms, now: Date): Promise<number> {
  if (terms.percent === 0) return 0;
  const { rows: due } = await db.pool.query<{ referred_id: string }>(
    `select referred_id from referrals r
     where credited_at is null and referrer_id is not null and referrer_id <> referred_id and exists (${KEPT})
     order by at`,
    [keptSince(now)],
  );
  let credited = 0;
  for (const { referred_id } of due) if (await credit(db, referred_id, terms, now)) credited++;
  return credited;
}

/** An order that was paid for since the invitation, no later than $1, and is not given back. */
const KEPT = `select from orders o where o.learner_id = r.referred_id and o.status = 'paid' and o.paid_minor > 0
  and o.created_at >= r.at and o.created_at <= $1`;

const keptSince = (now: Date) => new Date(now.getTime() - KEPT_MS);

function credit(db: Database, referredId: string, terms: Terms, now: Date): Promise<boolean> {
  return inTransaction(db.pool, async (client) => {
    // A refund of one of these orders waits for us, or we see it done.
    await client.query(
      "select from orders where learner_id = $1 and status = 'paid' and paid_minor > 0 order by id for share",
      [referredId],
    );
    const { rows } = await client.query<{ referrer_id: string }>(
      `update referrals r set credited_at = $3
       where referred_id = $2 and credited_at is null and referrer_id <> referred_id
         and exists (select from learners where id = r.referrer_id) and exists (${KEPT})
       returning referrer_id`,
      [keptSince(now), referredId, now],
    );
    const referrerId = rows[0]?.referrer_id;
    if (referrerId === undefined) return false;
    const coupon = await giveCoupon(client, referrerId, terms, now);
    await writeMessages(client, [creditMessage({ referrerId, referredId, coupon, days: terms.days, now })], now);
    return true;
  });
}

/**
 * What two accounts that turn out to be one person's do to their invitations, within the transaction that joins them
 * and before rows are moved. Nobody invites themselves, and who was known by one account was not new by the other:
 * such a referral ends, no credit follows, and its coupons go unless they were used. One that brought its credit is kept.
 */
export async function dissolveReferrals(client: PoolClient, oneId: string, otherId: string): Promise<void> {
  await client.query(
    `with pair as (
       select r.*, case when referred_id = $1 then $2::uuid else $1::uuid end as other_id
       from referrals r where referred_id in ($1::uuid, $2::uuid)
     ), void as (
       select * from pair p
       where p.referrer_id = p.other_id or (p.credited_at is null and (
         exists (select from events where learner_id = p.other_id and occurred_at < p.at and type not in ('register', 'impression'))
         or exists (select from orders where learner_id = p.other_id and created_at < p.at)
         or exists (select from pair o where o.referred_id = p.other_id and o.at < p.at and o.referrer_id <> p.referred_id)))
     ), ended as (
       delete from referrals r using void where r.referred_id = void.referred_id and r.credited_at is null
     )
     delete from coupons c using void
     where c.campaign_id is null and c.redeemed_at is null
       and ((c.learner_id = void.referred_id and c.created_at = void.at)
         or (c.learner_id = void.other_id and void.referrer_id = void.other_id and c.created_at = void.credited_at))`,
    [oneId, otherId],
  );
}

async function giveCoupon(client: PoolClient, learnerId: string, { percent, days }: Terms, now: Date) {
  const [code] = newCodes(1) as [string];
  const expiresAt = new Date(now.getTime() + days * DAY);
  await client.query(
    'insert into coupons (learner_id, code, percent, expires_at, created_at) values ($1, $2, $3, $4, $5)',
    [learnerId, code, percent, expiresAt, now],
  );
  return { code, percent, expiresAt };
}
