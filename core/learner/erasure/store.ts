import { randomBytes } from 'node:crypto';
import type { Database } from '../../../prisma/connect.ts';
import type { Prisma } from '../../../prisma/generated/client.ts';
import { ERASURE_KEY_BYTES, hashExternalId } from '../erasure.ts';

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

/** Which of these ids were those of people who are erased. */
export async function erasedAmong(db: Database, externalIds: readonly string[]): Promise<Set<string>> {
  // Without a key nobody was ever erased.
  const key = externalIds.length > 0 ? await storedErasureKey(db) : undefined;
  if (!key) return new Set();
  const byHash = new Map(externalIds.map((id) => [hashExternalId(key, id).toString('hex'), id]));
  const { rows } = await db.pool.query<{ hash: Buffer }>('select hash from erased_ids where hash = any($1::bytea[])', [
    [...byHash.keys()].map((hash) => Buffer.from(hash, 'hex')),
  ]);
  return new Set(rows.map(({ hash }) => byHash.get(hash.toString('hex'))!));
}
