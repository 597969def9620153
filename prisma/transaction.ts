import type pg from 'pg';

/** What runs a query: the pool, or one client inside a transaction. */
export type Queryable = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** Runs `work` in one transaction on one client of the pool: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    return await transaction(
      client,
      () => work(client),
      (cause) => (broken = cause),
    );
  } finally {
    client.release(broken);
  }
}

/**
 * The same on a client that is held already.
 *
 * @param onBroken the client could not even roll back: it has lost its connection, and must not go back to the pool.
 */
export async function transaction<T>(
  client: pg.ClientBase,
  work: () => Promise<T>,
  onBroken: (cause: Error) => void = () => {},
): Promise<T> {
  try {
    await client.query('begin');
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(onBroken);
    throw error;
  }
}
