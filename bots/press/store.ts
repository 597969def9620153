import type { Database } from '../../prisma/connect.ts';

/** Button ids by the token that stands for them. */
export async function keepTokens(db: Database, tokens: ReadonlyMap<string, string>): Promise<void> {
  // Sorted, so that two processes that keep the same ones wait for each other instead of dead-locking.
  const sorted = [...tokens].sort(([a], [b]) => (a < b ? -1 : 1));
  await db.pool.query({
    name: 'keep-tokens',
    text: `insert into press_tokens (token, press) select * from unnest($1::text[], $2::text[])
           on conflict (token) do update set used_at = now()`,
    values: [sorted.map(([token]) => token), sorted.map(([, press]) => press)],
  });
}

/** @returns the button id, and notes that it is in use; undefined for an unknown token. */
export async function pressOf(db: Database, token: string): Promise<string | undefined> {
  const { rows } = await db.pool.query<{ press: string; stale: boolean }>(
    `select press, used_at < now() - interval '1 day' as stale from press_tokens where token = $1`,
    [token],
  );
  if (rows[0]?.stale) await db.pool.query('update press_tokens set used_at = now() where token = $1', [token]);
  return rows[0]?.press;
}
