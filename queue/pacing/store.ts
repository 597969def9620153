import { Redis } from 'ioredis';
import type pg from 'pg';
import { inTransaction } from '../../prisma/transaction.ts';

/**
 * Instants at which the next message may go out, by key, shared by every process. The store's own
 * clock counts, so that machines whose clocks differ agree.
 */
export interface Gates {
  /**
   * Passes the gate when it is free, which closes it for `everyMs`.
   *
   * @returns 0 when passed, else milliseconds until it may be free.
   */
  pass(key: string, everyMs: number): Promise<number>;
  /**
   * Closes the gate for so long and `everyMs` more: who holds it back has the first pass after it.
   *
   * @returns milliseconds until that pass.
   */
  hold(key: string, holdMs: number, everyMs: number): Promise<number>;
}

export function openGates(store: pg.Pool | Redis): Promise<Gates> {
  return store instanceof Redis ? Promise.resolve(onRedis(store)) : onPostgres(store);
}

// ── PostgreSQL ──────────────────────────────────────────────────────────────

/** Lock under which the table is made: two processes that do it at once would get in each other's way. */
const MAKING = 4_071_776_513;

async function onPostgres(pool: pg.Pool): Promise<Gates> {
  await inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(${MAKING})`);
    // Unlogged: after a crash of the database every gate is free, and the platform says if that is too soon.
    await client.query(
      'create unlogged table if not exists gates (key text primary key, free_at timestamptz not null) with (fillfactor = 50)',
    );
    await client.query("delete from gates where free_at < now() - interval '1 hour'");
  });
  const ms = async (name: string, text: string, values: unknown[]) => {
    const { rows } = await pool.query<{ ms: number }>({ name, text, values });
    return rows[0]!.ms;
  };
  return {
    pass: (key, everyMs) => ms('gate.pass', PASS, [key, everyMs]),
    hold: (key, holdMs, everyMs) => ms('gate.hold', HOLD, [key, holdMs, everyMs]),
  };
}

const PASS = `
  with passed as (
    insert into gates as g values ($1, clock_timestamp() + $2::int * interval '1 ms')
    on conflict (key) do update set free_at = clock_timestamp() + $2::int * interval '1 ms'
    where g.free_at <= clock_timestamp() returning 1
  )
  select case when exists (select 1 from passed) then 0
    -- Somebody else made the gate meanwhile: it is not in our view of the table yet.
    else greatest(1, ceil(1000 * coalesce((select extract(epoch from free_at - clock_timestamp()) from gates where key = $1),
                                          $2::int / 1000.0)))::int end as ms`;

const HOLD = `
  insert into gates as g values ($1, clock_timestamp() + ($2::int + $3::int) * interval '1 ms')
  on conflict (key) do update
    set free_at = greatest(g.free_at, clock_timestamp() + $2::int * interval '1 ms') + $3::int * interval '1 ms'
  returning greatest(0, ceil(1000 * extract(epoch from free_at - clock_timestamp())) - $3::int)::int as ms`;

// ── Redis ───────────────────────────────────────────────────────────────────

const NOW = `local time = redis.call('TIME') local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local free = tonumber(redis.call('GET', KEYS[1]) or '0')`;

const PASS_LUA = `${NOW}
  if free > now then return free - now end
  redis.call('SET', KEYS[1], now + ARGV[1], 'PX', ARGV[1] + 1000) return 0`;

const HOLD_LUA = `${NOW}
  local mine = math.max(free, now + ARGV[1])
  redis.call('SET', KEYS[1], mine + ARGV[2], 'PX', mine + ARGV[2] - now + 1000) return mine - now`;

function onRedis(redis: Redis): Gates {
  const run = async (script: string, key: string, ...values: number[]) =>
    Number(await redis.eval(script, 1, `bullmq:gate:${key}`, ...values));
  return {
    pass: (key, everyMs) => run(PASS_LUA, key, everyMs),
    hold: (key, holdMs, everyMs) => run(HOLD_LUA, key, Math.ceil(holdMs), everyMs),
  };
}
