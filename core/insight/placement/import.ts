import path from 'node:path';
import type { Database } from '../../../prisma/connect.ts';
import { FileError } from '../../behaviour/files.ts';
import { createTally, type FileReport } from '../../behaviour/import/report.ts';
import { readQuestionFile } from './files.ts';
import { upsertQuestions } from './store.ts';

export interface QuestionReport extends Omit<FileReport, 'kind'> {
  kind: 'questions';
}

/**
 * Imports a JSON lines file of questions for the placement test; the same file again changes nothing.
 * Lines that can not be used are left out and counted by what is wrong with them.
 *
 * @throws FileError when it can not be read.
 */
export async function importQuestions(db: Database, file: string): Promise<QuestionReport> {
  const { questions, refused } = await readQuestionFile(file).catch((cause: unknown) => {
    throw new FileError(`${file} can not be read: ${(cause as Error).message}`, { cause });
  });
  const { inserted, updated, unchanged } = await upsertQuestions(db, questions);
  const tally = createTally();
  for (const { line, problem } of refused) tally.add('unusable-question', problem, 'left out', line);
  return {
    file: path.basename(file),
    kind: 'questions',
    rows: questions.length + refused.length,
    kept: { new: inserted, changed: updated, unchanged },
    notes: [],
    findings: tally.findings(),
    rejects: null,
  };
}
