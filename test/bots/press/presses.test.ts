import { expect, it } from 'vitest';
import { createPresses } from '../../../bots/press/presses.ts';
import { encodePress } from '../../../core/language/reply.ts';
import { testDatabase } from '../../setup/database.ts';

const db = testDatabase();
const ref = 's0f0f0f0f-0000-4000-8000-0123456789ab';
const short = encodePress({ action: 'save', course: 'c1', ref });
const long = encodePress({ action: 'save', course: '从零开始学 Python', ref });

it('leaves what fits as it is, and brings back what does not from any process', async () => {
  const shown = await createPresses(db).shorten([short, long], 64);
  expect(shown.get(short)).toBe(short);
  const token = shown.get(long)!;
  expect(token).toMatch(/^~[\w-]{22}$/);
  const other = createPresses(db);
  expect(await other.expand(token)).toBe(long);
  expect(await other.expand(short)).toBe(short);
  expect((await other.shorten([long], 64)).get(long)).toBe(token);
  expect((await other.shorten([long], 1_000)).get(long)).toBe(long);
});

it('counts bytes, and knows a made-up token or id for what it is', async () => {
  const presses = createPresses(db);
  const wide = '好'.repeat(22);
  expect((await presses.shorten([wide], 64)).get(wide)).toMatch(/^~/);
  expect(await presses.expand('~never-given-out-by-us-0')).toBeUndefined();
  const mimic = '~abc';
  const token = (await presses.shorten([mimic], 64)).get(mimic)!;
  expect(await presses.expand(token)).toBe(mimic);
});

it('keeps the same ids from many processes at once', async () => {
  const ids = Array.from({ length: 40 }, (_, n) => `${long}${n}`);
  await Promise.all([1, 2, 3, 4].map((n) => createPresses(db).shorten(n % 2 ? ids : ids.toReversed(), 64)));
  const { rows } = await db.pool.query<{ n: number }>(
    'select count(*)::int as n from press_tokens where press = any($1)',
    [ids],
  );
  expect(rows[0]!.n).toBe(40);
});

it('notes that an old token is still in use', async () => {
  const id = `${long}-old`;
  const token = (await createPresses(db).shorten([id], 64)).get(id)!;
  await db.pool.query("update press_tokens set used_at = now() - interval '30 days' where token = $1", [token]);
  await createPresses(db).expand(token);
  const { rows } = await db.pool.query(
    "select 1 from press_tokens where token = $1 and used_at > now() - interval '1 hour'",
    [token],
  );
  expect(rows).toHaveLength(1);
});
