import type pg from 'pg';
import { dissolveReferrals } from '../campaign/referral/store.ts';
import { ownerOfLinkCode, redeemLinkCode, type LinkRefusal } from '../learner/link/store.ts';
import { currentIds } from '../learner/store.ts';
import type { Database } from '../../prisma/connect.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import { merged, refusesMessages, surplusMessages, surplusPlaces, survivor } from './merge/decide.ts';
import {
  abortMessages,
  campaignPlaces,
  holdRefusals,
  lockAccounts,
  moveRows,
  replaceAccount,
  twinMessages,
  vacate,
} from './merge/store.ts';

export type Merging =
  | { ok: true; learnerId: string }
  /** 'gone': one of them is nobody (any more); 'simulated': a real person and a simulated one are never one. */
  | { ok: false; reason: 'gone' | 'simulated' };

/**
 * Makes two accounts of one person one: history, addresses, consents, sales and everything else of
 * both is the survivor's (the seller's account, else the older), and its id is who they are from now
 * on. What another process writes for the other id at this moment waits, and follows.
 */
export function mergeLearners(db: Database, oneId: string, otherId: string, now: Date): Promise<Merging> {
  return attempt(db, [oneId, otherId], (client, ids) => merge(client, ids, now));
}

export type Linking = Merging | { ok: false; reason: LinkRefusal | 'own' };

/** Joins a learner with the one who made the code, and uses the code up, both or neither. */
export async function linkAccounts(
  db: Database,
  { code, learnerId, now }: { code: string; learnerId: string; now: Date },
): Promise<Linking> {
  const owner = await ownerOfLinkCode(db.pool, code, now);
  // Also of a code that joined them a moment ago: the same press delivered twice.
  if (owner.learnerId !== undefined && (await isOne(db, owner.learnerId, learnerId)))
    return { ok: false, reason: 'own' };
  if (!owner.ok) return { ok: false, reason: owner.reason };
  return attempt<Linking>(db, [owner.learnerId, learnerId], async (client, ids) => {
    const merging = await merge(client, ids, now);
    if (!merging.ok) return merging;
    const redeemed = await redeemLinkCode(client, code, now);
    return redeemed.ok ? merging : { ok: false, reason: redeemed.reason };
  });
}

type Pair = readonly [string, string];

/** Times that a merge begins anew after another transaction was in its way. */
const ATTEMPTS = 5;

/** Runs in one transaction, of which nothing stays unless it is ok; again where a deadlock ended it, or an id had become another. */
async function attempt<T extends Linking>(
  db: Database,
  pair: Pair,
  work: (client: pg.PoolClient, pair: Pair) => Promise<T>,
): Promise<T | { ok: true; learnerId: string }> {
  for (let tries = 1; ; tries++) {
    const ids = await currentPair(db, pair);
    if (ids[0] === ids[1]) return { ok: true, learnerId: ids[0] };
    try {
      return await inTransaction(db.pool, async (client) => {
        const done = await work(client, ids);
        if (!done.ok) throw new Refused(done);
        return done;
      });
    } catch (error) {
      if (error instanceof Refused) {
        const now = await currentPair(db, pair);
        const moved = now[0] !== ids[0] || now[1] !== ids[1];
        if (!moved || tries === ATTEMPTS) return error.outcome as T;
      } else if ((error as { code?: string }).code !== '40P01' || tries === ATTEMPTS) throw error;
    }
  }
}

class Refused extends Error {
  constructor(readonly outcome: Linking) {
    super('Nothing of this stays');
  }
}

async function merge(client: pg.PoolClient, ids: Pair, now: Date): Promise<Merging> {
  const [one, other] = await lockAccounts(client, ids);
  if (!one || !other) return { ok: false, reason: 'gone' };
  if (one.simulated !== other.simulated) return { ok: false, reason: 'simulated' };
  const { keep, gone } = survivor(one, other);
  const values = merged(keep, gone);
  const refusing = [keep, gone].filter(refusesMessages).map(({ id }) => id);
  await holdRefusals(client, { ids, messages: values.messages, refusing });
  await vacate(client, ids, surplusPlaces(await campaignPlaces(client, ids, now), keep.id), now);
  await abortMessages(client, surplusMessages(await twinMessages(client, keep.id, gone.id)), now);
  await dissolveReferrals(client, keep.id, gone.id);
  await moveRows(client, keep.id, gone.id);
  await replaceAccount(client, keep.id, gone, values);
  return { ok: true, learnerId: keep.id };
}

async function currentPair(db: Database, [one, other]: Pair): Promise<Pair> {
  const current = await currentIds(db, [one, other]);
  return [current.get(one) ?? one, current.get(other) ?? other];
}

async function isOne(db: Database, one: string, other: string): Promise<boolean> {
  const [a, b] = await currentPair(db, [one, other]);
  return a === b;
}
