import type { Database } from '../../../prisma/connect.ts';
import { learnerFrom } from '../../learner/import.ts';
import { upsertLearners, type LearnerRow } from '../../learner/import/store.ts';
import { verdicts } from '../clean.ts';
import { planColumns } from '../columns.ts';
import type { SourceFile } from '../files.ts';
import type { ImportContext } from './context.ts';
import { createRejects } from './files.ts';
import { createTally, type FileReport } from './report.ts';

/** Imports one file of learners: known ones are changed, unknown ones made without any consent. */
export async function importLearners(db: Database, source: SourceFile, context: ImportContext): Promise<FileReport> {
  const columns = planColumns(source, 'learners', context.map, ['user_id']);
  const met = new Set<string>();
  const tally = createTally();
  const rejects = createRejects(context.folder, source, context.stamp);
  const kept = { new: 0, changed: 0, unchanged: 0 };
  let rows = 0;
  for await (const batch of source.batches(undefined, context.progressOf(source))) {
    const good = new Map<string, { row: LearnerRow; line: number }>();
    for (const row of batch) {
      rows++;
      const result = row.malformed
        ? ({ ok: false, reason: 'malformed' } as const)
        : learnerFrom((name) => columns.read(row, name), columns.attributes(row), context);
      if (!result.ok) {
        tally.add(result.reason, verdicts[result.reason], 'rejected', row.line);
        await rejects.add(row, result.reason);
        continue;
      }
      for (const { column, why } of result.notes)
        tally.add(`bad-${column}`, `${column}: ${why}`, 'value left out', row.line);
      const { externalId } = result.row;
      if (met.has(externalId)) {
        tally.add('duplicate', 'this user_id stands in the file again: later values win', 'left out', row.line);
      }
      met.add(externalId);
      const before = good.get(externalId);
      good.set(externalId, { row: { ...before?.row, ...known(result.row) }, line: before?.line ?? row.line });
    }
    const answer = await upsertLearners(
      db,
      [...good.values()].map(({ row }) => row),
    );
    kept.new += answer.inserted;
    kept.changed += answer.updated;
    kept.unchanged += answer.unchanged;
    for (const { row, line } of good.values()) {
      // Not written to the rejects file: nothing of an erased person may be kept.
      if (answer.erased.has(row.externalId)) tally.add('erased', verdicts.erased, 'left out', line);
    }
  }
  return {
    ...{ file: source.name, kind: 'learners', rows, kept, notes: [] },
    findings: tally.findings(),
    rejects: await rejects.close(),
  };
}

/** The row without what it does not know. */
function known(row: LearnerRow): LearnerRow {
  const values = Object.entries(row).filter(([, value]) => value !== null);
  return Object.fromEntries(values) as unknown as LearnerRow;
}
