import type { Finding } from '../../bots/bot.ts';
import type { Database } from '../../prisma/connect.ts';
import { createBackend } from '../../queue/backend.ts';
import { jobNames, jobTypes } from '../../queue/jobs.ts';
import type { Settings } from '../settings.ts';
import { factsOf, type Facts } from './store.ts';

const DAY_MS = 86_400_000;

/** Age from which a model, trained nightly, says that nobody trains. */
const STALE_DAYS = 3;

/** More than this between two clocks puts messages and days in the wrong order. */
const CLOCK_MS = 5_000;

/** The database, the queue, and what stands in them. */
export async function checkData(db: Database, settings: Settings, now: Date): Promise<Finding[]> {
  const facts = await factsOf(db);
  return [
    database(facts, settings),
    clock(facts, settings),
    await queue(db, settings),
    messages(facts),
    catalogue(facts),
    model(facts, now),
  ];
}

function database({ version, migrations, learners }: Facts, { databaseUrl }: Settings): Finding {
  const kind = databaseUrl ? 'external (DATABASE_URL)' : 'embedded';
  const found = `PostgreSQL ${version}, ${kind}, ${migrations.applied} migrations, ${learners} ${learners === 1 ? 'learner' : 'learners'}`;
  if (migrations.applied > migrations.known)
    return {
      what: 'Database',
      state: 'wrong',
      found: `${found}: ${migrations.applied - migrations.known} of them are newer than this program`,
      fix: 'Run the version of Coursebell that made them, or a newer one',
    };
  return { what: 'Database', state: 'ok', found };
}

function clock({ clockMs }: Facts, { push }: Settings): Finding {
  const off = Math.abs(clockMs);
  const found = `${new Date().toISOString().slice(0, 19)}Z; learners without a zone of their own: ${push.defaultTimeZone}`;
  if (off <= CLOCK_MS) return { what: 'Clock', state: 'ok', found };
  return {
    what: 'Clock',
    state: 'warning',
    found: `this machine and the database differ by ${(off / 1000).toFixed(0)} s`,
    fix: 'Let both take their time from the network (NTP)',
  };
}

async function queue(db: Database, { redisUrl }: Settings): Promise<Finding> {
  try {
    const backend = await createBackend({ config: db.config, redisUrl, log: () => {} });
    try {
      const names = [...new Set(jobNames.map((name) => jobTypes[name].queue))];
      const sizes = await Promise.all(names.map((name) => backend.queue(name).size()));
      const found = `on ${backend.kind === 'redis' ? 'Redis (REDIS_URL)' : 'PostgreSQL'}; ${names.map((name, at) => `${name} ${sizes[at]}`).join(', ')}`;
      return { what: 'Queue', state: 'ok', found };
    } finally {
      await backend.close();
    }
  } catch (error) {
    return {
      what: 'Queue',
      state: 'wrong',
      found: (error as Error).message,
      fix: redisUrl
        ? 'Start that Redis, or leave REDIS_URL out: the queue then runs on PostgreSQL'
        : 'Give the database user the right to create a schema',
    };
  }
}

function messages({ overdue, failed }: Facts): Finding {
  const reasons = failed.map(({ reason, count }) => `${count} ${reason || 'without a reason'}`).join(', ');
  const lately = reasons ? `failed in the last day: ${reasons}` : 'none failed in the last day';
  if (overdue === 0) return { what: 'Messages', state: 'ok', found: `none overdue; ${lately}` };
  return {
    what: 'Messages',
    state: 'warning',
    found: `${overdue} should have gone out by now; ${lately}`,
    fix: 'Have a process with the role worker running: npm start has it',
  };
}

function catalogue({ courses }: Facts): Finding {
  const found = `${courses.total - courses.archived} courses on offer, ${courses.archived} archived`;
  if (courses.total === 0)
    return {
      what: 'Catalogue',
      state: 'warning',
      found: 'no courses',
      fix: 'Import yours: npx coursebell import --courses FILE',
    };
  if (courses.simulated === 0) return { what: 'Catalogue', state: 'ok', found };
  return {
    what: 'Catalogue',
    state: 'warning',
    found: `${found}; ${courses.simulated} of them are the sample's`,
    fix: 'Before real learners come: npx coursebell sample remove, then import your own',
  };
}

function model({ model, training, eventsSince }: Facts, now: Date): Finding {
  if (!model || !training)
    return {
      what: 'Models',
      state: 'warning',
      found: 'none trained yet: recommendations go by topic and content',
      fix: 'Import behaviour (npx coursebell import --behavior FILE), then npx coursebell train',
    };
  const daysSince = (at: Date) => (now.getTime() - at.getTime()) / DAY_MS;
  const ago = (at: Date) => (daysSince(at) < 1 ? 'within the last day' : `${Math.floor(daysSince(at))} days ago`);
  const days = daysSince(training.createdAt);
  const tried =
    training.number === model.number
      ? ''
      : `version ${training.number}, trained ${ago(training.createdAt)}, does not serve (coursebell models says why); `;
  const found =
    `version ${model.number}, trained ${ago(model.createdAt)} on ${model.events} events of ` +
    `${model.learners} learners; ${tried}${eventsSince} new events since`;
  if (days < STALE_DAYS || eventsSince === 0) return { what: 'Models', state: 'ok', found };
  return {
    what: 'Models',
    state: 'warning',
    found,
    fix: 'Have a process with the role trainer running, or run npx coursebell train',
  };
}
