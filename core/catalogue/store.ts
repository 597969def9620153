import type { Database } from '../../prisma/connect.ts';
import { inTransaction } from '../../prisma/transaction.ts';
import type { Language } from '../language/reply.ts';
import type { Course } from './course.ts';

interface CourseRow {
  id: string;
  title: string;
  description: string;
  translations: Partial<Record<Language, { title: string; description: string }>>;
  topics: string[];
  level: string | null;
  language: string | null;
  price_minor: number | null;
  currency: string | null;
  duration_minutes: number | null;
  instructor: string | null;
  published_at: Date | null;
  archived: boolean;
  attributes: Record<string, string>;
  simulated: boolean;
}

const columns = `id, title, description, translations, topics, level, language, price_minor, currency,
  duration_minutes, instructor, published_at, archived, attributes, simulated`;

function courseOf(row: CourseRow): Course {
  const { price_minor, duration_minutes, published_at, ...same } = row;
  return { ...same, priceMinor: price_minor, durationMinutes: duration_minutes, publishedAt: published_at };
}

/** The whole catalogue, archived courses included, by id. */
export async function loadCourses(db: Database): Promise<Course[]> {
  const { rows } = await db.pool.query<CourseRow>(`select ${columns} from courses order by id`);
  return rows.map(courseOf);
}

/** Inserts or replaces whole courses by id; of one id given twice the last counts. */
export async function upsertCourses(
  db: Database,
  courses: readonly Course[],
): Promise<{ inserted: number; updated: number; unchanged: number }> {
  const unique = [...new Map(courses.map((course) => [course.id, course])).values()];
  if (unique.length === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const rows = unique.map(({ priceMinor, durationMinutes, publishedAt, ...same }) => ({
    ...same,
    price_minor: priceMinor,
    duration_minutes: durationMinutes,
    published_at: publishedAt?.toISOString() ?? null,
  }));
  return changing(db, async (query) => {
    const answer = await query<{ inserted: boolean }>(upsert, [JSON.stringify(rows)]);
    const inserted = answer.filter((row) => row.inserted).length;
    const updated = answer.length - inserted;
    return { changed: answer.length, result: { inserted, updated, unchanged: unique.length - answer.length } };
  });
}

const settable = columns.split(',').flatMap((name) => (name.trim() === 'id' ? [] : [name.trim()]));
const upsert = `
  insert into courses as held (${columns})
  select ${columns} from jsonb_to_recordset($1::jsonb) as new(
    id text, title text, description text, translations jsonb, topics text[], level text, language text,
    price_minor int, currency text, duration_minutes int, instructor text, published_at timestamptz,
    archived boolean, attributes jsonb, simulated boolean)
  on conflict (id) do update set ${settable.map((name) => `${name} = excluded.${name}`).join(', ')}, updated_at = now()
  where (${settable.map((name) => `held.${name}`).join(', ')})
    is distinct from (${settable.map((name) => `excluded.${name}`).join(', ')})
  returning held.xmax = 0 as inserted`;

/** Takes courses out of the catalogue. Events of theirs stay in the log. */
export async function deleteCourses(db: Database, ids: readonly string[]): Promise<number> {
  return changing(db, async (query) => {
    const gone = await query(`delete from courses where id = any($1::text[]) returning id`, [ids]);
    return { changed: gone.length, result: gone.length };
  });
}

/** Counts every change of the catalogue, by whichever process; what `refresh` looks at. */
export async function catalogueVersion(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ version: number }>(
    `select value::int as version from settings where name = 'catalogue.version'`,
  );
  return rows[0]?.version ?? 0;
}

type Query = <Row extends object>(sql: string, values: unknown[]) => Promise<Row[]>;

/** Runs a change of courses and, if anything changed, the new version number in one transaction. */
function changing<T>(db: Database, work: (query: Query) => Promise<{ changed: number; result: T }>): Promise<T> {
  return inTransaction(db.pool, async (client) => {
    const { changed, result } = await work(async (sql, values) => (await client.query(sql, values)).rows as never);
    if (changed > 0) {
      await client.query(
        `insert into settings as s (name, value) values ('catalogue.version', '1'::jsonb)
         on conflict (name) do update set value = to_jsonb(s.value::int + 1)`,
      );
    }
    return result;
  });
}
