import { readMigrations } from '../../prisma/migrate.ts';
import type { Database } from '../../prisma/connect.ts';

/** What the database says of an installation. */
export interface Facts {
  /** Of PostgreSQL, such as '18.4'. */
  version: string;
  /** Milliseconds that the database's clock is ahead of ours. */
  clockMs: number;
  migrations: { applied: number; known: number };
  courses: { total: number; simulated: number; archived: number };
  /** The champion; undefined before the first training. */
  model: { number: number; createdAt: Date; events: number; learners: number } | undefined;
  /** The newest training, whether it replaced the champion or not; those that failed do not count. */
  training: { number: number; createdAt: Date } | undefined;
  /** New events since that training. */
  eventsSince: number;
  /** Messages that should have gone out a while ago and still wait. */
  overdue: number;
  /** Messages and posts of the last day that failed, by reason, most first. */
  failed: { reason: string; count: number }[];
  learners: number;
}

/** A message that has waited for so long past its time shows that nobody sends. */
const OVERDUE_MINUTES = 10;

export async function factsOf(db: Database): Promise<Facts> {
  const asked = Date.now();
  const { rows } = await db.pool.query<FactsRow>(
    `select current_setting('server_version') as version, clock_timestamp() as clock,
       (select count(*)::int from "_prisma_migrations" where finished_at is not null and rolled_back_at is null) as migrations,
       (select count(*)::int from courses) as courses,
       (select count(*)::int from courses where simulated) as simulated,
       (select count(*)::int from courses where archived) as archived,
       (select count(*)::int from learners where not simulated) as learners,
       (select count(*)::int from outbox_messages where status in ('pending', 'queued', 'sending')
          and greatest(not_before, status_at) < now() - $1 * interval '1 minute') as overdue`,
    [OVERDUE_MINUTES],
  );
  const row = rows[0]!;
  const answered = Date.now();
  const model = await championOf(db);
  const training = await newestTraining(db);
  return {
    version: row.version.split(' ')[0]!,
    clockMs: Math.round(row.clock.getTime() - (asked + answered) / 2),
    migrations: { applied: row.migrations, known: readMigrations().length },
    courses: { total: row.courses, simulated: row.simulated, archived: row.archived },
    model: model && {
      number: model.number,
      createdAt: model.created_at,
      events: model.events,
      learners: model.learners,
    },
    training,
    eventsSince: training ? await eventsSince(db, training.createdAt) : 0,
    overdue: row.overdue,
    failed: await failures(db),
    learners: row.learners,
  };
}

interface FactsRow {
  version: string;
  clock: Date;
  migrations: number;
  courses: number;
  simulated: number;
  archived: number;
  learners: number;
  overdue: number;
}

async function championOf(db: Database) {
  const { rows } = await db.pool.query<{ number: number; created_at: Date; events: number; learners: number }>(
    `select number, created_at, coalesce((data->>'events')::int, 0) as events, coalesce((data->>'learners')::int, 0) as learners
     from model_versions where status = 'champion' order by created_at desc limit 1`,
  );
  return rows[0];
}

async function newestTraining(db: Database) {
  const { rows } = await db.pool.query<{ number: number; createdAt: Date }>(
    `select number, created_at as "createdAt" from model_versions where status <> 'failed' order by created_at desc limit 1`,
  );
  return rows[0];
}

/** Counted no further than says enough. */
async function eventsSince(db: Database, at: Date): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::int as count from (
       select received_at from events where type not in ('impression', 'silent') order by id desc limit 10000
     ) newest where received_at > $1`,
    [at],
  );
  return rows[0]!.count;
}

async function failures(db: Database): Promise<{ reason: string; count: number }[]> {
  const { rows } = await db.pool.query<{ reason: string; count: number }>(
    `select coalesce(reason, '') as reason, count(*)::int as count from outbox_messages
     where status = 'failed' and status_at > now() - interval '1 day' group by 1 order by 2 desc, 1 limit 5`,
  );
  return rows;
}
