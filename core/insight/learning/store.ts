import type { Database } from '../../../prisma/connect.ts';
import type { EventTypeName } from '../../behaviour/event-types.ts';

/** What makes a day one of learning. */
const LEARNING: readonly EventTypeName[] = ['checkin', 'progress', 'complete'];

/** Every zone's offset is a multiple of it, so that an instant and its quarter hour lie on one day everywhere. */
const QUARTER_HOUR_S = 900;

export interface LearningTimes {
  /** The quarter hours (of UTC) in which there was a check-in, a progress or a completion. */
  learned: Date[];
  /** Those with a check-in. */
  checkedIn: Date[];
}

/** When each of these learners learned, oldest first; those who never did are left out. */
export async function learningTimes(db: Database, learnerIds: readonly string[]): Promise<Map<string, LearningTimes>> {
  const { rows } = await db.pool.query<{ id: string; quarter: string; checkin: boolean }>(
    `select learner_id as id, floor(extract(epoch from occurred_at) / ${QUARTER_HOUR_S}) as quarter,
            bool_or(type = 'checkin') as checkin
     from events where learner_id = any($1::uuid[]) and type = any($2::text[]) and set_aside is null
     group by 1, 2 order by 1, 2`,
    [learnerIds, LEARNING],
  );
  const found = new Map<string, LearningTimes>();
  for (const { id, quarter, checkin } of rows) {
    const times = found.get(id) ?? { learned: [], checkedIn: [] };
    found.set(id, times);
    const at = new Date(Number(quarter) * QUARTER_HOUR_S * 1000);
    times.learned.push(at);
    if (checkin) times.checkedIn.push(at);
  }
  return found;
}
