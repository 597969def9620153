import type { Database } from '../../../prisma/connect.ts';
import type { Language } from '../../language/reply.ts';
import type { Level } from '../learner.ts';
import { checkZone, resolveExternal } from '../store.ts';

export interface LearnerRow {
  externalId: string;
  language?: Language | null;
  occupation?: string | null;
  goal?: string | null;
  level?: Level | null;
  timeZone?: string | null;
  joinedAt?: Date | null;
  attributes?: Record<string, string>;
}

/**
 * Learners of an import by external id: what a row leaves out or has as null stays as it is.
 * A later row of the same id wins.
 *
 * @throws RangeError for a time zone that is not one; the importer refuses such rows first.
 */
export async function upsertLearners(
  db: Database,
  rows: readonly LearnerRow[],
): Promise<{ inserted: number; updated: number; unchanged: number; erased: Set<string> }> {
  for (const { timeZone } of rows) checkZone(timeZone);
  const names = rows.map((row) => row.externalId);
  const before = await resolveExternal(db, names, { create: false });
  const { ids, erased } = await resolveExternal(db, names, { create: true });
  const last = new Map(rows.flatMap((row) => (ids.has(row.externalId) ? [[ids.get(row.externalId)!, row]] : [])));
  const values = [...last].sort(([a], [b]) => (a < b ? -1 : 1));
  const changed = await db.pool.query<{ id: string }>(
    `update learners l set
       language = coalesce(r.language, l.language), occupation = coalesce(r.occupation, l.occupation),
       goal = coalesce(r.goal, l.goal), level = coalesce(r.level, l.level),
       time_zone = coalesce(r.time_zone, l.time_zone), joined_at = coalesce(r.joined_at, l.joined_at),
       attributes = l.attributes || r.attributes
     from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::jsonb[])
       as r(id, language, occupation, goal, level, time_zone, joined_at, attributes)
     where l.id = r.id and (
       coalesce(r.language, l.language), coalesce(r.occupation, l.occupation), coalesce(r.goal, l.goal),
       coalesce(r.level, l.level), coalesce(r.time_zone, l.time_zone), coalesce(r.joined_at, l.joined_at),
       l.attributes || r.attributes
     ) is distinct from (l.language, l.occupation, l.goal, l.level, l.time_zone, l.joined_at, l.attributes)
     returning l.id`,
    [
      values.map(([id]) => id),
      values.map(([, row]) => row.language ?? null),
      values.map(([, row]) => row.occupation ?? null),
      values.map(([, row]) => row.goal ?? null),
      values.map(([, row]) => row.level ?? null),
      values.map(([, row]) => row.timeZone ?? null),
      values.map(([, row]) => row.joinedAt ?? null),
      values.map(([, row]) => JSON.stringify(row.attributes ?? {})),
    ],
  );
  const old = new Set(before.ids.values());
  const inserted = values.filter(([id]) => !old.has(id)).length;
  const updated = changed.rows.filter(({ id }) => old.has(id)).length;
  return { inserted, updated, unchanged: values.length - inserted - updated, erased };
}
