import { expect, it } from 'vitest';
import { createKey, isKey, listKeys, revokeKeys } from '../../app/keys.ts';
import { testDatabase } from '../setup/database.ts';

const db = testDatabase();

it('makes keys that open until they are revoked, and keeps their hash only', async () => {
  const shop = await createKey(db, 'shop');
  const other = await createKey(db, 'other');
  expect(shop.key).toMatch(/^cbk_[\w-]{43}$/);
  expect(other.key).not.toBe(shop.key);
  expect([await isKey(db, shop.key), await isKey(db, other.key)]).toEqual([true, true]);
  expect([await isKey(db, `${shop.key}x`), await isKey(db, ''), await isKey(db, shop.id)]).toEqual([
    false,
    false,
    false,
  ]);

  const { rows } = await db.pool.query('select * from api_keys');
  expect(JSON.stringify(rows)).not.toContain(shop.key);
  expect((await listKeys(db)).map(({ name }) => name)).toEqual(['shop', 'other']);
  expect(JSON.stringify(await listKeys(db))).not.toContain('hash');

  const now = new Date('2027-01-02T03:04:05Z');
  expect(await revokeKeys(db, 'shop', now)).toEqual([{ ...shop, key: undefined, revokedAt: now }]);
  expect(await revokeKeys(db, 'shop', now)).toEqual([]);
  expect(await isKey(db, shop.key)).toBe(false);
  expect(await revokeKeys(db, other.id, now)).toHaveLength(1);
  expect(await isKey(db, other.key)).toBe(false);
});
