import type { Database } from '../../../prisma/connect.ts';
import { eventsOf } from '../../behaviour/store.ts';
import { findLearner } from '../../learner/store.ts';
import { openArtefact, type OpenedArtefact } from '../../recommend/artefact.ts';
import type { CourseFacts } from '../../recommend/model.ts';
import type { LearnerLog, LoggedSlate } from './replay.ts';

export interface SlatesWanted {
  list: string;
  since: Date | undefined;
  until: Date;
}

/**
 * The slates of a list with a propensity for each course, by learner and time; and how many impressions
 * of the list have none.
 */
export async function loggedSlates(
  db: Database,
  { list, since, until }: SlatesWanted,
): Promise<{ slates: LoggedSlate[]; without: number }> {
  const { rows } = await db.pool.query<{
    learner_id: string;
    course_id: string;
    at: Date;
    slate: string | null;
    position: number | null;
    propensity: number | null;
    model_version: string | null;
  }>(
    `select learner_id, course_id, occurred_at as at, circumstances->>'slate' as slate,
       (circumstances->>'position')::float8 as position, (circumstances->>'propensity')::float8 as propensity,
       circumstances->>'modelVersion' as model_version
     from events
     where type = 'impression' and set_aside is null and circumstances->>'list' = $1
       and ($2::timestamptz is null or occurred_at >= $2) and occurred_at <= $3
     order by learner_id, occurred_at, slate, position, id`,
    [list, since ?? null, until],
  );
  const slates: LoggedSlate[] = [];
  let without = 0;
  for (const { learner_id, course_id, at, slate, position, propensity, model_version } of rows) {
    if (slate === null || position === null || propensity === null || !(propensity > 0 && propensity <= 1)) {
      without++;
      continue;
    }
    const item = { courseId: course_id, slate, position, propensity, at };
    const last: LoggedSlate | undefined = slates[slates.length - 1];
    if (last?.id === slate && last.learnerId === learner_id) last.items.push(item);
    else slates.push({ id: slate, learnerId: learner_id, at, modelVersion: model_version, items: [item] });
  }
  return { slates, without };
}

/**
 * Each learner of the slates (which stand learner by learner) with all that they ever did. Who is gone
 * meanwhile is left out.
 */
export async function* learnerLogs(db: Database, slates: readonly LoggedSlate[]): AsyncGenerator<LearnerLog> {
  for (let from = 0, to: number; from < slates.length; from = to) {
    const { learnerId } = slates[from]!;
    for (to = from; slates[to]?.learnerId === learnerId;) to++;
    const learner = await findLearner(db, learnerId);
    if (learner) yield { learner, slates: slates.slice(from, to), events: await eventsOf(db, learnerId) };
  }
}

/** When each course was first taken by each who took it, ascending, in ms since 1970 UTC. */
export async function takenTimes(db: Database): Promise<Map<string, number[]>> {
  const { rows } = await db.pool.query<{ course_id: string; at: Date }>(
    `select course_id, min(occurred_at) as at from events
     where type in ('enrol', 'purchase', 'progress', 'complete', 'rate') and set_aside is null and course_id is not null
     group by course_id, learner_id order by course_id, at`,
  );
  const times = new Map<string, number[]>();
  for (const { course_id, at } of rows) {
    const own = times.get(course_id);
    if (own) own.push(at.getTime());
    else times.set(course_id, [at.getTime()]);
  }
  return times;
}

export interface StoredPolicy {
  number: number;
  artefact: OpenedArtefact;
  /** The newest behaviour that it learned from; what was shown before it is no test of it. */
  learnedTo: Date | null;
}

/**
 * A stored version by its number, its id, or the champion.
 *
 * @returns why not, where there is none or its artefact is not kept any more.
 */
export async function storedPolicy(
  db: Database,
  which: { number: number } | { id: string } | 'champion',
  courseOf: (id: string) => CourseFacts | undefined,
): Promise<StoredPolicy | 'unknown' | 'dropped'> {
  const [where, value] =
    which === 'champion'
      ? ['status = $1', 'champion']
      : 'number' in which
        ? ['number = $1', which.number]
        : ['id::text = $1', which.id];
  const { rows } = await db.pool.query<{ id: string; number: number; artefact: Buffer; to: string | null }>(
    `select id, number, artefact, data->>'to' as to from model_versions where ${where} order by number desc limit 1`,
    [value],
  );
  const row = rows[0];
  if (!row) return 'unknown';
  if (row.artefact.length === 0) return 'dropped';
  return {
    number: row.number,
    artefact: openArtefact(row.id, row.artefact, courseOf),
    learnedTo: row.to === null ? null : new Date(row.to),
  };
}
