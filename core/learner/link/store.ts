import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../../../prisma/connect.ts';
import type { Queryable } from '../../../prisma/transaction.ts';
import { CODE_BYTES, codeFrom, normaliseCode } from '../../numerics/code.ts';
import { following } from '../store.ts';

/** How long a code holds. */
export const LINK_MINUTES = 10;

/** Why a code joins nothing. */
export type LinkRefusal = 'unknown' | 'expired' | 'used';

export type LinkOwner = { ok: true; learnerId: string } | { ok: false; reason: LinkRefusal; learnerId?: string };

/**
 * Makes a one-time code that joins whoever hands it in with this learner; only its hash is kept.
 *
 * @returns undefined when there is no such learner.
 */
export function newLinkCode(
  db: Database,
  learnerId: string,
  now: Date,
  life = LINK_MINUTES * 60_000,
): Promise<{ code: string; expiresAt: Date } | undefined> {
  const code = codeFrom(randomBytes(CODE_BYTES));
  const expiresAt = new Date(now.getTime() + life);
  return following(db, learnerId, async (current) => {
    // The lock lets an erasure or a merge that has begun finish first.
    const { rowCount } = await db.pool.query(
      `with living as (select id from learners where id = $2 for key share)
       insert into link_codes (hash, learner_id, expires_at) select $1, id, $3 from living`,
      [hashOf(code), current, expiresAt],
    );
    return rowCount ? { code, expiresAt } : undefined;
  });
}

/** Whose code this is, as typed or from a link; it stays unused. */
export async function ownerOfLinkCode(db: Queryable, typed: string, now: Date): Promise<LinkOwner> {
  const code = normaliseCode(typed);
  if (code === undefined) return { ok: false, reason: 'unknown' };
  const { rows } = await db.query<{ learner_id: string; used: boolean; expired: boolean }>(
    `select learner_id, used_at is not null as used, expires_at <= $2 as expired from link_codes where hash = $1`,
    [hashOf(code), now],
  );
  const row = rows[0];
  if (!row) return { ok: false, reason: 'unknown' };
  const learnerId = row.learner_id;
  if (row.used) return { ok: false, reason: 'used', learnerId };
  return row.expired ? { ok: false, reason: 'expired', learnerId } : { ok: true, learnerId };
}

/** Uses a code up; of any number at once, one succeeds. */
export async function redeemLinkCode(db: Queryable, typed: string, now: Date): Promise<LinkOwner> {
  const code = normaliseCode(typed);
  if (code !== undefined) {
    const { rows } = await db.query<{ learner_id: string }>(
      `update link_codes set used_at = $2 where hash = $1 and used_at is null and expires_at > $2 returning learner_id`,
      [hashOf(code), now],
    );
    if (rows[0]) return { ok: true, learnerId: rows[0].learner_id };
  }
  const owner = await ownerOfLinkCode(db, typed, now);
  return owner.ok ? { ok: false, reason: 'used', learnerId: owner.learnerId } : owner;
}

/** Codes are random enough (65 bits, for minutes) that a plain hash can not be turned back in time. */
function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}
