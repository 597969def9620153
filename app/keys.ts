import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../prisma/connect.ts';

/** A server-to-server key without its secret. */
export interface Key {
  id: string;
  name: string;
  createdAt: Date;
  revokedAt: Date | null;
}

/** Makes a key. Its text is given this once: only a hash is kept. */
export async function createKey(db: Database, name: string): Promise<Key & { key: string }> {
  const key = `cbk_${randomBytes(32).toString('base64url')}`;
  return { key, ...shown(await db.prisma.apiKey.create({ data: { name, hash: hashOf(key) } })) };
}

/** Oldest first, revoked ones too. */
export async function listKeys(db: Database): Promise<Key[]> {
  return (await db.prisma.apiKey.findMany({ orderBy: { createdAt: 'asc' } })).map(shown);
}

/** @returns the keys that this revoked: those of that id, or of that name. */
export async function revokeKeys(db: Database, idOrName: string, now: Date): Promise<Key[]> {
  const rows = (await listKeys(db)).filter((key) => !key.revokedAt && [key.id, key.name].includes(idOrName));
  const ids = rows.map(({ id }) => id);
  return (
    await db.prisma.apiKey.updateManyAndReturn({
      where: { id: { in: ids }, revokedAt: null },
      data: { revokedAt: now },
    })
  ).map(shown);
}

/** Whether this is a key of ours that was not revoked. Looked up by hash: its time tells nothing of any key. */
export async function isKey(db: Database, key: string): Promise<boolean> {
  const { rowCount } = await db.pool.query({
    name: 'api-key',
    text: 'select from api_keys where hash = $1 and revoked_at is null',
    values: [hashOf(key)],
  });
  return rowCount === 1;
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function shown({ id, name, createdAt, revokedAt }: Key): Key {
  return { id, name, createdAt, revokedAt };
}
