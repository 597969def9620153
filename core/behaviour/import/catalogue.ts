import type { Database } from '../../../prisma/connect.ts';
import type { Course } from '../../catalogue/course.ts';
import { courseFrom } from '../../catalogue/import.ts';
import { loadCourses, upsertCourses } from '../../catalogue/store.ts';
import { verdicts } from '../clean.ts';
import { planColumns, type CanonicalColumn } from '../columns.ts';
import type { SourceFile } from '../files.ts';
import { createRejects } from './files.ts';
import type { ImportContext } from './context.ts';
import { createTally, type FileReport } from './report.ts';

const BATCH = 1000;

/** Imports one catalogue file: courses are inserted or changed by id, none is removed. */
export async function importCourses(db: Database, source: SourceFile, context: ImportContext): Promise<FileReport> {
  const columns = planColumns(source, 'courses', context.map, ['course_id', 'title']);
  const known = new Map((await loadCourses(db)).map((course) => [course.id, course]));
  const met = new Set<string>();
  const tally = createTally();
  const rejects = createRejects(context.folder, source, context.stamp);
  const kept = { new: 0, changed: 0, unchanged: 0 };
  let rows = 0;
  for await (const batch of source.batches(BATCH, context.progressOf(source))) {
    const courses: Course[] = [];
    for (const row of batch) {
      rows++;
      const has = (name: string) => columns.has(name as CanonicalColumn);
      const read = (name: string) => columns.read(row, name as CanonicalColumn);
      const before = known.get(read('course_id'));
      const result = row.malformed
        ? ({ ok: false, reason: 'malformed' } as const)
        : courseFrom({ has, read, attributes: columns.attributes(row) }, before, context);
      if (!result.ok) {
        const { reason } = result;
        tally.add(reason, reason === 'missing-title' ? 'title is missing' : verdicts[reason], 'rejected', row.line);
        await rejects.add(row, reason);
        continue;
      }
      for (const { kind, column, how } of result.notes) {
        if (kind === 'filled') tally.add(`missing-${column}`, `${column} was missing: ${how}`, 'filled', row.line);
        else tally.add(`bad-${column}`, `${column}: ${how}`, 'value left out', row.line);
      }
      const { course } = result;
      if (met.has(course.id))
        tally.add('duplicate', 'this course_id stands in the file again: the last counts', 'left out', row.line);
      met.add(course.id);
      known.set(course.id, course);
      courses.push(course);
    }
    const { inserted, updated, unchanged } = await upsertCourses(db, courses);
    kept.new += inserted;
    kept.changed += updated;
    kept.unchanged += unchanged;
  }
  return {
    ...{ file: source.name, kind: 'courses', rows, kept, notes: [] },
    findings: tally.findings(),
    rejects: await rejects.close(),
  };
}
